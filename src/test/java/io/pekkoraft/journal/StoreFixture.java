package io.pekkoraft.journal;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;

/** Words to write short tests of the store with. */
final class StoreFixture {
  private StoreFixture() {}

  static StoreSettings settings(Path directory) {
    return new StoreSettings(directory, 1024 * 1024, 4, 10_000, 16 * 1024 * 1024);
  }

  static Store open(Path directory) {
    return open(settings(directory));
  }

  static Store open(StoreSettings settings) {
    return Store.open(
        settings, "test", ForkJoinPool.commonPool(), JournalMetrics.NONE, failed -> {});
  }

  static EventRecord event(String id, long sequenceNr) {
    return event(id, sequenceNr, "e" + sequenceNr);
  }

  static EventRecord event(String id, long sequenceNr, String text) {
    return new EventRecord.Stored(
        id, sequenceNr, 7, "writer", "", serialized(text), Optional.empty());
  }

  static SnapshotRecord snapshot(String id, long sequenceNr, long timestamp, String text) {
    return new SnapshotRecord(id, sequenceNr, timestamp, serialized(text), Optional.empty());
  }

  static Serialized serialized(String text) {
    return new Serialized(20, "", text.getBytes(StandardCharsets.UTF_8));
  }

  static String text(Serialized object) {
    return new String(object.bytes(), StandardCharsets.UTF_8);
  }

  /** Appends the events with these numbers, one write each. */
  static void append(Store store, String id, long from, long to) {
    for (long sequenceNr = from; sequenceNr <= to; sequenceNr++) {
      await(store.events().append(List.of(event(id, sequenceNr))));
    }
  }

  static List<Long> replayed(Store store, String id) {
    List<Long> sequenceNrs = new ArrayList<>();
    await(
        store
            .events()
            .replay(id, 1, Long.MAX_VALUE, Long.MAX_VALUE, e -> sequenceNrs.add(e.sequenceNr())));
    return sequenceNrs;
  }

  static <T> T await(CompletableFuture<T> future) {
    return future.orTimeout(10, TimeUnit.SECONDS).join();
  }
}
