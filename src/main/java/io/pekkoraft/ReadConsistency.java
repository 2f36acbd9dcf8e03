package io.pekkoraft;

import io.pekkoraft.model.LogIndex;
import java.time.Duration;
import java.util.Objects;

/**
 * What a read may miss, and what that saves it. Whatever it sees is a state that the group was in:
 * everything that was committed up to some moment, and nothing else.
 */
public sealed interface ReadConsistency {
  /**
   * Sees every write that was acknowledged before the read was sent. The leader asks a majority
   * whether it still leads (thesis §6.4), once for all reads that come meanwhile.
   */
  record Linearizable() implements ReadConsistency {}

  /**
   * The same without asking, while a majority has answered lately (thesis §6.4.1): true only as
   * long as no clock drifts more than {@code pekko-raft.reads.max-clock-drift}. Off unless {@code
   * pekko-raft.reads.lease} is on; it is linearizable by asking then.
   */
  record Lease() implements ReadConsistency {}

  /** The same at a follower, which asks its leader how far it must have come. */
  record Follower() implements ReadConsistency {}

  /**
   * Sees every write that was acknowledged longer than {@code atMost} ago, at any peer that knows
   * itself to be so fresh; another one asks its leader first.
   */
  record Stale(Duration atMost) implements ReadConsistency {
    /** A hundred years; a clock in nanoseconds counts less than three hundred. */
    private static final Duration LONGEST = Duration.ofDays(36_500);

    public Stale {
      if (atMost.isNegative()) {
        throw new IllegalArgumentException("Staleness is never negative: " + atMost);
      }
      if (atMost.compareTo(LONGEST) > 0) {
        throw new IllegalArgumentException(
            "Staleness is "
                + LONGEST
                + " at most, not "
                + atMost
                + "; at that, any state will do.");
      }
    }
  }

  /** Sees at least everything through {@code index}, at any peer; a client that has seen it. */
  record AtLeast(LogIndex index) implements ReadConsistency {
    public AtLeast {
      Objects.requireNonNull(index, "An index is never null.");
    }
  }

  /**
   * Sees at least everything that the same {@link RaftClient} has written or seen before, at any
   * peer: its reads never go back. Nobody else knows what that is; asked of a peer or of a {@link
   * RaftGroup}, it is {@link #follower()}.
   */
  record Session() implements ReadConsistency {}

  static ReadConsistency linearizable() {
    return new Linearizable();
  }

  static ReadConsistency lease() {
    return new Lease();
  }

  static ReadConsistency follower() {
    return new Follower();
  }

  static ReadConsistency stale(Duration atMost) {
    return new Stale(atMost);
  }

  static ReadConsistency session() {
    return new Session();
  }

  static ReadConsistency atLeast(LogIndex index) {
    return new AtLeast(index);
  }
}
