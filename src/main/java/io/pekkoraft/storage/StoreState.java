package io.pekkoraft.storage;

import io.pekkoraft.membership.Birth;
import io.pekkoraft.model.Entry;
import io.pekkoraft.model.LogIndex;
import io.pekkoraft.model.LogPosition;
import io.pekkoraft.model.PeerId;
import io.pekkoraft.model.Term;
import io.pekkoraft.protocol.SelfMessage.Recovered;
import io.pekkoraft.snapshot.SnapshotMeta;
import io.pekkoraft.storage.StoreEvent.Compacted;
import io.pekkoraft.storage.StoreEvent.EntriesAppended;
import io.pekkoraft.storage.StoreEvent.LogTruncated;
import io.pekkoraft.storage.StoreEvent.PeerBorn;
import io.pekkoraft.storage.StoreEvent.TermStarted;
import io.pekkoraft.storage.StoreEvent.VoteCast;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What the events come to. It holds the entries only until the peer has taken them over; from then
 * on it knows where the log ends, which is enough to see that no write leaves a hole.
 *
 * <p>The oldest events may be deleted, as {@link NeededEvents} allows. Then the first entries that
 * are replayed stand anywhere, and a {@link Compacted} that follows says what was before them.
 */
final class StoreState {
  private Optional<Birth> birth = Optional.empty();
  private final NeededEvents needed = new NeededEvents();
  private Term term = Term.ZERO;
  private Optional<PeerId> votedFor = Optional.empty();
  private Optional<SnapshotMeta> snapshot = Optional.empty();
  private LogPosition base = LogPosition.ORIGIN;
  private LogIndex last = LogIndex.ZERO;
  private List<Entry> recovering = new ArrayList<>();

  /** Where the entries begin that were replayed so far; {@code base} is known to be before them. */
  private LogIndex first = LogIndex.of(1);

  /**
   * @throws IllegalStateException when the event does not follow from what is here: then either the
   *     peer or the journal is broken, and neither may go on
   */
  StoreState apply(StoreEvent event) {
    needed.next();
    if (event instanceof PeerBorn born) {
      check(birth.isEmpty(), event);
      birth = Optional.of(born.birth());
    } else if (event instanceof TermStarted started) {
      check(started.term().isNewerThan(term), event);
      term = started.term();
      votedFor = Optional.empty();
    } else if (event instanceof VoteCast vote) {
      var free = votedFor.isEmpty() && vote.term().equals(term);
      check(free || vote.term().isNewerThan(term), event);
      term = vote.term();
      votedFor = Optional.of(vote.candidate());
    } else if (event instanceof EntriesAppended appended) {
      append(appended);
    } else if (event instanceof LogTruncated truncated) {
      truncate(truncated);
    } else if (event instanceof Compacted compacted) {
      compact(compacted);
    }
    return this;
  }

  private void append(EntriesAppended appended) {
    if (isBeginningUnknown()) {
      first = appended.first();
    } else {
      check(appended.first().equals(last.next()), appended);
    }
    last = appended.last();
    needed.appended(appended.first(), appended.last());
    if (recovering != null) {
      recovering.addAll(appended.entries().entries());
    }
  }

  /** During a replay only: what was before may have been deleted. */
  private boolean isBeginningUnknown() {
    return recovering != null && snapshot.isEmpty() && recovering.isEmpty();
  }

  private void truncate(LogTruncated truncated) {
    if (isBeginningUnknown()) {
      return; // What it cut off was deleted.
    }
    check(last.isAtLeast(truncated.first()) && truncated.first().isAfter(base.index()), truncated);
    needed.truncatedFrom(truncated.first());
    keepThrough(truncated.first().previous());
  }

  private void keepThrough(LogIndex index) {
    last = index;
    first = first.min(index.next());
    if (recovering != null) {
      var kept = index.value() - first.value() + 1;
      recovering.subList((int) kept, recovering.size()).clear();
    }
  }

  /**
   * In a replay, entries between its base and those that were replayed may be missing: a later one
   * has let them be deleted, and says so further on.
   */
  private void compact(Compacted compacted) {
    var through = compacted.base().index();
    check(
        !term.isNewerThan(compacted.term())
            && through.isAtLeast(base.index())
            && (recovering != null || through.isAtLeast(first.previous())),
        compacted);
    birth = Optional.of(compacted.birth());
    term = compacted.term();
    votedFor = compacted.votedFor();
    snapshot = Optional.of(compacted.snapshot());
    base = compacted.base();
    needed.compactedThrough(through);
    if (recovering != null) {
      var known = Math.max(0, through.value() - first.value() + 1);
      var gone = Math.min(recovering.size(), known);
      recovering = new ArrayList<>(recovering.subList((int) gone, recovering.size()));
    }
    first = recovering == null || recovering.isEmpty() ? through.next() : first.max(through.next());
    last = last.max(through);
  }

  /** How many of the newest events are needed to come to this again. */
  long neededEvents() {
    return needed.newest();
  }

  /** All of it, for the peer; the entries are the peer's from now on. */
  Recovered handOver() {
    if (recovering == null) {
      throw new IllegalStateException("A store is loaded once, by the peer that it belongs to.");
    }
    if (!first.equals(base.index().next())) {
      throw new IllegalStateException(
          "The journal lacks its beginning: its entries begin at " + first + ", after " + base);
    }
    var recovered = new Recovered(term, votedFor, snapshot, base, recovering, birth);
    recovering = null;
    return recovered;
  }

  private void check(boolean follows, StoreEvent event) {
    if (!follows) {
      throw new IllegalStateException(
          event + " does not follow from term " + term + ", vote " + votedFor + ", last " + last);
    }
  }
}
