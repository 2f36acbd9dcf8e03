package io.pekkoraft.session;

/**
 * Where a leader's time-stamps come from: it goes on from the log's time at the rate of its own
 * monotonic clock. So no wall clock is trusted: one that is far ahead can't expire every session at
 * once, nor one that is behind keep them for ever. While there is no leader no time passes, and
 * clients that could not be heard lose nothing.
 */
public final class LeaderClock {
  private final long start;
  private final long monotonicStart;

  /**
   * Begins with the leader's term.
   *
   * @param start {@link Sessions#clock} at that moment
   * @param monotonicStart the peer's monotonic clock at that moment, in milliseconds
   */
  public LeaderClock(long start, long monotonicStart) {
    this.start = start;
    this.monotonicStart = monotonicStart;
  }

  /** The time-stamp for an entry that is appended now. */
  public long stamp(long monotonicNow) {
    return start + (monotonicNow - monotonicStart);
  }
}
