package io.pekkoraft;

import io.pekkoraft.model.PeerId;
import io.pekkoraft.protocol.PeerNetwork;
import java.util.HashSet;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Extension;
import org.apache.pekko.actor.typed.ExtensionId;

/**
 * Cuts peers off from the others of their group, to try out what comes of it: what one of them
 * sends is lost, and so is what peers of this actor system send to it. Clients still reach it. For
 * demos and tests; while nobody is isolated it costs a look at a field.
 */
public final class Isolation implements Extension {
  private static final Id ID = new Id();

  private volatile Set<Name> isolated = Set.of();

  private record Name(String group, PeerId peer) {}

  private static final class Id extends ExtensionId<Isolation> {
    @Override
    public Isolation createExtension(ActorSystem<?> system) {
      return new Isolation();
    }
  }

  private Isolation() {}

  public static Isolation of(ActorSystem<?> system) {
    return ID.apply(system);
  }

  /** Until it is healed, whatever the peer says to the others is lost, and what they say to it. */
  public synchronized void isolate(String group, PeerId peer) {
    var more = new HashSet<>(isolated);
    more.add(new Name(group, peer));
    isolated = Set.copyOf(more);
  }

  /** The others hear the peer again, and it hears them; one that was not isolated, as before. */
  public synchronized void heal(String group, PeerId peer) {
    var fewer = new HashSet<>(isolated);
    fewer.remove(new Name(group, peer));
    isolated = Set.copyOf(fewer);
  }

  /** The peers of a group that are cut off. */
  public SortedSet<PeerId> isolated(String group) {
    var peers = new TreeSet<PeerId>();
    isolated.stream().filter(name -> name.group().equals(group)).forEach(n -> peers.add(n.peer()));
    return peers;
  }

  /** The same way, which may be cut. */
  PeerNetwork around(String group, PeerId self, PeerNetwork way) {
    var name = new Name(group, self);
    return way.by(
        (to, message) -> {
          var cut = isolated;
          return cut.isEmpty() || !(cut.contains(name) || cut.contains(new Name(group, to)));
        });
  }
}
