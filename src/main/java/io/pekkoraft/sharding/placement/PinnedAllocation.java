package io.pekkoraft.sharding.placement;

import io.pekkoraft.model.PeerId;
import java.util.Map;
import java.util.Set;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.Address;
import org.apache.pekko.cluster.sharding.ShardCoordinator.AbstractShardAllocationStrategy;
import scala.collection.immutable.IndexedSeq;
import scala.concurrent.Future;
import scala.concurrent.Future$;

/**
 * A peer's shard goes to the node that has its journal. While that node is away it goes nowhere: on
 * any other one it would begin with an empty journal under an old name, and vote twice.
 */
final class PinnedAllocation extends AbstractShardAllocationStrategy {
  private final PeerId replica;
  private final KnownPlacement placement;
  private final Address self;

  /** The node of a peer is not there. An answer and no crash, so it has no stack. */
  static final class NodeIsAway extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private NodeIsAway(String message) {
      super(message, null, false, false);
    }
  }

  PinnedAllocation(PeerId replica, KnownPlacement placement, Address self) {
    this.replica = replica;
    this.placement = placement;
    this.self = self;
  }

  @Override
  public Future<ActorRef> allocateShard(
      ActorRef requester, String shardId, Map<ActorRef, IndexedSeq<String>> allocations) {
    var group = Integer.parseInt(shardId);
    var node = placement.nodeOf(group, replica);
    return allocations.keySet().stream()
        .filter(region -> node.filter(addressOf(region)::equals).isPresent())
        .findFirst()
        .map(region -> Future$.MODULE$.<ActorRef>successful(region))
        .orElseGet(() -> Future$.MODULE$.<ActorRef>failed(new NodeIsAway(why(group))));
  }

  private Address addressOf(ActorRef region) {
    var address = region.path().address();
    return address.hasLocalScope() ? self : address;
  }

  private String why(int group) {
    return placement
        .placement()
        .flatMap(all -> all.of(group, replica))
        .map(
            disk ->
                "The journal of "
                    + replica
                    + " of group "
                    + group
                    + " is on disk "
                    + disk
                    + ", whose node is away.")
        .orElse("Where the journals are is not known yet.");
  }

  /** Nothing moves by itself. */
  @Override
  public Future<Set<String>> rebalance(
      Map<ActorRef, IndexedSeq<String>> allocations, Set<String> inProgress) {
    return Future$.MODULE$.successful(Set.of());
  }
}
