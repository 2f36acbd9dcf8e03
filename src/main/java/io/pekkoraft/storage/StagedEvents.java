package io.pekkoraft.storage;

import io.pekkoraft.model.Batch;
import io.pekkoraft.storage.StoreEvent.EntriesAppended;
import io.pekkoraft.storage.StoreEvent.TermStarted;
import io.pekkoraft.storage.StoreEvent.VoteCast;
import java.util.ArrayList;
import java.util.List;

/**
 * What waits for the next write, merged so that a batch is one event: entries that follow each
 * other become one run, and a vote swallows the start of its own term. A list of several events is
 * written as one, all or nothing.
 */
final class StagedEvents {
  private List<StoreEvent> events = new ArrayList<>();
  private List<EntriesAppended> run = new ArrayList<>();

  void add(StoreEvent event) {
    if (event instanceof EntriesAppended appended) {
      run.add(appended);
      return;
    }
    endRun();
    var last = events.size() - 1;
    if (event instanceof VoteCast vote
        && last >= 0
        && events.get(last) instanceof TermStarted started
        && started.term().equals(vote.term())) {
      events.set(last, vote);
    } else {
      events.add(event);
    }
  }

  boolean isEmpty() {
    return events.isEmpty() && run.isEmpty();
  }

  /** All of them, in order; none is staged afterwards. */
  List<StoreEvent> take() {
    endRun();
    var taken = events;
    events = new ArrayList<>();
    return taken;
  }

  private void endRun() {
    if (!run.isEmpty()) {
      var entries = Batch.concat(run.stream().map(EntriesAppended::entries).toList());
      events.add(new EntriesAppended(run.get(0).first(), entries));
      run = new ArrayList<>();
    }
  }
}
