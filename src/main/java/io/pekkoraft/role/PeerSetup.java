package io.pekkoraft.role;

import io.pekkoraft.RaftSettings;
import io.pekkoraft.StateMachine;
import io.pekkoraft.apply.CommandCodec;
import io.pekkoraft.membership.Configuration;
import io.pekkoraft.model.PeerId;
import io.pekkoraft.storage.RaftStore;
import org.apache.pekko.actor.typed.Behavior;

/**
 * All that a peer is made of.
 *
 * @param store the behavior of the child that keeps what must survive
 */
public record PeerSetup(
    String group,
    PeerId id,
    Configuration configuration,
    RaftSettings settings,
    StateMachine<?, ?, ?> machine,
    CommandCodec codec,
    Behavior<RaftStore.Command> store,
    Environment environment) {
  public PeerSetup {
    if (!configuration.contains(id)) {
      throw new IllegalArgumentException(
          "Peer " + id + " is not one of its group's peers " + configuration.peers() + ".");
    }
  }
}
