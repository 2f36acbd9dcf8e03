package io.pekkoraft.role;

import io.pekkoraft.RaftSettings;
import io.pekkoraft.SnapshotFormat;
import io.pekkoraft.StateMachine;
import io.pekkoraft.apply.CommandCodec;
import io.pekkoraft.membership.Configuration;
import io.pekkoraft.model.PeerId;
import io.pekkoraft.storage.RaftStore;
import org.apache.pekko.actor.typed.Behavior;

/**
 * All that a peer is made of.
 *
 * @param founders the configuration that the group begins with, {@code id} in it; {@link
 *     Configuration#NONE} for a peer that joins a group and is told by its leader. It counts only
 *     while the journal is empty
 * @param format how the state machine's state becomes a snapshot
 * @param store the behavior of the child that keeps what must survive
 */
public record PeerSetup(
    String group,
    PeerId id,
    Configuration founders,
    RaftSettings settings,
    StateMachine<?, ?, ?> machine,
    CommandCodec codec,
    SnapshotFormat<?> format,
    Behavior<RaftStore.Command> store,
    Environment environment) {
  public PeerSetup {
    if (!founders.equals(Configuration.NONE) && !founders.contains(id)) {
      throw new IllegalArgumentException(
          "Peer " + id + " is not one of its group's peers " + founders.peers() + ".");
    }
  }
}
