package io.pekkoraft.storage;

import io.pekkoraft.membership.Birth;
import io.pekkoraft.model.Batch;
import io.pekkoraft.model.LogIndex;
import io.pekkoraft.model.LogPosition;
import io.pekkoraft.model.PeerId;
import io.pekkoraft.model.Term;
import io.pekkoraft.snapshot.SnapshotMeta;
import java.util.Optional;

/**
 * What a peer's journal holds. These are on disk for years: they may gain fields, but what was
 * written once can always be read (the golden files in the tests see to that).
 */
public sealed interface StoreEvent {
  /** The first event of all: the peer draws its incarnation, and says what it began with. */
  record PeerBorn(Birth birth) implements StoreEvent {}

  /** The peer has seen a newer term; its vote in it is still free (§5.1). */
  record TermStarted(Term term) implements StoreEvent {}

  /**
   * The vote of a term is given (§5.2). It carries the term, so that a vote and the term it belongs
   * to are never apart.
   */
  record VoteCast(Term term, PeerId candidate) implements StoreEvent {}

  /**
   * Entries joined the end of the log, a whole batch in one event.
   *
   * @param first the index of the first one
   */
  record EntriesAppended(LogIndex first, Batch entries) implements StoreEvent {
    public LogIndex last() {
      return first.plus(entries.size() - 1L);
    }
  }

  /**
   * The entries from {@code first} on conflicted with the leader's and are gone (§5.3).
   *
   * @param first the lowest index that was removed
   */
  record LogTruncated(LogIndex first) implements StoreEvent {}

  /**
   * A snapshot is in effect, and what the log held through {@code base} is discarded (§7). It says
   * all that the journal holds besides entries, so that older events can be deleted.
   *
   * @param base what stands just before the log from now on: at most {@code snapshot}'s position,
   *     and beyond the end of the log where the snapshot came from a leader
   */
  record Compacted(
      Birth birth, Term term, Optional<PeerId> votedFor, SnapshotMeta snapshot, LogPosition base)
      implements StoreEvent {}
}
