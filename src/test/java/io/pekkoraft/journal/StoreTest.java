package io.pekkoraft.journal;

import static io.pekkoraft.journal.StoreFixture.append;
import static io.pekkoraft.journal.StoreFixture.await;
import static io.pekkoraft.journal.StoreFixture.event;
import static io.pekkoraft.journal.StoreFixture.open;
import static io.pekkoraft.journal.StoreFixture.replayed;
import static io.pekkoraft.journal.StoreFixture.settings;
import static io.pekkoraft.journal.StoreFixture.snapshot;
import static io.pekkoraft.journal.StoreFixture.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pekkoraft.journal.Database.Family;
import io.pekkoraft.journal.Snapshots.Selection;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;

class StoreTest {
  @TempDir Path directory;

  @Test
  @DisplayName("what was appended is there after the store was closed and opened again")
  void reopened() {
    try (Store store = open(directory)) {
      append(store, "a", 1, 3);
      append(store, "ab", 1, 1);
    }
    try (Store store = open(directory)) {
      assertThat(replayed(store, "a")).containsExactly(1L, 2L, 3L);
      assertThat(await(store.events().highest("a"))).isEqualTo(3);
      assertThat(await(store.events().highest("never seen"))).isZero();
    }
  }

  @Test
  @DisplayName("a store that was cut off while it was made opens, and gets what it lacks")
  void halfMade() throws RocksDBException {
    // RocksDB adds the families one by one, each with a sync of its own.
    try (var options = new Options().setCreateIfMissing(true);
        var rocks = RocksDB.open(options, directory.toString());
        var name = new ColumnFamilyOptions();
        var events =
            rocks.createColumnFamily(
                new ColumnFamilyDescriptor("events".getBytes(StandardCharsets.US_ASCII), name))) {
      assertThat(events).isNotNull();
    }
    try (Store store = open(directory)) {
      append(store, "a", 1, 1);
      assertThat(replayed(store, "a")).containsExactly(1L);
    }
  }

  @Test
  @DisplayName("writes of many ids that wait for one sync share the next one")
  void groupCommit() {
    try (Store store = open(directory)) {
      List<CompletableFuture<Void>> writes = new ArrayList<>();
      for (int sequenceNr = 1; sequenceNr <= 20; sequenceNr++) {
        for (int id = 0; id < 100; id++) {
          writes.add(store.events().append(List.of(event("id-" + id, sequenceNr))));
        }
      }
      writes.forEach(StoreFixture::await);

      assertThat(store.syncedWrites()).isLessThan(writes.size() / 10);
      assertThat(replayed(store, "id-7")).hasSize(20);
    }
  }

  @Test
  @DisplayName("the highest number is read behind the writes that came before")
  void highestWaits() {
    try (Store store = open(directory)) {
      for (int sequenceNr = 1; sequenceNr <= 100; sequenceNr++) {
        store.events().append(List.of(event("a", sequenceNr)));
        assertThat(await(store.events().highest("a"))).isEqualTo(sequenceNr);
      }
    }
  }

  @Test
  @DisplayName("deleting keeps the highest number, also when all is deleted, also after a restart")
  void deleteKeepsHighest() {
    try (Store store = open(directory)) {
      append(store, "a", 1, 5);
      await(store.events().deleteThrough("a", 3));
      assertThat(replayed(store, "a")).containsExactly(4L, 5L);
      await(store.events().deleteThrough("a", Long.MAX_VALUE));
      assertThat(replayed(store, "a")).isEmpty();
      // A late deletion that reaches less far brings nothing back.
      await(store.events().deleteThrough("a", 2));
    }
    try (Store store = open(directory)) {
      assertThat(await(store.events().highest("a"))).isEqualTo(5);
      append(store, "a", 6, 6);
      assertThat(replayed(store, "a")).containsExactly(6L);
    }
  }

