package io.pekkoraft.role;

import io.pekkoraft.model.LogIndex;
import io.pekkoraft.protocol.PeerMessage.AppendAccepted;
import java.util.OptionalLong;

/**
 * A peer that was removed is sent the log until it knows that it was, so that it does not stand for
 * election; but not for ever, for it may be gone.
 */
final class Farewell {
  private final LogIndex version;
  private int heartbeats;
  private OptionalLong committedIn = OptionalLong.empty();

  /**
   * @param version of the configuration that it is not in
   * @param heartbeats how many it gets once that is committed, if it does not answer
   */
  Farewell(LogIndex version, int heartbeats) {
    this.version = version;
    this.heartbeats = heartbeats;
  }

  /**
   * Its leaving is committed, and all that is sent in later rounds says so.
   *
   * @param round the one that messages belong to now
   */
  void committed(long round) {
    if (committedIn.isEmpty()) {
      committedIn = OptionalLong.of(round);
    }
  }

  /** Whether {@code reply} shows that the peer knows. */
  boolean isHeard(AppendAccepted reply) {
    return committedIn.isPresent()
        && reply.round() > committedIn.getAsLong()
        && reply.matched().isAtLeast(version);
  }

  /** Another heartbeat: whether it has had enough of them. */
  boolean isOver() {
    return committedIn.isPresent() && heartbeats-- <= 0;
  }
}
