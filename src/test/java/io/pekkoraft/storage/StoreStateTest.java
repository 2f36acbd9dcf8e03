package io.pekkoraft.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.pekkoraft.membership.Birth;
import io.pekkoraft.membership.Configuration;
import io.pekkoraft.model.Batch;
import io.pekkoraft.model.Bytes;
import io.pekkoraft.model.Entry;
import io.pekkoraft.model.Incarnation;
import io.pekkoraft.model.LogIndex;
import io.pekkoraft.model.LogPosition;
import io.pekkoraft.model.Term;
import io.pekkoraft.snapshot.SnapshotMeta;
import io.pekkoraft.storage.StoreEvent.Compacted;
import io.pekkoraft.storage.StoreEvent.EntriesAppended;
import io.pekkoraft.storage.StoreEvent.LogTruncated;
import io.pekkoraft.storage.StoreEvent.PeerBorn;
import io.pekkoraft.storage.StoreEvent.TermStarted;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What is left of a journal, whatever was deleted, comes to what the whole of it came to. */
class StoreStateTest {
  private static final Term TERM = Term.of(1);
  private static final Birth BIRTH = new Birth(Incarnation.of(7), Configuration.NONE);

  /** The journal as it is on disk, and the store that writes it. */
  private static final class Journal {
    private final List<StoreEvent> events = new ArrayList<>();
    private final StoreState live = new StoreState();
    private long last;
    private long base;

    Journal() {
      live.handOver();
      persist(new PeerBorn(BIRTH));
      persist(new TermStarted(TERM));
    }

    private void persist(StoreEvent event) {
      live.apply(event);
      events.add(event);
    }

    void append(int count) {
      persist(
          new EntriesAppended(
              LogIndex.of(last + 1), Batch.pack(Collections.nCopies(count, Entry.noOp(TERM)))));
      last += count;
    }

    void truncateFrom(long first) {
      persist(new LogTruncated(LogIndex.of(first)));
      last = first - 1;
    }

    void compact(long through, boolean delete) {
      base = through;
      var meta = new SnapshotMeta(LogPosition.of(1, through), Bytes.EMPTY, 0, 0);
      persist(new Compacted(BIRTH, TERM, Optional.empty(), meta, LogPosition.of(1, through)));
      if (delete) {
        events.subList(0, events.size() - (int) live.neededEvents()).clear();
      }
    }

    void isWhole() {
      var replayed = new StoreState();
      events.forEach(replayed::apply);
      var recovered = replayed.handOver();
      assertThat(recovered.term()).isEqualTo(TERM);
      assertThat(recovered.birth()).contains(BIRTH);
      assertThat(recovered.base().index().value()).isEqualTo(base);
      assertThat(recovered.entries()).hasSize((int) (last - base));
    }
  }

  @Test
  @DisplayName("an older compaction among what is left may begin before what is left")
  void olderCompaction() {
    var journal = new Journal();
    journal.append(3);
    journal.append(3);
    journal.compact(2, false);
    journal.append(1);
    journal.compact(3, true);
    journal.isWhole();
  }

  @Test
  @DisplayName("whatever is appended, cut, compacted and deleted")
  void anything() {
    for (var seed = 0; seed < 2_000; seed++) {
      var random = new SplittableRandom(seed);
      var journal = new Journal();
      for (var step = 0; step < 30; step++) {
        if (random.nextInt(3) > 0 || journal.last == journal.base) {
          journal.append(1 + random.nextInt(4));
        } else if (random.nextBoolean()) {
          journal.truncateFrom(journal.base + 1 + random.nextLong(journal.last - journal.base));
        } else {
          journal.compact(
              journal.base + random.nextLong(journal.last - journal.base + 1),
              random.nextInt(3) > 0);
        }
        journal.isWhole();
      }
    }
  }
}
