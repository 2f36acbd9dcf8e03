package io.pekkoraft.read;

import java.time.Duration;

/**
 * How long a leader may take for granted that nobody else leads (thesis §6.4.1): since a round of
 * messages that a majority has answered began, for an election time-out, in which none of them
 * helps another to office. Measured from the moment of sending, on a clock that only goes forward.
 */
public final class Lease {
  private final long nanos;

  /**
   * @param promised how long a follower that hears a leader helps nobody else, by its own clock
   * @param maxDrift how much faster or slower than real time any clock may run; 0.1 for ten per
   *     cent
   */
  public Lease(Duration promised, double maxDrift) {
    // The follower's clock may be fast and the leader's slow.
    this.nanos = (long) (promised.toNanos() * (1 - maxDrift) / (1 + maxDrift));
  }

  /** Whether a lease that began at {@code began} still holds; both in nanoseconds. */
  public boolean holds(long began, long now) {
    return now - began < nanos;
  }
}
