package io.pekkoraft.testkit;

import io.pekkoraft.membership.Configuration;
import io.pekkoraft.membership.ConfigurationFormat;
import io.pekkoraft.model.Batch;
import io.pekkoraft.model.Entry;
import io.pekkoraft.model.Incarnation;
import io.pekkoraft.model.LogIndex;
import io.pekkoraft.model.LogPosition;
import io.pekkoraft.model.PeerId;
import io.pekkoraft.model.Term;
import io.pekkoraft.storage.StoreEvent;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

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
  private final TreeMap<LogIndex, Configuration> configurations = new TreeMap<>();
  private Optional<Incarnation> incarnation = Optional.empty();

  /**
   * @param founders the configuration of whoever does not say anything else
   */
  DurableLog(Configuration founders) {
    configurations.put(LogIndex.ZERO, founders);
  }

  /** A disk that somebody put in the place of a lost one: nobody has met it. */
  static DurableLog blank(Configuration founders) {
    var blank = new DurableLog(founders);
    blank.incarnation = Optional.of(Incarnation.of(0));
    return blank;
  }

  /** A write begins, whose events follow. */
  void beginWrite() {
    cut.clear();
  }

  void apply(StoreEvent event) {
    if (event instanceof StoreEvent.PeerBorn born) {
      incarnation = Optional.of(born.birth().incarnation());
      configurations.put(LogIndex.ZERO, born.birth().founded());
    } else if (event instanceof StoreEvent.TermStarted started) {
      term = started.term();
    } else if (event instanceof StoreEvent.VoteCast cast) {
      term = cast.term();
      votes.put(term, cast.candidate());
    } else if (event instanceof StoreEvent.EntriesAppended appended) {
      append(appended.entries());
    } else if (event instanceof StoreEvent.LogTruncated truncated) {
      for (var index = truncated.first(); last().isAtLeast(index); index = index.next()) {
        cut.add(new LogPosition(termAt(index), index));
      }
      entries.subList(slot(truncated.first()), entries.size()).clear();
      configurations.tailMap(truncated.first(), true).clear();
    } else if (event instanceof StoreEvent.Compacted compacted) {
      compact(compacted.base());
      var included = ConfigurationFormat.decodeVersioned(compacted.snapshot().configuration());
      var position = compacted.snapshot().position().index();
      // A tail of this log's own, which the snapshot took the place of, may have held others.
      configurations.headMap(position, true).tailMap(included.version(), false).clear();
      configurations.put(included.version(), included.configuration());
    }
  }

  private void append(Batch batch) {
    for (var entry : batch) {
      entries.add(entry);
      if (entry.kind() == Entry.Kind.CONFIGURATION) {
        configurations.put(last(), ConfigurationFormat.decode(entry.payload()));
      }
    }
  }

  /** The last one, committed or not (§6). */
  Configuration configuration() {
    return configurations.lastEntry().getValue();
  }

  /** The one in force at {@code index}, and all that came later. */
  Stream<Configuration> configurationsFrom(LogIndex index) {
    var inForce = configurations.floorKey(index);
    return configurations.tailMap(inForce == null ? index : inForce, true).values().stream();
  }

  /** The index of the last configuration before {@code index}. */
  LogIndex versionBefore(LogIndex index) {
    var before = configurations.lowerKey(index);
    return before == null ? LogIndex.ZERO : before;
  }

  /** Whether it is the disk with which {@code peer} was met, if it was. */
  boolean isKnownTo(Configuration met, PeerId peer) {
    var named = met.incarnationOf(peer);
    return named.isEmpty() || incarnation.isEmpty() || named.equals(incarnation);
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
