package io.pekkoraft.storage;

import io.pekkoraft.model.Batch;
import io.pekkoraft.model.Bytes;
import io.pekkoraft.model.Entry;
import io.pekkoraft.model.LogIndex;
import io.pekkoraft.model.LogPosition;
import io.pekkoraft.model.PeerId;
import io.pekkoraft.model.Term;
import io.pekkoraft.snapshot.SnapshotMeta;
import io.pekkoraft.storage.StoreEvent.EntriesAppended;
import java.util.Optional;

/**
 * What a journal's events come to, judged by the rules that a peer recovers by, and without what
 * the entries say: some tens of bytes an entry are kept until the next {@link
 * StoreEvent.Compacted}.
 */
public final class LogAudit {
  private final StoreState state = new StoreState();

  /**
   * What a peer would begin with.
   *
   * @param snapshot that has to be there
   * @param base what stands before the log
   * @param last the end of the log
   */
  public record Found(
      boolean isBorn,
      Term term,
      Optional<PeerId> votedFor,
      Optional<SnapshotMeta> snapshot,
      LogPosition base,
      LogPosition last) {}

  /**
   * Takes the next event.
   *
   * @throws IllegalStateException when it does not follow from those before; this is of no use any
   *     more then
   */
  public void apply(StoreEvent event) {
    state.apply(event instanceof EntriesAppended appended ? withoutPayloads(appended) : event);
  }

  private static EntriesAppended withoutPayloads(EntriesAppended appended) {
    var bare =
        appended.entries().entries().stream()
            .map(entry -> new Entry(entry.term(), entry.kind(), Bytes.EMPTY))
            .toList();
    return new EntriesAppended(appended.first(), Batch.pack(bare));
  }

  /**
   * The end, once.
   *
   * @throws IllegalStateException when the log lacks its beginning, goes back in terms (§5.3), or
   *     is of a term that the peer has not seen
   */
  public Found found() {
    var recovered = state.handOver();
    var term = recovered.base().term();
    var index = recovered.base().index();
    for (var entry : recovered.entries()) {
      index = index.next();
      if (term.isNewerThan(entry.term())) {
        throw goesBack(index, term, entry.term());
      }
      term = entry.term();
    }
    if (term.isNewerThan(recovered.term())) {
      throw new IllegalStateException(
          "The log ends in term " + term + ", and the peer has seen only " + recovered.term());
    }
    return new Found(
        recovered.birth().isPresent(),
        recovered.term(),
        recovered.votedFor(),
        recovered.snapshot(),
        recovered.base(),
        new LogPosition(term, index));
  }

  private static IllegalStateException goesBack(LogIndex at, Term from, Term to) {
    return new IllegalStateException(
        "The log goes back from term " + from + " to term " + to + " at index " + at);
  }
}
