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
import io.pekkoraft.model.PeerId;
import io.pekkoraft.model.Term;
import io.pekkoraft.protocol.SelfMessage;
import io.pekkoraft.protocol.SelfMessage.Recovered;
import io.pekkoraft.protocol.SelfMessage.Stored;
import io.pekkoraft.snapshot.SnapshotMeta;
import io.pekkoraft.storage.StoreEvent.Compacted;
import io.pekkoraft.storage.StoreEvent.EntriesAppended;
import io.pekkoraft.storage.StoreEvent.LogTruncated;
import io.pekkoraft.storage.StoreEvent.TermStarted;
import io.pekkoraft.storage.StoreEvent.VoteCast;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.LoggingTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.persistence.testkit.PersistenceTestKitPlugin;
import org.apache.pekko.persistence.testkit.PersistenceTestKitSnapshotPlugin;
import org.apache.pekko.persistence.testkit.javadsl.PersistenceTestKit;
import org.apache.pekko.persistence.typed.PersistenceId;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RaftStoreTest {
  private static final AtomicInteger STORES = new AtomicInteger();
  private static final PeerId P2 = PeerId.of("p2");

  private final ActorTestKit kit =
      ActorTestKit.create(
          PersistenceTestKitPlugin.getInstance()
              .config()
              .withFallback(PersistenceTestKitSnapshotPlugin.config())
              .withFallback(com.typesafe.config.ConfigFactory.load()));
  private final PersistenceTestKit journal = PersistenceTestKit.create(kit.system());
  private PersistenceId id;
  private TestProbe<SelfMessage> peer;
  private ActorRef<RaftStore.Command> store;

  @AfterAll
  void shutdown() {
    kit.shutdownTestKit();
  }

  @BeforeEach
  void open() {
    id = PersistenceId.ofUniqueId("store-" + STORES.incrementAndGet());
    peer = kit.createTestProbe();
    start();
  }

  private void start() {
    store =
        kit.spawn(
            RaftStore.create(
                id,
                "pekko.persistence.testkit.journal",
                "pekko.persistence.testkit.snapshotstore.pluginid"));
  }

  private Recovered load() {
    store.tell(new RaftStore.Load(peer.getRef()));
    return peer.expectMessageClass(Recovered.class);
  }

  private void write(long number, StoreEvent... events) {
    store.tell(new RaftStore.Write(number, List.of(events), peer.getRef()));
  }

  private static EntriesAppended entries(long first, long... terms) {
    var entries =
        java.util.Arrays.stream(terms)
            .mapToObj(term -> Entry.command(Term.of(term), Bytes.wrap(new byte[] {1})))
            .toList();
    return new EntriesAppended(LogIndex.of(first), Batch.pack(entries));
  }

  @Test
  @DisplayName("an empty journal is term 0, no vote, no entries")
  void empty() {
    assertThat(load())
        .isEqualTo(
            new Recovered(
                Term.ZERO,
                Optional.empty(),
                Optional.empty(),
                LogPosition.ORIGIN,
                List.of(),
                Optional.empty()));
  }

  @Test
  @DisplayName("what was confirmed is there after a restart")
  void recovers() {
    load();
    write(1, new VoteCast(Term.of(1), P2), entries(1, 1, 1, 1));
    write(2, new TermStarted(Term.of(2)), new LogTruncated(LogIndex.of(2)), entries(2, 2));
    peer.expectMessage(new Stored(1));
    peer.expectMessage(new Stored(2));
    kit.stop(store);
    start();
    var recovered = load();
    assertThat(recovered.term()).isEqualTo(Term.of(2));
    assertThat(recovered.votedFor()).isEmpty();
    assertThat(recovered.entries().stream().map(entry -> entry.term().value()))
        .containsExactly(1L, 2L);
  }

  @Test
  @DisplayName("a batch is one event")
  void batchIsOneEvent() {
    load();
    write(1, entries(1, 1, 1, 1));
    peer.expectMessage(new Stored(1));
    journal.expectNextPersisted(id.id(), entries(1, 1, 1, 1));
    journal.expectNothingPersisted(id.id());
  }

  @Test
  @DisplayName("a write that would leave a hole kills the store before it is on disk")
  void refusesAHole() {
    load();
    write(1, entries(1, 1));
    peer.expectMessage(new Stored(1));
    write(2, entries(3, 1));
    peer.expectTerminated(store);
    start();
    assertThat(load().entries()).hasSize(1);
  }

  @Test
  @DisplayName("a term that goes back and a second vote in a term do so, too")
  void refusesWhatCanNotBe() {
    load();
    write(1, new VoteCast(Term.of(2), P2));
    peer.expectMessage(new Stored(1));
    write(2, new VoteCast(Term.of(2), PeerId.of("p3")));
    peer.expectTerminated(store);
    start();
    load();
    write(1, new TermStarted(Term.of(1)));
    peer.expectTerminated(store);
    start();
    assertThat(load().votedFor()).contains(P2);
  }

  @Test
  @DisplayName("a failed write is never confirmed, and ends the store")
  void failedWrite() {
    load();
    journal.failNextPersisted(id.id());
    write(1, entries(1, 1));
    peer.expectTerminated(store);
    peer.expectNoMessage();
  }

  @Test
  @DisplayName("a rejected write is never confirmed, and ends the store")
  void rejectedWrite() {
    load();
    journal.rejectNextPersisted(id.id());
    write(1, entries(1, 1));
    peer.expectTerminated(store);
    peer.expectNoMessage();
  }

  @Test
  @DisplayName("a store is loaded once")
  void loadedOnce() {
    load();
    store.tell(new RaftStore.Load(peer.getRef()));
    peer.expectTerminated(store);
  }

  private static Compacted compacted(long snapshot, long base) {
    var meta = new SnapshotMeta(LogPosition.of(1, snapshot), Bytes.EMPTY, 0, 0);
    var birth = new Birth(Incarnation.of(7), Configuration.NONE);
    return new Compacted(birth, Term.of(1), Optional.of(P2), meta, LogPosition.of(1, base));
  }

  private void stored(int writes) {
    for (var number = 1; number <= writes; number++) {
      peer.expectMessage(new Stored(number));
    }
  }

  private void journalHolds(int events) {
    peer.awaitAssert(
        () -> {
          assertThat(journal.persistedInStorage(id.id())).hasSize(events);
          return null;
        });
  }

  @Test
  @DisplayName("§7 what a compaction includes is deleted from the journal, and the rest recovered")
  void deletes() {
    load();
    write(1, new VoteCast(Term.of(1), P2));
    write(2, entries(1, 1));
    write(3, entries(2, 1));
    write(4, entries(3, 1));
    write(5, compacted(2, 2));
    journalHolds(2);
    write(6, entries(4, 1));
    stored(6);
    kit.stop(store);
    start();
    var recovered = load();
    assertThat(recovered.term()).isEqualTo(Term.of(1));
    assertThat(recovered.votedFor()).contains(P2);
    assertThat(recovered.base()).isEqualTo(LogPosition.of(1, 2));
    assertThat(recovered.entries()).hasSize(2);
  }

  @Test
  @DisplayName("§7 an event stays as long as the log holds one of its entries")
  void keepsWhatTheLogHolds() {
    load();
    write(1, entries(1, 1));
    write(2, entries(2, 1));
    write(3, compacted(2, 1));
    journalHolds(2);
    stored(3);
    kit.stop(store);
    start();
    var recovered = load();
    assertThat(recovered.base()).isEqualTo(LogPosition.of(1, 1));
    assertThat(recovered.entries()).hasSize(1);
  }

  @Test
  @DisplayName("§7 a leader's snapshot from beyond the end of the log leaves nothing but itself")
  void beyondTheEnd() {
    load();
    write(1, entries(1, 1));
    write(2, compacted(9, 9));
    journalHolds(1);
    write(3, entries(10, 1));
    stored(3);
    kit.stop(store);
    start();
    var recovered = load();
    assertThat(recovered.base()).isEqualTo(LogPosition.of(1, 9));
    assertThat(recovered.entries()).hasSize(1);
  }

  @Test
  @DisplayName("§7 a deletion that fails ends nothing; the next one makes up for it")
  void failedDeletion() {
    load();
    write(1, entries(1, 1));
    write(2, entries(2, 1));
    journal.failNextDelete(id.id());
    LoggingTestKit.warn("stay until the next snapshot")
        .expect(
            kit.system(),
            () -> {
              write(3, compacted(1, 1));
              return null;
            });
    assertThat(journal.persistedInStorage(id.id())).hasSize(3);
    write(4, compacted(2, 2));
    journalHolds(1);
    stored(4);
  }
}
