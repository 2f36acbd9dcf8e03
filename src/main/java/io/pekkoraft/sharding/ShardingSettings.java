package io.pekkoraft.sharding;

import com.typesafe.config.Config;
import io.pekkoraft.sharding.EntityDesk.Limits;
import java.time.Duration;
import org.apache.pekko.actor.typed.ActorSystem;

/**
 * How entities are kept; every key is explained in {@code reference.conf} under {@code
 * pekko-raft.sharding}.
 *
 * @param groups into how many Raft groups the entities of a type are hashed
 * @param replicas how many peers each group has
 * @param nodes how many nodes have to be there before a type begins for the first time
 * @param directory where a node of a cluster keeps which of its disks holds what
 * @param maxLive entities of a group that are in memory as they are, and not as bytes
 * @param passivateIdleAfter an entity that nobody asked for so long is not in memory any more where
 *     its commands are decided
 * @param maxInFlight commands of an entity that are decided and not yet committed
 * @param maxWaiting commands of an entity that are not yet decided
 * @param maxAttempts how often a command is decided anew that came to nothing
 */
public record ShardingSettings(
    int groups,
    int replicas,
    int nodes,
    String directory,
    int maxLive,
    Duration passivateIdleAfter,
    int maxInFlight,
    int maxWaiting,
    int maxAttempts) {
  private static final int MAX_GROUPS = 10_000;
  private static final int MAX_REPLICAS = 9;
  private static final int MAX_NODES = 1000;

  public ShardingSettings {
    require("groups", groups, MAX_GROUPS);
    require("replicas", replicas, MAX_REPLICAS);
    require("nodes", nodes, MAX_NODES);
    if (nodes < replicas) {
      throw new IllegalArgumentException(
          "pekko-raft.sharding.nodes = "
              + nodes
              + " must be at least pekko-raft.sharding.replicas = "
              + replicas
              + ".");
    }
    require("max-live", maxLive, Integer.MAX_VALUE);
    if (passivateIdleAfter.isNegative() || passivateIdleAfter.isZero()) {
      throw new IllegalArgumentException(
          "pekko-raft.sharding.passivate-idle-after = "
              + passivateIdleAfter
              + " must be positive.");
    }
    require("max-in-flight", maxInFlight, Integer.MAX_VALUE);
    require("max-waiting", maxWaiting, Integer.MAX_VALUE);
    require("max-attempts", maxAttempts, Integer.MAX_VALUE);
  }

  private static void require(String key, int value, int max) {
    if (value < 1 || value > max) {
      throw new IllegalArgumentException(
          "pekko-raft.sharding." + key + " = " + value + " must be 1 to " + max + ".");
    }
  }

  public static ShardingSettings create(ActorSystem<?> system) {
    return create(system.settings().config().getConfig("pekko-raft"));
  }

  /**
   * @param raft the section {@code pekko-raft}
   * @throws IllegalArgumentException when a value is out of its bounds, naming the key
   */
  public static ShardingSettings create(Config raft) {
    var config = raft.getConfig("sharding");
    var directory = config.getString("dir");
    return new ShardingSettings(
        config.getInt("groups"),
        config.getInt("replicas"),
        config.getInt("nodes"),
        directory.isEmpty() ? raft.getString("rocksdb.dir") + "/sharding" : directory,
        config.getInt("max-live"),
        config.getDuration("passivate-idle-after"),
        config.getInt("max-in-flight"),
        config.getInt("max-waiting"),
        config.getInt("max-attempts"));
  }

  /** The same, but for how many peers each group has. */
  public ShardingSettings withReplicas(int other) {
    return new ShardingSettings(
        groups,
        other,
        Math.max(nodes, other),
        directory,
        maxLive,
        passivateIdleAfter,
        maxInFlight,
        maxWaiting,
        maxAttempts);
  }

  /** The same, but for how many nodes have to be there; with fewer, as many replicas. */
  public ShardingSettings withNodes(int other) {
    return new ShardingSettings(
        groups,
        Math.min(replicas, other),
        other,
        directory,
        maxLive,
        passivateIdleAfter,
        maxInFlight,
        maxWaiting,
        maxAttempts);
  }

  /** The same, but for into how many groups the entities of a type are hashed. */
  public ShardingSettings withGroups(int other) {
    return new ShardingSettings(
        other,
        replicas,
        nodes,
        directory,
        maxLive,
        passivateIdleAfter,
        maxInFlight,
        maxWaiting,
        maxAttempts);
  }

  Limits limits() {
    return new Limits(maxInFlight, maxWaiting, maxAttempts);
  }
}
