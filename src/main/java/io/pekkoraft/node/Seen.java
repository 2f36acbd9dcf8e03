package io.pekkoraft.node;

import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.Deque;

/**
 * The questions of one node that came in: a copy of one must not be asked again. They come nearly
 * in order, so that the last {@link #WINDOW} are enough; an older one counts as a copy. So does all
 * that an earlier start of the node had asked, once a later one has asked something: who would wait
 * for the answer is gone.
 */
final class Seen {
  static final int WINDOW = 1 << 16;

  /** Starts that are over and remembered: nothing is under way for longer than a few restarts. */
  static final int MOST_FORMER = 16;

  private final BitSet recent = new BitSet(WINDOW);
  private final Deque<Long> former = new ArrayDeque<>();
  private long asker;
  private long highest;

  /** Whether this question comes for the first time. */
  boolean isNew(long from, long number) {
    if (from != asker) {
      if (former.contains(from)) {
        return false;
      }
      begin(from);
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

  private void begin(long from) {
    former.addLast(asker);
    if (former.size() > MOST_FORMER) {
      former.removeFirst();
    }
    asker = from;
    highest = 0;
    recent.clear();
  }

  private static int slot(long number) {
    return (int) (number % WINDOW);
  }
}
