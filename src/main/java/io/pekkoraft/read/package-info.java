/**
 * Reads that do not go through the log (thesis §6.4): what a read must wait for, so that it sees
 * every write that was acknowledged before it was asked.
 *
 * <p>May use: {@code model}.
 */
package io.pekkoraft.read;
