package io.pekkoraft.sharding.joining;

import com.typesafe.config.Config;
import java.time.Duration;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.actor.Props;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.cluster.Cluster;
import org.apache.pekko.cluster.DowningProvider;
import scala.Option;
import scala.concurrent.duration.FiniteDuration;

/**
 * Takes members that are away out of the cluster when somebody waits to join, and only then: {@code
 * pekko-raft-cluster} names it as {@code pekko.cluster.downing-provider-class}.
 *
 * <p>It is enough for peers, since nobody else ever runs those of a node that is away. Where the
 * cluster has to take over what such a node did, as with singletons and plain sharded entities, use
 * Pekko's split brain resolver in its place.
 */
public final class RoomForJoiners extends DowningProvider {
  private static final String KEY = "sharding.make-room-after";

  private final ActorSystem system;
  private final Duration limit;

  /** For Pekko, which makes it by its name. */
  public RoomForJoiners(ActorSystem system) {
    this.system = system;
    this.limit = limitOf(system.settings().config().getConfig("pekko-raft"));
  }

  /**
   * For how long members that are away may hold up who wants to join.
   *
   * @param raft the section {@code pekko-raft}
   * @throws IllegalArgumentException when it is not positive, naming the key
   */
  static Duration limitOf(Config raft) {
    var limit = raft.getDuration(KEY);
    if (limit.isNegative() || limit.isZero()) {
      throw new IllegalArgumentException(
          "pekko-raft." + KEY + " = " + raft.getString(KEY) + " must be positive.");
    }
    return limit;
  }

  /** Whoever comes after a node that is out waits for nothing: its peers begin nowhere else. */
  @Override
  public FiniteDuration downRemovalMargin() {
    return Cluster.get(system).settings().DownRemovalMargin();
  }

  @Override
  public Option<Props> downingActorProps() {
    return Option.apply(Adapter.props(() -> Doorkeeper.create(limit)));
  }
}
