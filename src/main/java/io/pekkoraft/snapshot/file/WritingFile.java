package io.pekkoraft.snapshot.file;

import io.pekkoraft.model.Bytes;
import io.pekkoraft.model.LogPosition;
import io.pekkoraft.snapshot.SnapshotMeta;
import io.pekkoraft.snapshot.SnapshotStore;
import java.nio.file.Path;

/** A snapshot of the own state: its length and checksum are known at the end. */
final class WritingFile implements SnapshotStore.Writing {
  private final Path directory;
  private final LogPosition position;
  private final Bytes configuration;
  private final UnfinishedFile file;
  private final Pace pace;

  WritingFile(
      Path directory, LogPosition position, Bytes configuration, UnfinishedFile file, Pace pace) {
    this.directory = directory;
    this.position = position;
    this.configuration = configuration;
    this.file = file;
    this.pace = pace;
  }

  @Override
  public void write(byte[] array, int offset, int size) {
    file.append(array, offset, size);
    pace.wrote(size);
  }

  @Override
  public long length() {
    return file.length();
  }

  @Override
  public SnapshotMeta commit() {
    var meta = new SnapshotMeta(position, configuration, file.length(), file.checksum());
    file.commitAs(directory.resolve(FileNames.whole(meta.id())), meta);
    return meta;
  }

  @Override
  public void close() {
    file.discard();
  }
}
