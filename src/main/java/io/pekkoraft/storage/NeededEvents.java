package io.pekkoraft.storage;

import io.pekkoraft.model.LogIndex;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * How many of a journal's newest events are still needed: back to the oldest that holds an entry of
 * the log, or to the last {@link StoreEvent.Compacted}, whichever is older. What is before that can
 * be deleted.
 */
final class NeededEvents {
  private final Deque<Run> runs = new ArrayDeque<>();
  private long count;
  private long compacted = 1;

  /** Entries that came with one event, as far as they are still in the log. */
  private record Run(long event, LogIndex first, LogIndex last) {}

  /** One more event; what it does to the log is told next. */
  void next() {
    count++;
  }

  void appended(LogIndex first, LogIndex last) {
    runs.addLast(new Run(count, first, last));
  }

  void truncatedFrom(LogIndex index) {
    while (!runs.isEmpty() && runs.peekLast().first().isAtLeast(index)) {
      runs.removeLast();
    }
    if (!runs.isEmpty() && runs.peekLast().last().isAtLeast(index)) {
      var cut = runs.removeLast();
      runs.addLast(new Run(cut.event(), cut.first(), index.previous()));
    }
  }

  void compactedThrough(LogIndex index) {
    compacted = count;
    while (!runs.isEmpty() && index.isAtLeast(runs.peekFirst().last())) {
      runs.removeFirst();
    }
  }

  /** How many of the newest events are needed. */
  long newest() {
    var oldest = runs.isEmpty() ? compacted : Math.min(compacted, runs.peekFirst().event());
    return count - oldest + 1;
  }
}
