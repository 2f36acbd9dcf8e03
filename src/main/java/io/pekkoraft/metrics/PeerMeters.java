package io.pekkoraft.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.pekkoraft.RaftEvent.ProposalsRefused.Reason;
import io.pekkoraft.RaftMetrics;
import io.pekkoraft.ReadConsistency;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The meters of one peer; all of them are there from the beginning, at zero. */
final class PeerMeters implements RaftMetrics {
  private final Counter commands;
  private final Counter commandBytes;
  private final Counter applied;
  private final Counter appended;
  private final Counter appendedBytes;
  private final Counter candidacies;
  private final Timer commit;
  private final Timer write;
  private final Timer election;
  private final Map<Reason, Counter> refusals = new EnumMap<>(Reason.class);
  private final Map<Class<?>, Counter> reads = new HashMap<>();

  PeerMeters(MeterRegistry registry, Tags tags) {
    commands = RaftMeter.COMMANDS.counter(registry, tags);
    commandBytes = RaftMeter.COMMANDS_SIZE.counter(registry, tags);
    applied = RaftMeter.APPLIED.counter(registry, tags);
    appended = RaftMeter.APPENDED.counter(registry, tags);
    appendedBytes = RaftMeter.APPENDED_SIZE.counter(registry, tags);
    candidacies = RaftMeter.CANDIDACIES.counter(registry, tags);
    commit = RaftMeter.COMMIT.timer(registry, tags);
    write = RaftMeter.WRITE.timer(registry, tags);
    election = RaftMeter.ELECTION.timer(registry, tags);
    for (var reason : Reason.values()) {
      refusals.put(
          reason, RaftMeter.REFUSALS.counter(registry, tags.and("reason", lower(reason.name()))));
    }
    for (var kind : List.of(ReadConsistency.class.getPermittedSubclasses())) {
      reads.put(
          kind,
          RaftMeter.READS.counter(registry, tags.and("consistency", lower(kind.getSimpleName()))));
    }
  }

  private static String lower(String name) {
    return name.toLowerCase(Locale.ROOT);
  }

  @Override
  public void taken(int bytes) {
    commands.increment();
    commandBytes.increment(bytes);
  }

  @Override
  public void refused(Reason reason) {
    refusals.get(reason).increment();
  }

  @Override
  public void applied(int entries, long nanos) {
    applied.increment(entries);
    commit.record(nanos, TimeUnit.NANOSECONDS);
  }

  @Override
  public void appended(int entries, int bytes) {
    appended.increment(entries);
    appendedBytes.increment(bytes);
  }

  @Override
  public void written(long nanos) {
    write.record(nanos, TimeUnit.NANOSECONDS);
  }

  @Override
  public void read(ReadConsistency consistency) {
    reads.get(consistency.getClass()).increment();
  }

  @Override
  public void stands() {
    candidacies.increment();
  }

  @Override
  public void elected(long nanos) {
    election.record(nanos, TimeUnit.NANOSECONDS);
  }
}
