package io.pekkoraft.session;

import java.util.Objects;

/**
 * Which command of which session this is (thesis §6.3). It goes with the command into the log, and
 * stays the same each time the client sends it.
 *
 * @param sequence 1, 2, 3, ... in each session; one number is one command for ever
 * @param lowestUnanswered the client has the replies to all commands below it, or has given up on
 *     them, and will not send them again; at most {@code sequence}
 */
public record SerialNumber(SessionId session, long sequence, long lowestUnanswered) {
  public SerialNumber {
    Objects.requireNonNull(session, "A serial number belongs to a session.");
    requireNumber(sequence);
    if (lowestUnanswered < 1 || lowestUnanswered > sequence) {
      throw new IllegalArgumentException(
          "The lowest unanswered command is between 1 and the one that is sent, "
              + sequence
              + ", but was "
              + lowestUnanswered
              + ".");
    }
  }

  /**
   * @throws IllegalArgumentException when no command of a session can have this number
   */
  public static void requireNumber(long sequence) {
    if (sequence < 1 || sequence == Long.MAX_VALUE) {
      throw new IllegalArgumentException("Commands are numbered from 1, but was " + sequence + ".");
    }
  }

  @Override
  public String toString() {
    return session + "/" + sequence;
  }
}
