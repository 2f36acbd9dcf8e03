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

  public Duration draw(RandomGenerator random) {
    return Duration.ofNanos(random.nextLong(min.toNanos(), max.toNanos()));
  }
}
