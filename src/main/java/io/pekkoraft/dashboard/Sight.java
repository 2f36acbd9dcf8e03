package io.pekkoraft.dashboard;

import io.pekkoraft.Inspection;
import io.pekkoraft.RaftStatus;
import io.pekkoraft.model.PeerId;
import java.util.Optional;

/**
 * What is known of a peer.
 *
 * @param status empty when it does not answer
 * @param inside with its log; only of a peer that runs in this process
 */
record Sight(PeerId peer, Optional<RaftStatus> status, Optional<Inspection> inside) {
  static Sight of(PeerId peer, Inspection inside) {
    return new Sight(peer, Optional.of(inside.status()), Optional.of(inside));
  }

  static Sight of(PeerId peer, Optional<RaftStatus> status) {
    return new Sight(peer, status, Optional.empty());
  }
}
