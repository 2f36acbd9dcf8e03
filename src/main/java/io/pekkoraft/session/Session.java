package io.pekkoraft.session;

/** One client's session: when it was last heard, and what it was told. */
final class Session {
  private final SessionId id;
  private final Replies replies;
  private long lastHeard;

  Session(SessionId id, long lastHeard, Replies replies) {
    this.id = id;
    this.lastHeard = lastHeard;
    this.replies = replies;
  }

  SessionId id() {
    return id;
  }

  /** By the log's time. */
  long lastHeard() {
    return lastHeard;
  }

  Replies replies() {
    return replies;
  }

  void heard(long now) {
    lastHeard = now;
  }
}
