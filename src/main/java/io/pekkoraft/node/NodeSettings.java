package io.pekkoraft.node;

import com.typesafe.config.Config;
import java.time.Duration;
import java.util.Optional;

/**
 * Settings of a node, from {@code pekko-raft.node}; {@code reference.conf} explains them.
 *
 * @param pingInterval how often a node asks each other one whether it is there
 * @param silence after which a node that has not answered counts as away
 * @param maxPending questions to other nodes without an answer, and questions of theirs
 * @param acceptNewcomers whether a node that is on no list may introduce its peers
 * @param heartbeatWait how long heartbeats, and answers to them, wait for those of other groups
 */
record NodeSettings(
    Duration pingInterval,
    Duration silence,
    int maxPending,
    boolean acceptNewcomers,
    Optional<Duration> heartbeatWait) {
  NodeSettings {
    if (pingInterval.isNegative() || pingInterval.isZero()) {
      throw illegal("ping-interval", pingInterval, "must be positive");
    }
    if (silence.compareTo(pingInterval.multipliedBy(2)) < 0) {
      throw illegal("silence", silence, "must be at least twice ping-interval, " + pingInterval);
    }
    if (maxPending < 1) {
      throw illegal("max-pending", maxPending, "must be positive");
    }
    if (heartbeatWait.filter(wait -> wait.isNegative() || wait.isZero()).isPresent()) {
      throw illegal("heartbeat-wait", heartbeatWait.get(), "must be positive, or off");
    }
  }

  static NodeSettings of(Config config) {
    var node = config.getConfig("pekko-raft.node");
    return new NodeSettings(
        node.getDuration("ping-interval"),
        node.getDuration("silence"),
        node.getInt("max-pending"),
        node.getBoolean("accept-newcomers"),
        node.getString("heartbeat-wait").equals("off")
            ? Optional.empty()
            : Optional.of(node.getDuration("heartbeat-wait")));
  }

  /**
   * @throws IllegalArgumentException when the heartbeats of such a group would wait too long
   */
  void requireShortWait(Duration heartbeatInterval) {
    if (heartbeatWait.isPresent()
        && heartbeatWait.get().multipliedBy(2).compareTo(heartbeatInterval) > 0) {
      throw illegal(
          "heartbeat-wait",
          heartbeatWait.get(),
          "must be at most half of pekko-raft.heartbeat-interval, " + heartbeatInterval);
    }
  }

  private static IllegalArgumentException illegal(String key, Object value, String what) {
    return new IllegalArgumentException(
        "pekko-raft.node." + key + " = " + value + ": it " + what + ".");
  }
}
