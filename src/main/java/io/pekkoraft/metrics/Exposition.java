package io.pekkoraft.metrics;

import java.util.Optional;
import org.apache.pekko.actor.typed.ActorSystem;

/** What Prometheus reads. Whoever asks needs no Micrometer as long as nobody counts with it. */
public final class Exposition {
  /** Of the text (Prometheus's exposition format). */
  public static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

  private Exposition() {}

  /** Empty when no meters are kept here, or they go to another registry. */
  public static Optional<String> of(ActorSystem<?> system) {
    var config = system.settings().config();
    var counts =
        config.getString("pekko-raft.insight.metrics").equals(MicrometerMetrics.class.getName())
            || config
                .getString("pekko-raft.rocksdb.metrics")
                .equals(MicrometerJournal.class.getName());
    return counts ? Meters.of(system).scrape() : Optional.empty();
  }
}
