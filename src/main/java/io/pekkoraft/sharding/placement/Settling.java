package io.pekkoraft.sharding.placement;

import io.pekkoraft.model.PeerId;
import io.pekkoraft.sharding.placement.ClusterPlacement.Terms;
import io.pekkoraft.sharding.placement.Verdict.Founds;
import io.pekkoraft.sharding.placement.Verdict.Refuses;
import io.pekkoraft.sharding.placement.Verdict.Runs;
import io.pekkoraft.sharding.placement.Verdict.Waits;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Whether the peers of a node may begin. Only where nobody knows of any placement can one be made,
 * and only when all nodes that shall have a part in it are there: an empty disk is a new one then.
 * From then on whoever has another disk is a stranger, however empty that is.
 *
 * <p>One of them makes it, the node of the lowest disk. If more empty nodes come than it begins
 * with, two of which don't see each other, they could both do so, for different nodes. As each has
 * told most members of its disk before it asks, one of them sees too many. What remains is that the
 * cluster itself is two, and that of two nodes neither knows the other as a member yet.
 *
 * @param self the replica of this node
 * @param disk this node's
 */
record Settling(Terms terms, PeerId self, Disk disk) {
  private static final Comparator<Placement> BY_AGE =
      Comparator.comparingInt(Placement::version)
          .thenComparing(PlacementFormat::write, Comparator.reverseOrder());

  /**
   * @param known the placements of this type that this node keeps or was told of
   */
  Verdict judge(Claims claims, Set<Placement> known) {
    var newest = newest(known);
    var rivals = newest.filter(one -> one.version() == 1).map(one -> rivals(one, known));
    if (rivals.filter(all -> !all.isEmpty()).isPresent()) {
      return new Refuses(settledTwice(newest.get(), rivals.get(), claims));
    }
    return newest.map(this::goBy).orElseGet(() -> found(claims));
  }

  /**
   * The one that counts; empty while none is known. Of two that replaced a disk at once it is the
   * one whose line is the smaller, for everybody.
   */
  static Optional<Placement> newest(Set<Placement> known) {
    return known.stream().max(BY_AGE);
  }

  /** Those that somebody else has settled at the same time as the one that counts. */
  static List<Placement> rivals(Placement newest, Set<Placement> known) {
    return known.stream()
        .filter(one -> one.version() == newest.version() && !one.equals(newest))
        .sorted(BY_AGE.reversed())
        .toList();
  }

  /** What to say when disks were replaced at once, apart from each other; empty when none were. */
  static Optional<String> overruled(Set<Placement> known) {
    var newest = newest(known).filter(one -> one.version() > 1);
    return newest
        .map(one -> rivals(one, known))
        .filter(others -> !others.isEmpty())
        .map(
            others ->
                "Disks were replaced at once, apart from each other. It counts "
                    + PlacementFormat.write(newest.get())
                    + ", and not "
                    + others.stream()
                        .map(PlacementFormat::write)
                        .collect(Collectors.joining(", nor "))
                    + ". Replace the lost disk anew, by the one that is named now.");
  }

  private String settledTwice(Placement one, List<Placement> others, Claims claims) {
    return "Type "
        + terms.type()
        + " was settled twice, apart from each other: "
        + named(one, claims)
        + ", and "
        + others.stream().map(other -> named(other, claims)).collect(Collectors.joining(", and "))
        + ". Empty none of these disks: each may have entities that the others don't know. Stop the"
        + " nodes, look with `pekko-raft journal dump` at whose groups have your entities, and go"
        + " on as docs/operations.md says under \"Settled twice\".";
  }

  private static String named(Placement placement, Claims claims) {
    var there =
        claims.live().stream()
            .filter(claim -> placement.replicaOn(claim.disk()).isPresent())
            .map(claim -> claim.disk() + " at " + claim.node())
            .sorted()
            .toList();
    return PlacementFormat.write(placement) + ", of whose disks these are there: " + there;
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
              + " docs/operations.md says.",
          true);
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

  private Verdict found(Claims claims) {
    var there = claims.disks();
    var older = claims.live().stream().filter(claim -> claim.version() > 0).findAny();
    if (older.isPresent()) {
      return new Waits(
          "Type "
              + terms.type()
              + " is settled already: "
              + older.get().node()
              + " keeps it on its disk "
              + older.get().disk()
              + ", and has not told it yet.");
    }
    if (!isWhole(claims, there)) {
      return new Waits(
          "Type "
              + terms.type()
              + " begins when "
              + terms.nodes()
              + " nodes are there (pekko-raft.sharding.nodes), of each replica one at least; now"
              + " there are "
              + there.values()
              + ".");
    }
    return there.firstKey().equals(disk)
        ? new Founds(Placement.found(terms.type(), terms.groups(), there))
        : new Waits(
            "Type " + terms.type() + " is being settled by the node of disk " + there.firstKey());
  }

  private boolean isWhole(Claims claims, SortedMap<Disk, PeerId> there) {
    var missing = new TreeSet<PeerId>();
    for (var number = 1; number <= terms.replicas(); number++) {
      missing.add(Replica.peer(number));
    }
    missing.removeAll(there.values());
    return missing.isEmpty()
        && there.size() == terms.nodes()
        && claims.live().stream().map(Claim::node).distinct().count() == terms.nodes();
  }
}
