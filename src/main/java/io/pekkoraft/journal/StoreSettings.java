package io.pekkoraft.journal;

import com.typesafe.config.Config;
import java.nio.file.Path;

/**
 * How the store is opened; {@code reference.conf} explains each value.
 *
 * @param directory where all files are, made absolute
 * @param memtableBytes events in memory before they go to a sorted file
 * @param recycledLogs write-ahead log files kept for being overwritten
 * @param maxQueuedWrites writes that may wait at a time
 * @param maxQueuedBytes bytes that may wait at a time
 */
record StoreSettings(
    Path directory,
    long memtableBytes,
    int recycledLogs,
    int maxQueuedWrites,
    long maxQueuedBytes) {

  StoreSettings {
    directory = directory.toAbsolutePath().normalize();
    atLeast(64 * 1024, memtableBytes, "memtable-size");
    atLeast(1, recycledLogs, "recycled-log-files");
    atLeast(1, maxQueuedWrites, "max-queued-writes");
    atLeast(1, maxQueuedBytes, "max-queued-bytes");
  }

  /** Reads the block {@code pekko-raft.rocksdb}. */
  static StoreSettings of(Config config) {
    return new StoreSettings(
        Path.of(config.getString("dir")),
        config.getBytes("memtable-size"),
        config.getInt("recycled-log-files"),
        config.getInt("max-queued-writes"),
        config.getBytes("max-queued-bytes"));
  }

  private static void atLeast(long least, long given, String key) {
    if (given < least) {
      throw new IllegalArgumentException(
          "pekko-raft.rocksdb." + key + " is " + given + "; it must be at least " + least);
    }
  }
}
