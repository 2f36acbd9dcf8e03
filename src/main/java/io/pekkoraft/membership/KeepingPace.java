package io.pekkoraft.membership;

import io.pekkoraft.model.LogIndex;

/**
 * Whether a newcomer keeps pace with the log, so that nobody waits for it when it votes (thesis
 * §4.2.1). It is sent the log in rounds, each of which ends where the log ended when the round
 * began. Once a round takes no longer than an election time-out, the newcomer is as good as there.
 */
public final class KeepingPace {
  private final Bounds bounds;
  private LogIndex target;
  private long began;
  private long moved;
  private Object lastSeen;
  private LogIndex lastMatched = LogIndex.ZERO;
  private double lastShare;
  private int slowRounds;
  private boolean keptPace;

  /**
   * @param maxRounds after so many rounds that were too long, it is too slow; a snapshot that it
   *     lost on the way counts like one
   * @param roundNanos what a round may take, for a newcomer that keeps pace
   * @param patienceNanos how long it may come no further at all
   */
  public record Bounds(int maxRounds, long roundNanos, long patienceNanos) {}

  /** What is to be said of the newcomer now. */
  public enum Verdict {
    NOT_YET,
    CAUGHT_UP,
    TOO_SLOW
  }

  /**
   * @param last where the leader's log ends
   * @param now in nanoseconds of a monotonic clock, like all times here
   */
  public KeepingPace(LogIndex last, long now, Bounds bounds) {
    this.bounds = bounds;
    this.target = last;
    this.began = now;
    this.moved = now;
  }

  /**
   * @param matched how far the newcomer's log is known to equal the leader's
   * @param seen all that is known of it: as long as that changes, it comes further
   * @param share the part of a snapshot that it has, from 0 to 1
   */
  public Verdict look(LogIndex matched, Object seen, double share, LogIndex last, long now) {
    if (!seen.equals(lastSeen)) {
      lastSeen = seen;
      moved = now;
    }
    if (share < lastShare && !matched.isAfter(lastMatched)) {
      slowRounds++; // It is not in effect, so it was lost; that could go on for ever.
    }
    lastShare = share;
    lastMatched = matched;
    if (matched.isAtLeast(target)) {
      keptPace = isShort(now);
      slowRounds += keptPace ? 0 : 1;
      target = last;
      began = now;
    }
    if (keptPace && isShort(now)) {
      return Verdict.CAUGHT_UP;
    }
    return slowRounds >= bounds.maxRounds() || now - moved > bounds.patienceNanos()
        ? Verdict.TOO_SLOW
        : Verdict.NOT_YET;
  }

  private boolean isShort(long now) {
    return now - began <= bounds.roundNanos();
  }
}
