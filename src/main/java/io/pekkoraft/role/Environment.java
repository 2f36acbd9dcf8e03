package io.pekkoraft.role;

import io.pekkoraft.RaftEvent;
import io.pekkoraft.RaftMetrics;
import io.pekkoraft.protocol.Neighbours;
import io.pekkoraft.protocol.PeerNetwork;
import io.pekkoraft.snapshot.SnapshotStore;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * The world as a peer knows it. A simulation replaces all of it.
 *
 * @param network the way to the other peers
 * @param nanoTime a monotonic clock, in nanoseconds
 * @param random where election time-outs are drawn from
 * @param snapshots opens where this peer's snapshots are; the same each time it is asked
 * @param events who hears what happens to the peer
 * @param metrics where it counts and measures what it does
 * @param neighbours whether the other peers are there, for while nothing is said
 */
public record Environment(
    PeerNetwork network,
    LongSupplier nanoTime,
    RandomGenerator random,
    Supplier<SnapshotStore> snapshots,
    Consumer<RaftEvent> events,
    RaftMetrics metrics,
    Neighbours neighbours) {
  /** A world in which nobody counts, and nobody knows of the neighbours. */
  public Environment(
      PeerNetwork network,
      LongSupplier nanoTime,
      RandomGenerator random,
      Supplier<SnapshotStore> snapshots,
      Consumer<RaftEvent> events) {
    this(network, nanoTime, random, snapshots, events, RaftMetrics.NONE, Neighbours.UNKNOWN);
  }
}
