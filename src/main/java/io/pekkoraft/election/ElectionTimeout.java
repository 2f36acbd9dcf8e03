package io.pekkoraft.election;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long a peer waits before it stands for election, drawn anew each time so that peers seldom
 * stand at once (§5.2).
 *
 * @param min inclusive; also how long a leader that was heard is taken to live (thesis §4.2.3)
 * @param max exclusive
 */
public record ElectionTimeout(Duration min, Duration max) {
  public ElectionTimeout {
    if (min.isNegative() || min.isZero() || min.compareTo(max) >= 0) {
      throw new IllegalArgumentException(
          "An election time-out needs 0 < min < max, but was " + min + " to " + max + ".");
    }
  }

  /**
   * How much longer a peer waits that {@code rank} others should lead before (see {@link
   * Priorities}): long enough for each of them to stand first, and never longer than another whole
   * time-out, so that a group whose preferred peers are gone has a leader soon all the same.
   */
  public Duration deference(int rank) {
    var wait = max.minus(min).multipliedBy(rank);
    return wait.compareTo(max) < 0 ? wait : max;
  }

  /**
   * How long a peer waits that was told that its leader is gone: until a leader that is there after
   * all has spoken up, and the other voters were told as well, and then until it is its turn.
   *
   * @param place how many stand before it (see {@link Succession})
   */
  public Duration succession(int place, RandomGenerator random) {
    var step = min.dividedBy(4);
    return step.multipliedBy(2L + place).plusNanos(random.nextLong(step.toNanos() / 2 + 1));
  }

  public Duration draw(RandomGenerator random) {
    return Duration.ofNanos(random.nextLong(min.toNanos(), max.toNanos()));
  }
}
