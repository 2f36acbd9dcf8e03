package io.pekkoraft.journal;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Optional;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.Slice;
import org.rocksdb.Snapshot;

/** The database as it was at one moment; the database stays open until the view is closed. */
final class View implements AutoCloseable {
  private final Database database;
  private final RocksDB rocks;
  private final Snapshot moment;
  private final Deque<AutoCloseable> opened = new ArrayDeque<>();

  View(Database database, RocksDB rocks) {
    this.database = database;
    this.rocks = rocks;
    this.moment = rocks.getSnapshot();
  }

  Optional<byte[]> get(Database.Family family, byte[] key) throws RocksDBException {
    try (ReadOptions options = new ReadOptions().setSnapshot(moment)) {
      return Optional.ofNullable(rocks.get(database.family(family), options, key));
    }
  }

  /**
   * An iterator over the keys from {@code from} to {@code to}, not yet placed. It reads a piece at
   * a time, and leaves what it read out of the cache, because a replay reads everything once.
   */
  RocksIterator between(Database.Family family, byte[] from, byte[] to) {
    Slice lower = keep(new Slice(from));
    // The bound itself is left out, and nothing lies between it and its key with a zero added.
    Slice upper = keep(new Slice(Arrays.copyOf(to, to.length + 1)));
    ReadOptions options =
        keep(
            new ReadOptions()
                .setSnapshot(moment)
                .setFillCache(false)
                .setIterateLowerBound(lower)
                .setIterateUpperBound(upper));
    return keep(rocks.newIterator(database.family(family), options));
  }

  @Override
  public void close() {
    try {
      while (!opened.isEmpty()) {
        closeQuietly(opened.pop());
      }
      rocks.releaseSnapshot(moment);
    } finally {
      database.leave();
    }
  }

  private <T extends AutoCloseable> T keep(T made) {
    opened.push(made);
    return made;
  }

  private static void closeQuietly(AutoCloseable made) {
    try {
      made.close();
    } catch (Exception e) {
      throw new IllegalStateException("RocksDB's objects close without exceptions", e);
    }
  }
}
