/**
 * Applying what is committed, in order, once each (§5.3), and turning commands into bytes and back.
 *
 * <p>May use: {@code model}, {@code log}, {@code session}, the state machine's types of {@code
 * io.pekkoraft}.
 */
package io.pekkoraft.apply;