  @Test
  @DisplayName("an append with one event out of sequence writes none of them, and harms no others")
  void outOfSequence() {
    try (Store store = open(directory)) {
      append(store, "a", 1, 2);

      var doubled = store.events().append(List.of(event("a", 2)));
      var withHole = store.events().append(List.of(event("a", 3), event("a", 5)));
      var other = store.events().append(List.of(event("b", 1)));

      assertThatThrownBy(() -> await(doubled))
          .hasCauseInstanceOf(JournalException.OutOfSequence.class);
      assertThatThrownBy(() -> await(withHole))
          .hasMessageContaining("persistence id [a]")
          .hasMessageContaining("number 5");
      await(other);
      assertThat(replayed(store, "a")).containsExactly(1L, 2L);
      append(store, "a", 3, 3);
    }
  }

  @Test
  @DisplayName("an id that is new here may begin anywhere")
  void beginsAnywhere() {
    try (Store store = open(directory)) {
      append(store, "moved", 1000, 1002);

      assertThat(replayed(store, "moved")).containsExactly(1000L, 1001L, 1002L);
    }
  }

  @Test
  @DisplayName("a replay that meets a hole fails and names it")
  void hole() {
    try (Store store = open(directory)) {
      append(store, "a", 1, 5);
    }
    try (Database database = Database.open(settings(directory))) {
      write(database, batch -> batch.delete(database.family(Family.EVENTS), Keys.event("a", 3)));
    }
    try (Store store = open(directory)) {
      List<Long> seen = new ArrayList<>();
      assertThatThrownBy(
              () -> await(store.events().replay("a", 1, 5, 9, e -> seen.add(e.sequenceNr()))))
          .hasCauseInstanceOf(JournalException.Missing.class)
          .hasMessageContaining("[a]: the events 3 to 3 are lost");
      assertThat(seen).containsExactly(1L, 2L);
    }
  }

  @Test
  @DisplayName("a damaged event fails the replay of its id and no other")
  void damagedEvent() {
    try (Store store = open(directory)) {
      append(store, "a", 1, 3);
      append(store, "b", 1, 1);
    }
    try (Database database = Database.open(settings(directory))) {
      byte[] key = Keys.event("a", 2);
      byte[] other = RecordFormat.encode(Keys.event("a", 1), event("a", 1));
      write(database, batch -> batch.put(database.family(Family.EVENTS), key, other));
    }
    try (Store store = open(directory)) {
      assertThatThrownBy(() -> replayed(store, "a"))
          .hasCauseInstanceOf(JournalException.Damaged.class)
          .hasMessageContaining("event 2 of persistence id [a]");
      assertThat(replayed(store, "b")).containsExactly(1L);
    }
  }

  @Test
  @DisplayName("of the snapshots that match, the youngest is loaded")
  void snapshotSelection() {
    try (Store store = open(directory)) {
      await(store.snapshots().save(snapshot("a", 10, 100, "s10")));
      await(store.snapshots().save(snapshot("a", 20, 200, "s20")));
      await(store.snapshots().save(snapshot("a", 30, 300, "s30")));
      await(store.snapshots().save(snapshot("b", 99, 999, "another id's")));

      assertThat(loaded(store, 0, Long.MAX_VALUE, 0, Long.MAX_VALUE)).contains("s30");
      assertThat(loaded(store, 0, 29, 0, Long.MAX_VALUE)).contains("s20");
      assertThat(loaded(store, 0, Long.MAX_VALUE, 0, 199)).contains("s10");
      assertThat(loaded(store, 0, 29, 201, Long.MAX_VALUE)).isEmpty();

      await(store.snapshots().save(snapshot("a", 30, 250, "s30 anew")));
      assertThat(loaded(store, 0, Long.MAX_VALUE, 0, Long.MAX_VALUE)).contains("s30 anew");

      await(store.snapshots().delete("a", new Selection(20, 30, 0, 249)));
      assertThat(loaded(store, 0, 29, 0, Long.MAX_VALUE)).contains("s10");
    }
  }

