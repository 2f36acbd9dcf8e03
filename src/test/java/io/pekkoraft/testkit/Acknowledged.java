package io.pekkoraft.testkit;

import io.pekkoraft.ReadConsistency;
import java.util.TreeMap;

/**
 * Which writes were acknowledged when, and so what a read has to see that may miss some of them
 * ({@link ReadConsistency.Stale}, {@link ReadConsistency.AtLeast}).
 */
final class Acknowledged {
  /** A peer measures staleness with a clock of its own, which may run slow. */
  private static final double SLOWEST_CLOCK = 0.9;

  private final TreeMap<Long, Long> byTime = new TreeMap<>();

  /** At {@code now}, in virtual nanoseconds, a client heard of the write at {@code index}. */
  void add(long now, long index) {
    byTime.merge(now, Math.max(index, before(now)), Math::max);
  }

  /** The highest index that some client had heard of by then. */
  private long before(long time) {
    var last = byTime.floorEntry(time);
    return last == null ? 0 : last.getValue();
  }

  /** The index that a read has to see which is asked for now. */
  long needed(ReadConsistency consistency, long now) {
    if (consistency instanceof ReadConsistency.AtLeast atLeast) {
      return atLeast.index().value();
    }
    var stale = ((ReadConsistency.Stale) consistency).atMost();
    return before(now - (long) (stale.toNanos() / SLOWEST_CLOCK));
  }

  /** The highest index that any client has heard of. */
  long latest() {
    return byTime.isEmpty() ? 0 : byTime.lastEntry().getValue();
  }

  static boolean mayMissSome(ReadConsistency consistency) {
    return consistency instanceof ReadConsistency.Stale
        || consistency instanceof ReadConsistency.AtLeast;
  }
}
