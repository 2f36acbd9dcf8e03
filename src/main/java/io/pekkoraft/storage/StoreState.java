package io.pekkoraft.storage;

import io.pekkoraft.membership.Birth;
import io.pekkoraft.model.Entry;
import io.pekkoraft.model.LogIndex;
import io.pekkoraft.model.PeerId;
import io.pekkoraft.model.Term;
import io.pekkoraft.protocol.SelfMessage.Recovered;
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
 */
final class StoreState {
  private Optional<Birth> birth = Optional.empty();
  private Term term = Term.ZERO;
  private Optional<PeerId> votedFor = Optional.empty();
  private LogIndex last = LogIndex.ZERO;
  private List<Entry> recovering = new ArrayList<>();

  /**
   * @throws IllegalStateException when the event does not follow from what is here: then either the
   *     peer or the journal is broken, and neither may go on
   */
  StoreState apply(StoreEvent event) {
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
      check(appended.first().equals(last.next()), event);
      last = appended.last();
      if (recovering != null) {
        recovering.addAll(appended.entries().entries());
      }
    } else if (event instanceof LogTruncated truncated) {
      check(last.isAtLeast(truncated.first()), event);
      last = truncated.first().previous();
      if (recovering != null) {
        recovering.subList(Math.toIntExact(last.value()), recovering.size()).clear();
      }
    }
    return this;
  }

  /** All of it, for the peer; the entries are the peer's from now on. */
  Recovered handOver() {
    if (recovering == null) {
      throw new IllegalStateException("A store is loaded once, by the peer that it belongs to.");
    }
    var recovered = new Recovered(term, votedFor, recovering, birth);
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
