package io.pekkoraft.testkit;

import io.pekkoraft.model.PeerId;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.apache.pekko.serialization.Serialization;

/**
 * A peer's disk, which outlives its processes: what is synced, what the operating system has and
 * the disk not yet, and the writes that are on their way. Writes are done in order, each after a
 * drawn time. Whatever strikes, a prefix of them is left, never a part of one.
 */
final class Disk {
  private static final long MILLIS = 1_000_000;
  private static final int BLOCKING = 5;

  private final World world;
  private final PeerId peer;
  private final Oracles oracles;
  private final SplittableRandom random;
  private final TreeMap<String, List<Record>> synced = new TreeMap<>();
  private final Deque<Write> cached = new ArrayDeque<>();
  private final Deque<Write> underWay = new ArrayDeque<>();
  private final SimulatedSnapshots snapshots = new SimulatedSnapshots(this::isFull);
  private Conditions conditions = Conditions.FAST;
  private long busyUntil;
  private long stalledUntil;
  private long fullUntil;
  private Node failed;

  /** An event as bytes, and, for the oracles to look at, as it was. */
  static final class Record {
    private final String persistenceId;
    private final long sequenceNr;
    private final String writer;
    private final Object event;
    private final int serializer;
    private final String manifest;
    private final int size;
    private byte[] bytes;
    private Object read;

    Record(
        String persistenceId,
        long sequenceNr,
        String writer,
        Object event,
        int serializer,
        String manifest,
        byte[] bytes) {
      this.persistenceId = persistenceId;
      this.sequenceNr = sequenceNr;
      this.writer = writer;
      this.event = event;
      this.serializer = serializer;
      this.manifest = manifest;
      this.bytes = bytes;
      this.size = bytes.length;
    }

    String persistenceId() {
      return persistenceId;
    }

    long sequenceNr() {
      return sequenceNr;
    }

    String writer() {
      return writer;
    }

    Object event() {
      return event;
    }

    /** What its bytes say; read once, for a disk is read at each boot and events never change. */
    Object read(Serialization serialization) {
      if (read == null) {
        read = serialization.deserialize(bytes, serializer, manifest).get();
        bytes = null;
      }
      return read;
    }
  }

  /** What is to be synced as a whole, and who waits for it. */
  private record Write(List<Record> records, Waiting waiting) {}

  /** Hears what became of a write. */
  interface Waiting {
    void done();

    void failed(IOException reason);
  }

  /**
   * How a disk is.
   *
   * @param minNanos and {@code maxNanos} bound the time of a sync
   * @param failure the probability that a write fails; whether it is on the disk all the same,
   *     nobody knows
   */
  record Conditions(long minNanos, long maxNanos, double failure) {
    static final Conditions FAST = new Conditions(MILLIS / 10, MILLIS, 0);
  }

  Disk(World world, PeerId peer, Oracles oracles) {
    this.peer = peer;
    this.oracles = oracles;
    this.world = world;
    this.random = world.random();
  }

  void conditions(Conditions now) {
    conditions = now;
  }

  /** Nothing is synced before {@code nanos} have passed. */
  void stall(long nanos) {
    stalledUntil = Math.max(stalledUntil, world.now() + nanos);
    busyUntil = Math.max(busyUntil, stalledUntil);
  }

  /** Nothing more fits on it before {@code nanos} have passed; reading goes on. */
  void full(long nanos) {
    fullUntil = Math.max(fullUntil, world.now() + nanos);
  }

  private boolean isFull() {
    return world.now() < fullUntil;
  }

  SimulatedSnapshots snapshots() {
    return snapshots;
  }

  /** From now on it is fast, has room, and fails no more. */
  void recover() {
    conditions = Conditions.FAST;
    stalledUntil = 0;
    fullUntil = 0;
  }

  /** Whether a write of this process has failed. */
  boolean hasFailed(Node node) {
    return failed == node;
  }

  boolean isWriting() {
    return !underWay.isEmpty();
  }

