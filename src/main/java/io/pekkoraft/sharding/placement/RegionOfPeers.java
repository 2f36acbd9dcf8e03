package io.pekkoraft.sharding.placement;

import java.util.Set;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.cluster.sharding.ShardRegion;
import org.apache.pekko.cluster.sharding.typed.ShardingEnvelope;
import org.apache.pekko.cluster.sharding.typed.javadsl.StartEntity;

/**
 * The shard region of this node's replica.
 *
 * @param running the groups whose peers run here
 */
record RegionOfPeers(ActorRef<ShardingEnvelope<PeerHost.Message>> region, Set<Integer> running)
    implements PeerShards {
  @Override
  public void start(int group) {
    if (!running.contains(group)) {
      region.tell(StartEntity.create(PeerHost.Message.class, Integer.toString(group)));
    }
  }

  @Override
  public void leave() {
    Adapter.toClassic(region)
        .tell(ShardRegion.gracefulShutdownInstance(), org.apache.pekko.actor.ActorRef.noSender());
  }
}
