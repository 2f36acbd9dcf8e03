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

/**
 * A peer's disk, which outlives its processes: what is synced, and the writes that are on their
 * way. Writes are done in order, each after a drawn time. A crash leaves a prefix of those under
 * way, never a part of one.
 */
final class Disk {
  private static final long MILLIS = 1_000_000;

  private final World world;
  private final PeerId peer;
  private final Oracles oracles;
  private final SplittableRandom random;
  private final TreeMap<String, List<Record>> synced = new TreeMap<>();
  private final Deque<Write> underWay = new ArrayDeque<>();
  private Conditions conditions = Conditions.FAST;
  private long busyUntil;

  /** An event as bytes, and, for the oracles to look at, as it was. */
  record Record(
      String persistenceId,
      long sequenceNr,
      String writer,
      Object event,
      int serializer,
      String manifest,
      byte[] bytes) {}

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
    busyUntil = Math.max(busyUntil, world.now() + nanos);
  }

  boolean isWriting() {
    return !underWay.isEmpty();
  }

  List<Record> records(String persistenceId) {
    return Collections.unmodifiableList(synced.getOrDefault(persistenceId, List.of()));
  }

  void write(Node node, List<Record> records, Waiting waiting) {
    var write = new Write(records, waiting);
    underWay.addLast(write);
    var takes = random.nextLong(conditions.minNanos(), conditions.maxNanos());
    busyUntil = Math.max(world.now(), busyUntil) + takes;
    var fails = conditions.failure() > 0 && random.nextDouble() < conditions.failure();
    world.after(
        busyUntil - world.now(),
        () -> {
          if (node.isAlive()) {
            finish(node, write, fails);
          }
        });
  }

  private void finish(Node node, Write write, boolean fails) {
    underWay.remove(write);
    if (!fails || random.nextBoolean()) {
      sync(write);
    }
    world.as(
        node,
        () -> {
          if (fails) {
            write.waiting().failed(new IOException("a simulated disk failure"));
          } else {
            write.waiting().done();
          }
        });
  }

  private void sync(Write write) {
    oracles.syncs(peer);
    for (var record : write.records()) {
      synced.computeIfAbsent(record.persistenceId(), id -> new ArrayList<>()).add(record);
      oracles.synced(peer, record.event());
    }
  }

  /** Reading takes its time, too. */
  void afterReading(Node node, Runnable then) {
    world.after(
        random.nextLong(conditions.minNanos(), conditions.maxNanos()),
        () -> {
          if (node.isAlive()) {
            world.as(node, then);
          }
        });
  }

  void deleteThrough(String persistenceId, long sequenceNr) {
    synced.getOrDefault(persistenceId, List.of()).removeIf(r -> r.sequenceNr() <= sequenceNr);
  }

  /**
   * The process or the machine dies.
   *
   * @return how many writes under way are lost
   */
  int crash() {
    var lost = underWay.size();
    while (!underWay.isEmpty() && random.nextBoolean()) {
      sync(underWay.removeFirst());
      lost--;
    }
    underWay.clear();
    busyUntil = 0;
    return lost;
  }
}