  List<Record> records(String persistenceId) {
    return Collections.unmodifiableList(synced.getOrDefault(persistenceId, List.of()));
  }

  /** What the events take that are synced and not deleted. */
  long journalBytes() {
    return synced.values().stream().flatMap(List::stream).mapToLong(record -> record.size).sum();
  }

  void write(Node node, List<Record> records, Waiting waiting) {
    var write = new Write(records, waiting);
    underWay.addLast(write);
    var takes = random.nextLong(conditions.minNanos(), conditions.maxNanos());
    busyUntil = Math.max(world.now(), busyUntil) + takes;
    var failing = conditions.failure() > 0 && random.nextDouble() < conditions.failure();
    finishAt(busyUntil, node, write, failing);
  }

  /** A stall that begins meanwhile holds up what is under way as well. */
  private void finishAt(long when, Node node, Write write, boolean failing) {
    world.after(
        when - world.now(),
        () -> {
          if (!node.isAlive()) {
            return;
          }
          if (world.now() < stalledUntil) {
            finishAt(stalledUntil, node, write, failing);
          } else {
            finish(node, write, failing);
          }
        });
  }

  private void finish(Node node, Write write, boolean failing) {
    underWay.remove(write);
    var isFull = isFull();
    if (!isFull && (!failing || random.nextBoolean())) {
      sync(write);
    }
    if (isFull || failing) {
      failed = node;
      var reason = isFull ? "no space left on the simulated disk" : "a simulated disk failure";
      world.as(node, () -> write.waiting().failed(new IOException(reason)));
    } else {
      world.as(node, write.waiting()::done);
    }
  }

  private void sync(Write write) {
    oracles.syncs(peer);
    for (var record : write.records()) {
      synced.computeIfAbsent(record.persistenceId(), id -> new ArrayList<>()).add(record);
      oracles.synced(peer, record.event());
    }
  }

  /**
   * Reading takes its time, too; a store syncs what it finds before it lets anybody build on it.
   */
  void afterReading(Node node, Runnable then) {
    world.after(
        random.nextLong(conditions.minNanos(), conditions.maxNanos()),
        () -> {
          if (node.isAlive()) {
            syncCached(cached.size());
            world.as(node, then);
          }
        });
  }

  /**
   * Work on files, which blocks a thread of its own: a few syncs' worth of time, and then all of it
   * at once.
   */
  void afterBlocking(Node node, Runnable work) {
    var takes = random.nextLong(conditions.minNanos(), BLOCKING * conditions.maxNanos());
    var begins = Math.max(world.now(), stalledUntil);
    world.after(begins + takes - world.now(), () -> node.execute(work));
  }

  void deleteThrough(String persistenceId, long sequenceNr) {
    synced
        .getOrDefault(persistenceId, new ArrayList<>())
        .removeIf(r -> r.sequenceNr() <= sequenceNr);
  }

  /**
   * The process dies (kill -9); the operating system keeps some of what was under way.
   *
   * @return how many writes are lost
   */
  int kill() {
    var kept = drawPrefix(underWay);
    for (var i = 0; i < kept; i++) {
      cached.addLast(underWay.removeFirst());
    }
    return forgetUnderWay();
  }

  /**
   * The machine dies: of what was not synced, a prefix may have reached the disk.
   *
   * @return how many writes are lost
   */
  int losePower() {
    snapshots.losePower(random);
    cached.addAll(underWay);
    underWay.clear();
    syncCached(drawPrefix(cached));
    var lost = cached.size();
    cached.clear();
    return lost + forgetUnderWay();
  }

  private int drawPrefix(Deque<Write> writes) {
    var kept = 0;
    while (kept < writes.size() && random.nextBoolean()) {
      kept++;
    }
    return kept;
  }

  private void syncCached(int count) {
    for (var i = 0; i < count; i++) {
      sync(cached.removeFirst());
    }
  }

  private int forgetUnderWay() {
    var lost = underWay.size();
    underWay.clear();
    busyUntil = world.now();
    return lost;
  }
}
