package io.pekkoraft.sharding.placement;

import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.cluster.ddata.GSet;
import org.apache.pekko.cluster.ddata.GSetKey;
import org.apache.pekko.cluster.ddata.Key;
import org.apache.pekko.cluster.ddata.ORSet;
import org.apache.pekko.cluster.ddata.ORSetKey;
import org.apache.pekko.cluster.ddata.SelfUniqueAddress;
import org.apache.pekko.cluster.ddata.typed.javadsl.DistributedData;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the nodes share of a type: who claims which disk, and what was settled. Each of them is a
 * line of its own, so that two nodes that write at once lose nothing.
 */
final class Board {
  private static final Logger LOG = LoggerFactory.getLogger(Board.class);

  private final SelfUniqueAddress node;
  private final ActorRef<SharedValue.Message<ORSet<String>>> claims;
  private final ActorRef<SharedValue.Message<GSet<String>>> placements;

  /**
   * @param hearingClaims told whenever these are others; on any thread, and must not block
   * @param hearingPlacements told likewise
   */
  Board(
      ActorContext<?> context,
      String type,
      Consumer<Set<Claim>> hearingClaims,
      Consumer<Set<Placement>> hearingPlacements) {
    this.node = DistributedData.get(context.getSystem()).selfUniqueAddress();
    this.claims =
        context.spawn(
            SharedValue.create(
                claimsKey(type),
                ORSet.<String>empty(),
                value -> hearingClaims.accept(read(value.getElements(), Claim::parse))),
            "claims");
    this.placements =
        context.spawn(
            SharedValue.create(
                placementsKey(type),
                GSet.<String>empty(),
                value ->
                    hearingPlacements.accept(read(value.getElements(), PlacementFormat::read))),
            "placements");
  }

  static Key<ORSet<String>> claimsKey(String type) {
    return ORSetKey.create("pekko-raft-disks-" + type);
  }

  static Key<GSet<String>> placementsKey(String type) {
    return GSetKey.create("pekko-raft-placement-" + type);
  }

  /** What another version, or a stranger, has put there stops nobody. */
  private static <T> Set<T> read(Collection<String> lines, Function<String, T> format) {
    var all = new HashSet<T>();
    for (var line : lines) {
      try {
        all.add(format.apply(line));
      } catch (IllegalArgumentException e) {
        LOG.error("What nodes share of their disks is not all to be read: {}", e.getMessage());
      }
    }
    return all;
  }

  /** The name of this node, as a member of the cluster. */
  String node() {
    return Presence.name(node.uniqueAddress());
  }

  /**
   * Puts this node's claim in the place of what it claimed before.
   *
   * @param past claims that count no more, to be removed
   * @param done whether most nodes have confirmed it in time
   */
  void claim(Claim own, Collection<Claim> past, Consumer<Boolean> done) {
    claims.tell(
        new SharedValue.Change<>(
            all -> {
              var next = withoutOwn(all, Optional.of(own.toString()));
              for (var claim : past) {
                next = next.remove(node, claim.toString());
              }
              return next.add(node, own.toString());
            },
            done));
  }

  /** Takes this node's claim back. */
  void withdraw() {
    claims.tell(new SharedValue.Change<>(all -> withoutOwn(all, Optional.empty()), most -> {}));
  }

  private ORSet<String> withoutOwn(ORSet<String> all, Optional<String> but) {
    var next = all;
    for (var line : List.copyOf(all.getElements())) {
      if (line.endsWith(" " + node()) && !but.equals(Optional.of(line))) {
        next = next.remove(node, line);
      }
    }
    return next;
  }

  /**
   * @param done whether most nodes have confirmed it in time; if not, they will hear of it later
   */
  void tell(Placement placement, Consumer<Boolean> done) {
    var line = PlacementFormat.write(placement);
    placements.tell(new SharedValue.Change<>(all -> all.add(line), done));
  }

  /**
   * Asks the others what is there.
   *
   * @param done whether most have answered in time; what they said was heard before
   */
  void fetch(Consumer<Boolean> done) {
    var settled = new CompletableFuture<Boolean>();
    var claimed = new CompletableFuture<Boolean>();
    settled.thenAcceptBoth(claimed, (some, others) -> done.accept(some && others));
    placements.tell(new SharedValue.Fetch<>(settled::complete));
    claims.tell(new SharedValue.Fetch<>(claimed::complete));
  }
}
