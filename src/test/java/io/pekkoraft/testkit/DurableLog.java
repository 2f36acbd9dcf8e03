package io.pekkoraft.testkit;

import io.pekkoraft.model.Entry;
import io.pekkoraft.model.LogIndex;
import io.pekkoraft.model.LogPosition;
import io.pekkoraft.model.PeerId;
import io.pekkoraft.model.Term;
import io.pekkoraft.storage.StoreEvent;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** What a peer's disk says it holds: the oracles' own reading of its events. */
final class DurableLog {
  private final List<Entry> entries = new ArrayList<>();
  private final Map<Term, PeerId> votes = new TreeMap<>();
  private Term term = Term.ZERO;
  private final Set<LogPosition> cut = new HashSet<>();

  /** A write begins, whose events follow. */
  void beginWrite() {
    cut.clear();
  }

  void apply(StoreEvent event) {
    if (event instanceof StoreEvent.TermStarted started) {
      term = started.term();
    } else if (event instanceof StoreEvent.VoteCast cast) {
      term = cast.term();
      votes.put(term, cast.candidate());
    } else if (event instanceof StoreEvent.EntriesAppended appended) {
      entries.addAll(appended.entries().entries());
    } else if (event instanceof StoreEvent.LogTruncated truncated) {
      for (var index = truncated.first(); last().isAtLeast(index); index = index.next()) {
        cut.add(new LogPosition(termAt(index), index));
      }
      entries.subList((int) truncated.first().value() - 1, entries.size()).clear();
    }
  }

  Term term() {
    return term;
  }

  /** Whether the vote is on disk; the write that brought it may hold a newer term as well. */
  boolean holdsVote(Term inTerm, PeerId candidate) {
    return candidate.equals(votes.get(inTerm));
  }

  /** Whether it held the position at any moment of the last write, which may cut it as well. */
  boolean heldLately(LogPosition position) {
    return holds(position) || cut.contains(position);
  }

  LogIndex last() {
    return LogIndex.of(entries.size());
  }

  boolean holds(LogPosition position) {
    return last().isAtLeast(position.index()) && termAt(position.index()).equals(position.term());
  }

  Term termAt(LogIndex index) {
    return index.value() == 0 ? Term.ZERO : entries.get((int) index.value() - 1).term();
  }
}
