package io.pekkoraft.client;

import io.pekkoraft.session.SerialNumber;
import io.pekkoraft.session.SessionId;
import java.util.SortedSet;
import java.util.TreeSet;

/** The numbers of one session's commands, as the client counts them (thesis §6.3). */
final class Numbering {
  private final SessionId session;
  private final SortedSet<Long> unanswered = new TreeSet<>();
  private long next = 1;

  Numbering(SessionId session) {
    this.session = session;
  }

  SessionId session() {
    return session;
  }

  /** Below it, the client wants to know nothing any more. */
  long lowestUnanswered() {
    return unanswered.isEmpty() ? next : unanswered.first();
  }

  /**
   * Whether another may be sent: the peers count from the lowest unanswered one on, answered or
   * not.
   */
  boolean hasRoom(int maxInFlight) {
    return next - lowestUnanswered() < maxInFlight;
  }

  long take() {
    unanswered.add(next);
    return next++;
  }

  /** How a command is sent now; the lowest unanswered one moves on from copy to copy. */
  SerialNumber serial(long sequence) {
    return new SerialNumber(session, sequence, lowestUnanswered());
  }

  /** The client has its answer, or has given up on it, and will not send it again. */
  void settled(long sequence) {
    unanswered.remove(sequence);
  }
}
