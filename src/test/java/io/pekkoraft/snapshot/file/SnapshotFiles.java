package io.pekkoraft.snapshot.file;

import static io.pekkoraft.snapshot.Samples.CONFIGURATION;

import io.pekkoraft.model.Bytes;
import io.pekkoraft.model.LogPosition;
import io.pekkoraft.snapshot.SnapshotId;
import io.pekkoraft.snapshot.SnapshotMeta;
import io.pekkoraft.snapshot.SnapshotStore;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What tests do with a store, in a word. */
final class SnapshotFiles {
  static final int CHUNK = 10_000;
  static final long SYNC_BYTES = 100_000;

  private SnapshotFiles() {}

  static FileSnapshotStore open(Path directory) {
    return FileSnapshotStore.open(directory, SYNC_BYTES, Pace.Rest.NONE);
  }

  static SnapshotMeta write(SnapshotStore store, long index, byte[] content) {
    try (var writing = store.write(LogPosition.of(3, index), CONFIGURATION)) {
      writing.write(content, 0, content.length);
      return writing.commit();
    }
  }

  static void receive(SnapshotStore.Receiving receiving, byte[] content, long through) {
    while (receiving.next() < through) {
      var next = (int) receiving.next();
      var size = (int) Math.min(CHUNK, through - next);
      receiving.append(next, new Bytes(content, next, size));
    }
  }

  static byte[] read(SnapshotStore store, SnapshotId id) {
    var content = new ByteArrayOutputStream();
    try (var reading = store.read(id)) {
      for (var piece = reading.read(0, CHUNK); piece.size() > 0; ) {
        content.write(piece.array(), piece.offset(), piece.size());
        piece = reading.read(content.size(), CHUNK);
      }
    }
    return content.toByteArray();
  }

  /** The names of the files, but for the lock. */
  static List<String> names(Path directory) throws IOException {
    try (var files = Files.list(directory)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> !name.equals(FileNames.LOCK))
          .sorted()
          .toList();
    }
  }
}
