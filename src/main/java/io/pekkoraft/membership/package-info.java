/**
 * Who belongs to the group and how many of them decide (§5, §6).
 *
 * <p>May use: {@code model}.
 */
package io.pekkoraft.membership;
