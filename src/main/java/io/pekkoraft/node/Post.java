package io.pekkoraft.node;

import io.pekkoraft.RaftException;
import io.pekkoraft.RaftException.CommandRefused;
import io.pekkoraft.protocol.PeerMessage;
import io.pekkoraft.protocol.PeerMessage.AppendEntries;
import io.pekkoraft.protocol.PeerMessage.InstallSnapshot;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.ExtendedActorSystem;

/**
 * Sends to the gates of other nodes. They are named by their path alone, without the number that
 * Pekko gives an actor at each start, so that a node which was restarted is reached under the same
 * name.
 *
 * <p>What is too large for Artery's frame goes to a second gate, whose path stands in {@code
 * pekko.remote.artery.large-message-destinations}: a stream of its own with frames of its own, so
 * that no heartbeat waits behind a large command.
 */
final class Post {
  static final String GATE = "raft-gate";
  static final String LARGE_GATE = "raft-gate-large";

  /** What surrounds a command, an entry or a piece of a snapshot on the wire, at most. */
  static final int SLACK = 32 * 1024;

  private final ExtendedActorSystem system;
  private final String self;
  private final long incarnation;
  private final Frames frames;
  private final ConcurrentMap<Address, Gates> gates = new ConcurrentHashMap<>();

  private record Gates(ActorRef normal, ActorRef large) {}

  Post(ExtendedActorSystem system, Address self, long incarnation) {
    this.system = system;
    this.self = self.toString();
    this.incarnation = incarnation;
    this.frames = Frames.of(system.settings().config());
  }

  /** The address of this node. */
  String self() {
    return self;
  }

  /** Another one after each start. */
  long incarnation() {
    return incarnation;
  }

  Frames frames() {
    return frames;
  }

  /**
   * Sends and forgets.
   *
   * @param bytes of the content, about
   */
  void send(Address node, GateMessage message, int bytes) {
    var to = gates.computeIfAbsent(node, this::resolve);
    var gate = bytes + SLACK > frames.ordinary() ? to.large() : to.normal();
    gate.tell(message, ActorRef.noSender());
  }

  private Gates resolve(Address node) {
    return new Gates(resolve(node, GATE), resolve(node, LARGE_GATE));
  }

  private ActorRef resolve(Address node, String name) {
    return system.provider().resolveActorRef(node + "/system/" + name);
  }

  /** A piece of a snapshot is always large: it may be overtaken, and must not be in the way. */
  int sizeOf(PeerMessage message) {
    if (message instanceof AppendEntries append) {
      return append.entries().packed().length;
    }
    return message instanceof InstallSnapshot ? frames.ordinary() : 0;
  }

  /** Why content of so many bytes can't be sent. */
  Optional<RaftException> tooLarge(int bytes) {
    return bytes + SLACK <= frames.largest()
        ? Optional.empty()
        : Optional.of(
            new CommandRefused(
                CommandRefused.Reason.TOO_LARGE,
                "It has "
                    + bytes
                    + " bytes, and between nodes at most "
                    + (frames.largest() - SLACK)
                    + " can be sent ("
                    + frames.setting()
                    + ")."));
  }

  RaftException unreadable(RuntimeException cause) {
    return new CommandRefused(
        CommandRefused.Reason.NOT_SERIALIZABLE,
        "It can't be sent to another node: " + cause.getMessage(),
        cause);
  }
}
