package io.pekkoraft.node;

import java.util.BitSet;

/**
 * The questions of one node that came in: a copy of one must not be asked again. They come nearly
 * in order, so that the last {@link #WINDOW} are enough; an older one counts as a copy.
 */
final class Seen {
  static final int WINDOW = 1 << 16;

  private final BitSet recent = new BitSet(WINDOW);
  private long asker;
  private long highest;

  /** Whether this question comes for the first time. */
  boolean isNew(long from, long number) {
    if (from != asker) {
      asker = from;
      highest = 0;
      recent.clear();
    }
    if (number <= 0 || number <= highest - WINDOW) {
      return false;
    }
    if (number - highest >= WINDOW) {
      recent.clear();
    } else {
      for (var skipped = highest + 1; skipped <= number; skipped++) {
        recent.clear(slot(skipped));
      }
    }
    highest = Math.max(highest, number);
    var isNew = !recent.get(slot(number));
    recent.set(slot(number));
    return isNew;
  }

  private static int slot(long number) {
    return (int) (number % WINDOW);
  }
}