  @Test
  @DisplayName("a damaged snapshot is not loaded, and no older one in its place")
  void damagedSnapshot() {
    try (Store store = open(directory)) {
      await(store.snapshots().save(snapshot("a", 10, 100, "s10")));
      await(store.snapshots().save(snapshot("a", 20, 200, "s20")));
    }
    try (Database database = Database.open(settings(directory))) {
      byte[] key = Keys.snapshot("a", 20, 200);
      write(database, batch -> batch.put(database.family(Family.SNAPSHOTS), key, new byte[9]));
    }
    try (Store store = open(directory)) {
      assertThatThrownBy(() -> loaded(store, 0, Long.MAX_VALUE, 0, Long.MAX_VALUE))
          .hasCauseInstanceOf(JournalException.Damaged.class)
          .hasMessageContaining("the snapshot at 20 of persistence id [a]");
    }
  }

  @Test
  @DisplayName("after it was closed the store refuses everything, and what waited was written")
  void closed() {
    Store store = open(directory);
    List<CompletableFuture<Void>> waiting = new ArrayList<>();
    for (int sequenceNr = 1; sequenceNr <= 500; sequenceNr++) {
      waiting.add(store.events().append(List.of(event("a", sequenceNr))));
    }
    store.close();

    waiting.forEach(StoreFixture::await);
    assertThatThrownBy(() -> append(store, "a", 501, 501))
        .hasCauseInstanceOf(JournalException.Closed.class)
        .hasMessageContaining(directory.toString());
    assertThatThrownBy(() -> replayed(store, "a"))
        .hasCauseInstanceOf(JournalException.Closed.class);
    assertThatThrownBy(() -> await(store.events().highest("a")))
        .hasCauseInstanceOf(JournalException.Closed.class);
    store.close();
    try (Store again = open(directory)) {
      assertThat(replayed(again, "a")).hasSize(500);
    }
  }

  @Test
  @DisplayName("closing cuts a long replay short, and waits until it has let go")
  void closedDuringReplay() {
    try (Store store = open(directory)) {
      append(store, "a", 1, 10);
    }
    Database database = Database.open(settings(directory));
    var commits =
        new GroupCommit(database, settings(directory), "test", JournalMetrics.NONE, failed -> {});
    var events = new Events(database, commits, ForkJoinPool.commonPool());
    var reading = new CompletableFuture<Void>();
    var goOn = new CompletableFuture<Void>();
    var replay =
        events.replay(
            "a",
            1,
            10,
            10,
            event -> {
              reading.complete(null);
              await(goOn);
            });
    await(reading);
    commits.close();
    var closing = CompletableFuture.runAsync(database::close);
    awaitRefusal(database);
    assertThat(closing).isNotDone();

    goOn.complete(null);
    await(closing);
    assertThatThrownBy(() -> await(replay)).hasCauseInstanceOf(JournalException.Closed.class);
  }

  private static void awaitRefusal(Database database) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
    while (System.nanoTime() < deadline) {
      try {
        database.checkOpen();
        Thread.onSpinWait();
      } catch (JournalException.Closed closed) {
        return;
      }
    }
    throw new AssertionError("the database was not closed");
  }

  private interface Writing {
    void to(WriteBatch batch) throws RocksDBException;
  }

  private static void write(Database database, Writing writing) {
    try (WriteBatch batch = new WriteBatch()) {
      writing.to(batch);
      database.write(batch);
    } catch (RocksDBException e) {
      throw new AssertionError(e);
    }
  }

  private static Optional<String> loaded(
      Store store, long minSequenceNr, long maxSequenceNr, long minTimestamp, long maxTimestamp) {
    var selection = new Selection(minSequenceNr, maxSequenceNr, minTimestamp, maxTimestamp);
    return await(store.snapshots().load("a", selection)).map(found -> text(found.snapshot()));
  }
}
