package io.pekkoraft.sharding.placement;

import io.pekkoraft.model.PeerId;
import io.pekkoraft.sharding.placement.ClusterPlacement.Terms;
import io.pekkoraft.sharding.placement.Verdict.Founds;
import io.pekkoraft.sharding.placement.Verdict.Refuses;
import io.pekkoraft.sharding.placement.Verdict.Runs;
import io.pekkoraft.sharding.placement.Verdict.Waits;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Whether the peers of a node may begin. Only where nobody knows of any placement can one be made,
 * and only when all nodes that shall have a part in it are there: an empty disk is a new one then.
 * From then on whoever has another disk is a stranger, however empty that is.
 *
 * @param self the replica of this node
 * @param disk this node's
 */
record Settling(Terms terms, PeerId self, Disk disk) {
  /**
   * @param there the disks of the nodes that are there, with their replicas
   * @param known the placements of this type that this node keeps or was told of
   */
  Verdict judge(Map<Disk, PeerId> there, Set<Placement> known) {
    var newest = newest(known);
    var rivals =
        known.stream().filter(one -> newest.isPresent() && isRival(one, newest.get())).findAny();
    if (rivals.isPresent()) {
      return new Refuses(
          "There are two placements of version "
              + newest.get().version()
              + ": "
              + PlacementFormat.write(rivals.get())
              + " and "
              + PlacementFormat.write(newest.get())
              + ". Find out which nodes belong together, and let the others begin with empty"
              + " disks.");
    }
    return newest.map(this::goBy).orElseGet(() -> found(there));
  }

  /** The one that counts; empty while none is known. */
  static Optional<Placement> newest(Set<Placement> known) {
    return known.stream().max((a, b) -> Integer.compare(a.version(), b.version()));
  }

  private static boolean isRival(Placement one, Placement newest) {
    return one.version() == newest.version() && !one.equals(newest);
  }

  private Verdict goBy(Placement placement) {
    if (placement.groups() != terms.groups()) {
      return new Refuses(
          "The entities of type "
              + terms.type()
              + " are hashed into "
              + placement.groups()
              + " groups, not into "
              + terms.groups()
              + ": set pekko-raft.sharding.groups = "
              + placement.groups()
              + ". The number can't be changed once there are entities.");
    }
    if (placement.disks().size() != terms.replicas()) {
      return new Refuses(
          "The groups of type "
              + terms.type()
              + " have "
              + placement.disks().size()
              + " peers each: set pekko-raft.sharding.replicas = "
              + placement.disks().size()
              + ".");
    }
    var replica = placement.replicaOn(disk);
    if (replica.isEmpty()) {
      return new Refuses(
          "This node's disk "
              + disk
              + " holds nothing of type "
              + terms.type()
              + "; that of "
              + self
              + " is "
              + placement.disks().get(self)
              + ". Bring that one back. If it is lost for good, let this one take its place, as"
              + " docs/operations.md says.");
    }
    return replica.get().equals(self)
        ? new Runs(placement)
        : new Refuses(
            "This node's disk "
                + disk
                + " holds "
                + replica.get()
                + " of type "
                + terms.type()
                + ", and its role is "
                + Replica.roleOf(self)
                + ": let it be "
                + Replica.roleOf(replica.get())
                + ".");
  }

  private Verdict found(Map<Disk, PeerId> there) {
    var missing = new TreeSet<PeerId>();
    for (var number = 1; number <= terms.replicas(); number++) {
      missing.add(Replica.peer(number));
    }
    missing.removeAll(there.values());
    if (there.size() == terms.nodes() && missing.isEmpty()) {
      return new Founds(Placement.found(terms.type(), terms.groups(), there));
    }
    return new Waits(
        "Type "
            + terms.type()
            + " begins when "
            + terms.nodes()
            + " nodes are there (pekko-raft.sharding.nodes), of each replica one at least; now"
            + " there are "
            + new TreeMap<>(there).values()
            + ".");
  }
}
