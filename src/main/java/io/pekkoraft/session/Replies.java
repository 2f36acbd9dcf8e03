package io.pekkoraft.session;

import io.pekkoraft.model.Bytes;

/**
 * The remembered replies of one session, from its lowest unanswered command on. A ring, so that a
 * command costs no search and no allocation; with gaps, because commands in flight may be applied
 * in any order after a change of leader.
 *
 * <pre>
 *   sequence    5   6   7   8   9
 *   reply       x       x   x           5 is the lowest, 8 the highest, 6 was not applied yet
 * </pre>
 */
final class Replies {
  /** What a remembered reply takes besides its bytes, about. Part of the format: never changed. */
  static final int OVERHEAD = 64;

  private static final int FIRST_CAPACITY = 4;

  private Bytes[] ring = new Bytes[FIRST_CAPACITY];
  private long lowest;
  private long highest;
  private int count;
  private long bytes;

  Replies(long lowest) {
    this.lowest = lowest;
    this.highest = lowest - 1;
  }

  long lowest() {
    return lowest;
  }

  long highest() {
    return highest;
  }

  int count() {
    return count;
  }

  /** What they take, overhead included. */
  long bytes() {
    return bytes;
  }

  /** The reply to a command, or null while it was not applied. */
  Bytes reply(long sequence) {
    return sequence < lowest || sequence > highest ? null : ring[slot(sequence)];
  }

  /** Remembers the reply to a command that is not below the lowest and has none yet. */
  void remember(long sequence, Bytes reply) {
    if (sequence - lowest >= ring.length) {
      grow(sequence);
    }
    ring[slot(sequence)] = reply;
    highest = Math.max(highest, sequence);
    count++;
    bytes += OVERHEAD + reply.size();
  }

  /** Forgets the replies below {@code newLowest}; an older one changes nothing. */
  void discardBelow(long newLowest) {
    while (lowest < newLowest && lowest <= highest) {
      var slot = slot(lowest);
      if (ring[slot] != null) {
        bytes -= OVERHEAD + ring[slot].size();
        count--;
        ring[slot] = null;
      }
      lowest++;
    }
    if (lowest < newLowest) {
      lowest = newLowest;
      highest = newLowest - 1;
    }
  }

  private void grow(long sequence) {
    var larger = new Bytes[Integer.highestOneBit(Math.toIntExact(sequence - lowest)) * 2];
    for (var known = lowest; known <= highest; known++) {
      larger[(int) (known & (larger.length - 1))] = ring[slot(known)];
    }
    ring = larger;
  }

  private int slot(long sequence) {
    return (int) (sequence & (ring.length - 1));
  }
}
