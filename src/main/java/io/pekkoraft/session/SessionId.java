package io.pekkoraft.session;

import io.pekkoraft.model.LogIndex;

/**
 * The name of a session: the index of the entry that opened it (thesis §6.3). So the log gives it,
 * no two sessions ever share one, and none comes back: whatever arrives for an expired session, be
 * it a late copy of the very request that opened it, can't be taken for a command of a living one.
 * A name that clients chose could not promise that.
 */
public record SessionId(LogIndex opened) implements Comparable<SessionId> {
  public SessionId {
    if (opened.equals(LogIndex.ZERO)) {
      throw new IllegalArgumentException("No entry stands at index 0, so none opened a session.");
    }
  }

  public static SessionId of(long opened) {
    return new SessionId(LogIndex.of(opened));
  }

  @Override
  public int compareTo(SessionId other) {
    return opened.compareTo(other.opened);
  }

  @Override
  public String toString() {
    return opened.toString();
  }
}
