package io.pekkoraft.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pekkoraft.model.Batch;
import io.pekkoraft.model.Entry;
import io.pekkoraft.model.LogIndex;
import io.pekkoraft.model.PeerId;
import io.pekkoraft.model.Term;
import io.pekkoraft.storage.StagedEvents.Taken;
import io.pekkoraft.storage.StoreEvent.EntriesAppended;
import io.pekkoraft.storage.StoreEvent.LogTruncated;
import io.pekkoraft.storage.StoreEvent.TermStarted;
import io.pekkoraft.storage.StoreEvent.VoteCast;
import java.util.List;
import org.apache.pekko.actor.testkit.typed.javadsl.TestInbox;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class StagedEventsTest {
  private static final Entry ENTRY = Entry.noOp(Term.of(1));
  private static final PeerId P1 = PeerId.of("p1");

  private static EntriesAppended appended(long first, int count) {
    return new EntriesAppended(
        LogIndex.of(first), Batch.pack(java.util.Collections.nCopies(count, ENTRY)));
  }

  private static List<StoreEvent> merged(StoreEvent... events) {
    var staged = new StagedEvents();
    for (var event : events) {
      staged.add(event);
    }
    var taken = staged.take(Long.MAX_VALUE).events();
    assertThat(staged.isEmpty()).isTrue();
    return taken;
  }

  @Test
  @DisplayName("entries that follow each other are one event")
  void mergesEntries() {
    assertThat(merged(appended(1, 2), appended(3, 1), appended(4, 3)))
        .containsExactly(appended(1, 6));
  }

  @Test
  @DisplayName("trap 7: a term and the vote in it are one event")
  void mergesTheVote() {
    assertThat(merged(new TermStarted(Term.of(2)), new VoteCast(Term.of(2), P1)))
        .containsExactly(new VoteCast(Term.of(2), P1));
    assertThat(merged(new TermStarted(Term.of(2)), appended(1, 1), new VoteCast(Term.of(2), P1)))
        .containsExactly(new TermStarted(Term.of(2)), appended(1, 1), new VoteCast(Term.of(2), P1));
  }

  @Test
  @DisplayName("the order of what is not merged stays")
  void keepsTheOrder() {
    assertThat(
            merged(
                appended(1, 2),
                new LogTruncated(LogIndex.of(2)),
                appended(2, 1),
                new TermStarted(Term.of(3)),
                appended(3, 1)))
        .containsExactly(
            appended(1, 2),
            new LogTruncated(LogIndex.of(2)),
            appended(2, 1),
            new TermStarted(Term.of(3)),
            appended(3, 1));
  }

  @Test
  @DisplayName("a writer keeps one write on its way, and knows what is on disk")
  void writer() {
    var store = TestInbox.<RaftStore.Command>create();
    var self = TestInbox.<io.pekkoraft.protocol.SelfMessage>create();
    var writer = new StoreWriter(store.getRef(), self.getRef(), 1000, LogIndex.of(5), () -> 0);
    assertThat(writer.isDurable(writer.lastStaged())).isTrue();

    writer.stage(appended(6, 2));
    assertThat(writer.lastStaged()).isEqualTo(1);
    assertThat(writer.isDurable(1)).isFalse();
    writer.flush();
    writer.stage(appended(8, 1));
    writer.flush();
    assertThat(store.getAllReceived())
        .containsExactly(new RaftStore.Write(1, List.of(appended(6, 2)), self.getRef()));
    assertThat(writer.durableIndex()).isEqualTo(LogIndex.of(5));

    writer.stored(1);
    assertThat(writer.isDurable(1)).isTrue();
    assertThat(writer.durableIndex()).isEqualTo(LogIndex.of(7));
    assertThat(store.getAllReceived())
        .containsExactly(new RaftStore.Write(2, List.of(appended(8, 1)), self.getRef()));

    // What is cut while it is being written does not count as durable afterwards.
    writer.stage(new LogTruncated(LogIndex.of(7)));
    assertThat(writer.durableIndex()).isEqualTo(LogIndex.of(6));
    writer.stored(2);
    assertThat(writer.durableIndex()).isEqualTo(LogIndex.of(6));
    assertThatThrownBy(() -> writer.stored(7)).isInstanceOf(IllegalStateException.class);
  }

  @Test
  @DisplayName("a write is bounded in bytes, one batch at least; what is beyond waits for the next")
  void boundedWrites() {
    var staged = new StagedEvents();
    for (var first = 1; first <= 5; first++) {
      staged.add(appended(first, 1));
    }
    var one = ENTRY.packedSize();
    assertThat(staged.bytes()).isEqualTo(5L * one);
    assertThat(staged.take(2L * one)).isEqualTo(new Taken(List.of(appended(1, 2)), 2));
    assertThat(staged.take(1)).isEqualTo(new Taken(List.of(appended(3, 1)), 3));
    staged.add(new TermStarted(Term.of(2)));
    assertThat(staged.take(Long.MAX_VALUE))
        .isEqualTo(new Taken(List.of(appended(4, 2), new TermStarted(Term.of(2))), 6));
    assertThat(staged.bytes()).isZero();
  }

  @Test
  @DisplayName("what is on disk counts no further than a cut that still waits leaves it")
  void keeps() {
    var events = new StagedEvents();
    assertThat(events.keeps(LogIndex.of(64))).isEqualTo(LogIndex.of(64));
    events.add(new StoreEvent.LogTruncated(LogIndex.of(61)));
    assertThat(events.keeps(LogIndex.of(64))).isEqualTo(LogIndex.of(60));
    assertThat(events.keeps(LogIndex.of(5))).isEqualTo(LogIndex.of(5));
  }
}
