package io.pekkoraft.storage;

import io.pekkoraft.model.Batch;
import io.pekkoraft.model.LogIndex;
import io.pekkoraft.storage.StoreEvent.EntriesAppended;
import io.pekkoraft.storage.StoreEvent.LogTruncated;
import io.pekkoraft.storage.StoreEvent.TermStarted;
import io.pekkoraft.storage.StoreEvent.VoteCast;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * What waits for the next write, in order and numbered 1, 2, 3, ... It is merged as it leaves, so
 * that a batch is one event: entries that follow each other become one run, and a vote swallows the
 * start of its own term.
 */
final class StagedEvents {
  private final Deque<Staged> waiting = new ArrayDeque<>();
  private long number;
  private long bytes;

  private record Staged(long number, StoreEvent event) {
    int size() {
      return event instanceof EntriesAppended appended ? appended.entries().packed().length : 0;
    }
  }

  /**
   * What one write holds.
   *
   * @param through the number of the last event in it
   */
  record Taken(List<StoreEvent> events, long through) {}

  void add(StoreEvent event) {
    number++;
    if (event instanceof VoteCast vote
        && !waiting.isEmpty()
        && waiting.peekLast().event() instanceof TermStarted started
        && started.term().equals(vote.term())) {
      waiting.removeLast();
    }
    var staged = new Staged(number, event);
    waiting.addLast(staged);
    bytes += staged.size();
  }

  /** How much of a log that ends at {@code last} is left when what waits has been done to it. */
  LogIndex keeps(LogIndex last) {
    var kept = last;
    for (var next : waiting) {
      if (next.event() instanceof LogTruncated truncated) {
        kept = kept.min(truncated.first().previous());
      }
    }
    return kept;
  }

  boolean isEmpty() {
    return waiting.isEmpty();
  }

  /** The number of the last event that was ever added. */
  long lastNumber() {
    return number;
  }

  /** Bytes of entries that wait. */
  long bytes() {
    return bytes;
  }

  /** The first ones, with at most {@code maxBytes} of entries, but one event at least. */
  Taken take(long maxBytes) {
    var events = new ArrayList<StoreEvent>();
    var run = new ArrayList<EntriesAppended>();
    var size = 0L;
    var through = 0L;
    while (!waiting.isEmpty() && (through == 0 || size + waiting.peekFirst().size() <= maxBytes)) {
      var next = waiting.removeFirst();
      size += next.size();
      through = next.number();
      if (next.event() instanceof EntriesAppended appended) {
        run.add(appended);
      } else {
        endRun(run, events);
        events.add(next.event());
      }
    }
    endRun(run, events);
    bytes -= size;
    return new Taken(events, through);
  }

  private static void endRun(List<EntriesAppended> run, List<StoreEvent> events) {
    if (!run.isEmpty()) {
      var entries = Batch.concat(run.stream().map(EntriesAppended::entries).toList());
      events.add(new EntriesAppended(run.get(0).first(), entries));
      run.clear();
    }
  }
}
