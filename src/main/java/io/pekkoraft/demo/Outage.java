package io.pekkoraft.demo;

import java.time.Duration;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * For how long shows did not take a write after a node was killed. All times are since the kill.
 *
 * @param probed how many shows are asked
 * @param waiting those that have not taken a write since
 * @param longest when the last of the others did, or when it was given up
 * @param failed how many writes came to nothing, while they were asked
 */
record Outage(State state, int probed, SortedSet<String> waiting, Duration longest, int failed) {
  /** How far it has come. */
  enum State {
    /** Some show has not taken a write yet. */
    OUT,
    /** Each has. */
    OVER,
    /** Some show had not taken one when nobody asked any more. */
    UNFINISHED
  }

  Outage {
    waiting = new TreeSet<>(waiting);
  }

  /** Nobody has answered yet. */
  static Outage of(Set<String> shows) {
    return new Outage(State.OUT, shows.size(), new TreeSet<>(shows), Duration.ZERO, 0);
  }

  /** A show has taken a write that was sent after the kill. It counts when it is its first. */
  Outage answered(String show, Duration when) {
    if (state != State.OUT || !waiting.contains(show)) {
      return this;
    }
    var left = new TreeSet<>(waiting);
    left.remove(show);
    return new Outage(
        left.isEmpty() ? State.OVER : State.OUT,
        probed,
        left,
        when.compareTo(longest) > 0 ? when : longest,
        failed);
  }

  /** A write to a show has failed; it counts until the show has taken one. */
  Outage failed(String show) {
    return state == State.OUT && waiting.contains(show)
        ? new Outage(state, probed, waiting, longest, failed + 1)
        : this;
  }

  /** Nobody asks any more. */
  Outage givenUp(Duration when) {
    return state == State.OUT ? new Outage(State.UNFINISHED, probed, waiting, when, failed) : this;
  }

  /** How long it was, or has been until now. */
  Duration length(Duration now) {
    return state == State.OUT ? now : longest;
  }
}
