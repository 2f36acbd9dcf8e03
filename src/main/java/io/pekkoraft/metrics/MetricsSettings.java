package io.pekkoraft.metrics;

import com.typesafe.config.Config;
import java.time.Duration;

/**
 * The block {@code pekko-raft.metrics}, which {@code reference.conf} explains.
 *
 * @param prometheus whether the registry is Prometheus's own; else it is Micrometer's global one
 * @param maxGroups how many groups have meters of their own
 * @param interval between two looks at the peers
 */
record MetricsSettings(boolean prometheus, int maxGroups, Duration interval) {
  private static final String BLOCK = "pekko-raft.metrics";

  /**
   * @throws IllegalArgumentException when a value makes no sense
   */
  static MetricsSettings of(Config config) {
    var metrics = config.getConfig(BLOCK);
    var registry = metrics.getString("registry");
    if (!registry.equals("prometheus") && !registry.equals("global")) {
      throw new IllegalArgumentException(
          BLOCK + ".registry is " + registry + "; it is prometheus or global.");
    }
    var maxGroups = metrics.getInt("max-groups");
    if (maxGroups < 0) {
      throw new IllegalArgumentException(BLOCK + ".max-groups is " + maxGroups + ", below 0.");
    }
    var interval = metrics.getDuration("interval");
    if (interval.compareTo(Duration.ofMillis(100)) < 0) {
      throw new IllegalArgumentException(
          BLOCK + ".interval is " + interval + "; it must be at least 100 ms.");
    }
    return new MetricsSettings(registry.equals("prometheus"), maxGroups, interval);
  }
}
