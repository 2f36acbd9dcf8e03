package io.pekkoraft.metrics;

import io.pekkoraft.RaftMetrics;
import io.pekkoraft.model.PeerId;
import org.apache.pekko.actor.typed.ActorSystem;

/** Counts and measures with Micrometer; for {@code pekko-raft.insight.metrics}. */
public final class MicrometerMetrics implements RaftMetrics.Factory {
  @Override
  public RaftMetrics of(ActorSystem<?> system, String group, PeerId peer) {
    var meters = Meters.of(system);
    return new PeerMeters(meters.registry(), meters.tags(group, peer.value()));
  }
}
