package io.pekkoraft.sharding.joining;

import java.util.SortedSet;
import org.apache.pekko.actor.Address;

/** What is to be done for those who want to join. */
sealed interface Decision {
  /** Nobody is held up, or not for long enough, or to decide is another node's. */
  record Nothing() implements Decision {}

  /** Those that are away make room. */
  record MakeRoom(SortedSet<Address> away, SortedSet<Address> waiting) implements Decision {}

  /**
   * Too few are heard from: those that are away may be the most, and go on without us.
   *
   * @param heard how many, of {@code all}
   */
  record TooFew(SortedSet<Address> away, SortedSet<Address> waiting, int heard, int all)
      implements Decision {}
}
