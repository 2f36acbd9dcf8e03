package io.pekkoraft.node;

import com.typesafe.config.Config;
import java.time.Duration;

/**
 * Settings of a node, from {@code pekko-raft.node}; {@code reference.conf} explains them.
 *
 * @param pingInterval how often a node asks each other one whether it is there
 * @param silence after which a node that has not answered counts as away
 * @param farewell how long a node that ends still answers what it was asked
 * @param maxPending questions to other nodes without an answer, and questions of theirs
 * @param acceptNewcomers whether a node that is on no list may introduce its peers
 */
record NodeSettings(
    Duration pingInterval,
    Duration silence,
    Duration farewell,
    int maxPending,
    boolean acceptNewcomers) {
  NodeSettings {
    if (farewell.isNegative()) {
      throw illegal("farewell", farewell, "must not be negative");
    }
    if (pingInterval.isNegative() || pingInterval.isZero()) {
      throw illegal("ping-interval", pingInterval, "must be positive");
    }
    if (silence.compareTo(pingInterval.multipliedBy(2)) < 0) {
      throw illegal("silence", silence, "must be at least twice ping-interval, " + pingInterval);
    }
    if (maxPending < 1) {
      throw illegal("max-pending", maxPending, "must be positive");
    }
  }

  static NodeSettings of(Config config) {
    var node = config.getConfig("pekko-raft.node");
    return new NodeSettings(
        node.getDuration("ping-interval"),
        node.getDuration("silence"),
        node.getDuration("farewell"),
        node.getInt("max-pending"),
        node.getBoolean("accept-newcomers"));
  }

  private static IllegalArgumentException illegal(String key, Object value, String what) {
    return new IllegalArgumentException(
        "pekko-raft.node." + key + " = " + value + ": it " + what + ".");
  }
}
