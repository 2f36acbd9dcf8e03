package io.pekkoraft.role;

import io.pekkoraft.model.LogIndex;
import io.pekkoraft.model.LogPosition;
import io.pekkoraft.protocol.PeerMessage.Disowned;
import java.util.Optional;

/**
 * What others say of the incarnation that the group has met under this peer's name (trap 27). A
 * configuration as new as theirs, in the peer's own log, would know better: perhaps it was removed
 * and added since. But not if it comes from a deposed leader, and the word from the one that leads:
 * that one does not have it.
 */
final class Disownment {
  private final Peer peer;
  private LogIndex by = LogIndex.ZERO;
  private Optional<LogPosition> in = Optional.empty();

  Disownment(Peer peer) {
    this.peer = peer;
  }

  /**
   * @param byLeader whether it comes from whom the peer follows, in its term
   * @return whether it is to be believed
   */
  boolean hear(Disowned message, boolean byLeader) {
    var inUse = peer.membership().version();
    if (!message.heard().equals(peer.incarnation())) {
      return false;
    }
    if (byLeader && isOfDeposed(inUse)) {
      in = Optional.of(peer.log().at(inUse));
      return true;
    }
    if (message.version().isAfter(inUse)) {
      by = message.version();
      return true;
    }
    return false;
  }

  /** What whoever leads now has not written itself, and nobody has said is committed. */
  private boolean isOfDeposed(LogIndex index) {
    return index.isAfter(peer.log().committed())
        && !peer.log().at(index).term().equals(peer.term());
  }

  /** Whether what was heard holds for the configuration in use, too. */
  boolean isInForce() {
    return by.isAfter(peer.membership().version()) || in.filter(this::isInUse).isPresent();
  }

  private boolean isInUse(LogPosition position) {
    return peer.membership().version().equals(position.index()) && peer.log().holds(position);
  }
}
