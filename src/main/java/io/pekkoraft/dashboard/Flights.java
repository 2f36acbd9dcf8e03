package io.pekkoraft.dashboard;

import io.pekkoraft.RaftTap;
import io.pekkoraft.model.PeerId;
import io.pekkoraft.protocol.PeerMessage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;

/**
 * What the peers of a group send, sampled where it is sent: of each kind the first few in each
 * interval, and how many there were. How long the leader's batches took, too. The peers call it
 * from many threads, and it keeps no more than its bounds.
 */
final class Flights implements RaftTap.Listener {
  /** Batches whose times are kept until somebody asks. */
  private static final int MOST_TIMES = 1024;

  private final String group;
  private final int most;
  private final AtomicIntegerArray counts = new AtomicIntegerArray(Flight.Kind.values().length);
  private final Queue<Flight> sampled = new ConcurrentLinkedQueue<>();
  private final AtomicInteger batches = new AtomicInteger();
  private final AtomicIntegerArray micros = new AtomicIntegerArray(MOST_TIMES);

  /**
   * @param most of each kind between two calls of {@link #take}
   */
  Flights(String group, int most) {
    this.group = group;
    this.most = most;
  }

  @Override
  public void sent(String group, PeerId from, PeerId to, PeerMessage message) {
    if (this.group.equals(group)
        && counts.incrementAndGet(Flight.Kind.of(message).ordinal()) <= most) {
      sampled.add(new Flight(from, to, message));
    }
  }

  @Override
  public void applied(String group, PeerId leader, int entries, long nanos) {
    if (this.group.equals(group)) {
      var next = batches.getAndIncrement();
      if (next < MOST_TIMES) {
        micros.set(next, (int) Math.min(Integer.MAX_VALUE, nanos / 1000));
      }
    }
  }

  /**
   * @param total of all kinds, sampled or not
   */
  record Taken(List<Flight> flights, int total) {}

  /** What was sent since the last call. */
  Taken take() {
    var flights = new ArrayList<Flight>();
    for (var flight = sampled.poll(); flight != null; flight = sampled.poll()) {
      flights.add(flight);
    }
    var total = 0;
    for (var kind = 0; kind < counts.length(); kind++) {
      total += counts.getAndSet(kind, 0);
    }
    return new Taken(flights, total);
  }

  /**
   * How long batches took, in microseconds.
   *
   * @param batches how many there were, of which the first 1024 are counted in
   */
  record Times(int batches, int median, int p99) {}

  /** Of the batches since the last call. */
  Times takeTimes() {
    var count = batches.getAndSet(0);
    var times = new int[Math.min(count, MOST_TIMES)];
    for (var i = 0; i < times.length; i++) {
      times[i] = micros.get(i);
    }
    Arrays.sort(times);
    return times.length == 0
        ? new Times(0, 0, 0)
        : new Times(count, times[times.length / 2], times[times.length * 99 / 100]);
  }
}
