package io.pekkoraft.sharding.placement;

import io.pekkoraft.model.PeerId;
import io.pekkoraft.node.Whereabouts;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.pekko.actor.Address;

/**
 * What a node knows of the placement of a type by now, for whoever sends something: asked from any
 * thread, told by the {@link PlacementRegistry} alone.
 */
final class KnownPlacement implements Whereabouts {
  private final String prefix;
  private volatile Known known = new Known(Optional.empty(), Map.of());
  private volatile Optional<Placement> running = Optional.empty();

  private record Known(Optional<Placement> placement, Map<Disk, Address> nodes) {}

  /**
   * @param prefix of the names of the type's groups, before their numbers
   */
  KnownPlacement(String prefix) {
    this.prefix = prefix;
  }

  void know(Optional<Placement> placement, Map<Disk, Address> nodes) {
    known = new Known(placement, Map.copyOf(nodes));
  }

  /**
   * @param placement by which this node runs its peers; empty when it may run none
   */
  void run(Optional<Placement> placement) {
    running = placement;
  }

  /** By which this node may run its peers; empty as long as it may not. */
  Optional<Placement> running() {
    return running;
  }

  /**
   * That by which a peer may run on this node's disk; empty when it may not, whatever the shard
   * coordinator thinks.
   */
  Optional<Placement> hasHere(int group, PeerId replica, Disk disk) {
    return running.filter(all -> all.of(group, replica).equals(Optional.of(disk)));
  }

  Optional<Placement> placement() {
    return known.placement();
  }

  /** The node of a peer; empty while it is away. */
  Optional<Address> nodeOf(int group, PeerId replica) {
    var now = known;
    return now.placement().flatMap(all -> all.of(group, replica)).map(now.nodes()::get);
  }

  /** The node that has a disk; empty while it is away. */
  Optional<Address> nodeOf(Disk disk) {
    return Optional.ofNullable(known.nodes().get(disk));
  }

  @Override
  public Optional<Address> of(String group, PeerId peer) {
    return numberOf(group).flatMap(number -> nodeOf(number, peer));
  }

  /** The number in the name of one of the type's groups; empty for another one's. */
  Optional<Integer> numberOf(String group) {
    try {
      return Optional.of(group)
          .filter(name -> name.startsWith(prefix))
          .map(name -> Integer.parseInt(name.substring(prefix.length())));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  @Override
  public Set<Address> nodes() {
    return Set.copyOf(known.nodes().values());
  }
}
