package io.pekkoraft.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.pekkoraft.journal.JournalMetrics;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.apache.pekko.actor.ClassicActorSystemProvider;
import org.apache.pekko.actor.typed.javadsl.Adapter;

/** Counts and measures the journal with Micrometer; for {@code pekko-raft.rocksdb.metrics}. */
public final class MicrometerJournal implements JournalMetrics.Factory {
  @Override
  public JournalMetrics of(ClassicActorSystemProvider system) {
    return new JournalMeters(Meters.of(Adapter.toTyped(system.classicSystem())).registry());
  }

  private static final class JournalMeters implements JournalMetrics {
    private final MeterRegistry registry;
    private final Timer sync;
    private final Counter writes;
    private final Counter size;
    private final Counter failures;

    JournalMeters(MeterRegistry registry) {
      this.registry = registry;
      sync = RaftMeter.JOURNAL_SYNC.timer(registry, Tags.empty());
      writes = RaftMeter.JOURNAL_WRITES.counter(registry, Tags.empty());
      size = RaftMeter.JOURNAL_SIZE.counter(registry, Tags.empty());
      failures = RaftMeter.JOURNAL_FAILURES.counter(registry, Tags.empty());
    }

    @Override
    public void synced(int written, long bytes, long nanos) {
      sync.record(nanos, TimeUnit.NANOSECONDS);
      writes.increment(written);
      size.increment(bytes);
    }

    @Override
    public void failed() {
      failures.increment();
    }

    @Override
    public void queue(LongSupplier waiting, LongSupplier bytes) {
      RaftMeter.JOURNAL_QUEUE.gauge(registry, waiting::getAsLong);
      RaftMeter.JOURNAL_QUEUE_SIZE.gauge(registry, bytes::getAsLong);
    }

    @Override
    public void room(LongSupplier bytes) {
      RaftMeter.JOURNAL_FREE.gauge(registry, bytes::getAsLong);
    }
  }
}
