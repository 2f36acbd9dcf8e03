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

/**
 * What a peer's disk says it holds: the oracles' own reading of its events. What is in a snapshot
 * it holds as well; which entries that were, it remembers as far as it has seen them.
 */
final class DurableLog {
  private final List<Entry> entries = new ArrayList<>();
  private final Map<Term, PeerId> votes = new TreeMap<>();
  private LogPosition base = LogPosition.ORIGIN;
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
      entries.subList(slot(truncated.first()), entries.size()).clear();
    } else if (event instanceof StoreEvent.Compacted compacted) {
      compact(compacted.base());
    }
  }

  private void compact(LogPosition through) {
    var gone = Math.min(entries.size(), slot(through.index()) + 1);
    for (var i = 0; i < gone; i++) {
      cut.add(new LogPosition(entries.get(i).term(), base.index().plus(i + 1L)));
    }
    entries.subList(0, gone).clear();
    base = through;
  }

  private int slot(LogIndex index) {
    return (int) (index.value() - base.index().value() - 1);
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
    return base.index().plus(entries.size());
  }

  /** Whether it is in the log, or in the snapshot before it: of that, all is committed. */
  boolean holds(LogPosition position) {
    return base.index().isAfter(position.index())
        || (last().isAtLeast(position.index()) && termAt(position.index()).equals(position.term()));
  }

  /** Whether the entry is in a snapshot and not in the log any more. */
  boolean isDiscarded(LogIndex index) {
    return base.index().isAfter(index);
  }

  Term termAt(LogIndex index) {
    return index.equals(base.index()) ? base.term() : entries.get(slot(index)).term();
  }
}
