package io.pekkoraft.dashboard;

import com.typesafe.config.Config;
import io.pekkoraft.Inspection;
import java.time.Duration;

/**
 * The section {@code pekko-raft.dashboard}.
 *
 * @param frameInterval how often a page is told how the peers are
 * @param flightsInterval how often it is told which messages were sent
 * @param maxFlights of each kind in one such interval
 * @param logEntries of each log, the last ones
 * @param maxViewers pages at once
 * @param viewerBuffer what may wait for one page
 * @param keptEvents for pages that come later
 */
record DashboardSettings(
    Duration frameInterval,
    Duration flightsInterval,
    int maxFlights,
    int logEntries,
    int maxViewers,
    int viewerBuffer,
    int keptEvents) {
  private static final long LEAST_MILLIS = 20;

  DashboardSettings {
    requireAtLeast("frame-interval", frameInterval.toMillis(), LEAST_MILLIS);
    requireAtLeast("flights-interval", flightsInterval.toMillis(), LEAST_MILLIS);
    requireAtLeast("max-flights", maxFlights, 1);
    requireAtLeast("log-entries", logEntries, 1);
    requireAtLeast("max-viewers", maxViewers, 1);
    requireAtLeast("viewer-buffer", viewerBuffer, 2);
    requireAtLeast("kept-events", keptEvents, 1);
    if (logEntries > Inspection.MOST_ENTRIES) {
      throw illegal("log-entries", logEntries, "must be at most " + Inspection.MOST_ENTRIES);
    }
  }

  /**
   * @throws IllegalArgumentException when a value is out of its bounds, naming the key
   */
  static DashboardSettings create(Config config) {
    var section = config.getConfig("pekko-raft.dashboard");
    return new DashboardSettings(
        section.getDuration("frame-interval"),
        section.getDuration("flights-interval"),
        section.getInt("max-flights"),
        section.getInt("log-entries"),
        section.getInt("max-viewers"),
        section.getInt("viewer-buffer"),
        section.getInt("kept-events"));
  }

  private static void requireAtLeast(String key, long value, long least) {
    if (value < least) {
      throw illegal(key, value, "must be at least " + least);
    }
  }

  private static IllegalArgumentException illegal(String key, long value, String why) {
    return new IllegalArgumentException(
        "pekko-raft.dashboard." + key + " = " + value + ": it " + why + ".");
  }
}
