package io.pekkoraft.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.List;
import java.util.function.DoubleSupplier;

/**
 * Every meter, with what it means. In Prometheus the dots are underscores, counters end in {@code
 * _total}, and a timer is a histogram in seconds.
 */
public enum RaftMeter {
  COMMANDS("commands", Kind.COUNTER, null, "Commands that a leader has taken into its log."),
  COMMANDS_SIZE("commands.size", Kind.COUNTER, "bytes", "Bytes of these commands."),
  REFUSALS("refusals", Kind.COUNTER, null, "Commands that a leader has refused.", "reason"),
  COMMIT(
      "commit",
      Kind.TIMER,
      null,
      "From the moment that a leader sends a batch to its followers until it has applied it."),
  APPLIED("applied", Kind.COUNTER, null, "Entries that a leader has applied."),
  APPENDED("appended", Kind.COUNTER, null, "Entries that have joined the log of a peer."),
  APPENDED_SIZE("appended.size", Kind.COUNTER, "bytes", "Bytes of these entries."),
  WRITE(
      "write",
      Kind.TIMER,
      null,
      "How long a write of a peer took until it was durable, its wait for others' included."),
  READS("reads", Kind.COUNTER, null, "Reads that a peer has answered.", "consistency"),
  CANDIDACIES("candidacies", Kind.COUNTER, null, "How often a peer has stood for election."),
  ELECTION("election", Kind.TIMER, null, "From standing for election to being elected."),
  TROUBLE("trouble", Kind.COUNTER, null, "Events that somebody should look after.", "event"),
  SNAPSHOTS("snapshots", Kind.COUNTER, null, "Snapshots taken, and installed.", "how"),
  SNAPSHOTS_SIZE("snapshots.size", Kind.COUNTER, "bytes", "Bytes of these snapshots.", "how"),

  PEERS("peers", Kind.NODE_GAUGE, null, "Peers of this node, of all groups, by role.", "role"),
  LEADER("leader", Kind.GAUGE, null, "1 for a peer that leads, 0 for one that does not."),
  TERM("term", Kind.GAUGE, null, "The term that a peer is in."),
  COMMIT_INDEX("commit.index", Kind.GAUGE, null, "The last index that a peer knows as committed."),
  APPLIED_INDEX("applied.index", Kind.GAUGE, null, "The last index that a peer has applied."),
  LOG_ENTRIES("log.entries", Kind.GAUGE, null, "Entries in the log of a peer, in memory."),
  FOLLOWER_LAG(
      "follower.lag",
      Kind.GAUGE,
      null,
      "Entries that a leader does not yet know a follower to have.",
      "follower"),
  DROPPED(
      "dropped",
      Kind.NODE_COUNTER,
      null,
      "Messages of other nodes that were not for a peer of this one, or not from who they said.",
      "reason"),

  JOURNAL_SYNC("journal.sync", Kind.JOURNAL_TIMER, null, "A write to the disk, synced."),
  JOURNAL_WRITES("journal.writes", Kind.JOURNAL_COUNTER, null, "Writes that were synced."),
  JOURNAL_SIZE("journal.size", Kind.JOURNAL_COUNTER, "bytes", "Bytes that were synced."),
  JOURNAL_FAILURES(
      "journal.failures",
      Kind.JOURNAL_COUNTER,
      null,
      "Writes that failed, on a full disk perhaps."),
  JOURNAL_QUEUE("journal.queue", Kind.JOURNAL_GAUGE, null, "Writes that wait for the disk."),
  JOURNAL_QUEUE_SIZE("journal.queue.size", Kind.JOURNAL_GAUGE, "bytes", "Bytes of these writes."),
  JOURNAL_FREE("journal.free", Kind.JOURNAL_GAUGE, "bytes", "Room left on the journal's disk.");

  /** What it is, and what it tells apart. */
  public enum Kind {
    COUNTER("group", "peer"),
    TIMER("group", "peer"),
    GAUGE("group", "peer"),
    NODE_GAUGE,
    NODE_COUNTER,
    JOURNAL_COUNTER,
    JOURNAL_TIMER,
    JOURNAL_GAUGE;

    private final List<String> tags;

    Kind(String... tags) {
      this.tags = List.of(tags);
    }
  }

  private static final String PREFIX = "pekko.raft.";

  /** The bounds of a timer's buckets, in milliseconds; few, for each is a time series. */
  private static final Duration[] BUCKETS =
      List.of(0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0, 256.0, 512.0, 1024.0, 4096.0)
          .stream()
          .map(millis -> Duration.ofNanos((long) (millis * 1e6)))
          .toArray(Duration[]::new);

  private final String meter;
  private final Kind kind;
  private final String unit;
  private final String meaning;
  private final List<String> more;

  RaftMeter(String name, Kind kind, String unit, String meaning, String... more) {
    this.meter = PREFIX + name;
    this.kind = kind;
    this.unit = unit;
    this.meaning = meaning;
    this.more = List.of(more);
  }

  /** Its name in Micrometer. */
  public String meter() {
    return meter;
  }

  public Kind kind() {
    return kind;
  }

  /** What it means, in a sentence. */
  public String meaning() {
    return meaning;
  }

  /** The keys of its tags. */
  public List<String> tags() {
    var tags = new java.util.ArrayList<>(kind.tags);
    tags.addAll(more);
    return List.copyOf(tags);
  }

  Counter counter(MeterRegistry registry, Tags tags) {
    return Counter.builder(meter).description(meaning).baseUnit(unit).tags(tags).register(registry);
  }

  void counted(MeterRegistry registry, Tags tags, DoubleSupplier count) {
    FunctionCounter.builder(meter, count, DoubleSupplier::getAsDouble)
        .description(meaning)
        .tags(tags)
        .register(registry);
  }

  Timer timer(MeterRegistry registry, Tags tags) {
    return Timer.builder(meter)
        .description(meaning)
        .tags(tags)
        .serviceLevelObjectives(BUCKETS)
        .register(registry);
  }

  Gauge gauge(MeterRegistry registry, DoubleSupplier value) {
    return Gauge.builder(meter, value::getAsDouble)
        .description(meaning)
        .baseUnit(unit)
        .register(registry);
  }

  MultiGauge gauges(MeterRegistry registry) {
    return MultiGauge.builder(meter).description(meaning).baseUnit(unit).register(registry);
  }
}
