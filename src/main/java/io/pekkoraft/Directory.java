package io.pekkoraft;

import io.pekkoraft.model.PeerId;
import io.pekkoraft.protocol.PeerMessage;
import io.pekkoraft.protocol.PeerNetwork;
import io.pekkoraft.protocol.RaftMessage;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Extension;
import org.apache.pekko.actor.typed.ExtensionId;

/** Which peers run in this actor system, and where. */
final class Directory implements Extension {
  private static final Id ID = new Id();

  private final ConcurrentMap<Name, ActorRef<RaftMessage>> peers = new ConcurrentHashMap<>();

  private record Name(String group, PeerId peer) {}

  private static final class Id extends ExtensionId<Directory> {
    @Override
    public Directory createExtension(ActorSystem<?> system) {
      return new Directory();
    }
  }

  static Directory of(ActorSystem<?> system) {
    return ID.apply(system);
  }

  Optional<ActorRef<RaftMessage>> find(String group, PeerId peer) {
    return Optional.ofNullable(peers.get(new Name(group, peer)));
  }

  /**
   * @throws IllegalStateException when such a peer runs already
   */
  void requireFree(String group, PeerId peer) {
    var name = new Name(group, peer);
    var other = peers.get(name);
    if (other != null) {
      throw runsAlready(name, other);
    }
  }

  private static IllegalStateException runsAlready(Name name, ActorRef<RaftMessage> other) {
    return new IllegalStateException(
        "Peer "
            + name.peer()
            + " of group "
            + name.group()
            + " runs already, as "
            + other.path()
            + ". Two of them would write to one journal; stop that one first.");
  }

  /** The way of {@code self} to the peers of its group in this actor system: plain tells. */
  PeerNetwork networkOf(String group, PeerId self) {
    return new Local(group, new Name(group, self));
  }

  private final class Local implements PeerNetwork {
    private final String group;
    private final Name name;
    private ActorRef<RaftMessage> joined;

    private Local(String group, Name name) {
      this.group = group;
      this.name = name;
    }

    @Override
    public void join(ActorRef<RaftMessage> self) {
      var other = peers.putIfAbsent(name, self);
      if (other != null && !other.equals(self)) {
        throw runsAlready(name, other);
      }
      joined = self;
    }

    @Override
    public void leave() {
      if (joined != null) {
        peers.remove(name, joined);
      }
    }

    @Override
    public void send(PeerId to, PeerMessage message) {
      var peer = peers.get(new Name(group, to));
      if (peer != null) {
        peer.tell(message);
      }
    }
  }
}
