package io.pekkoraft.snapshot.file;

import io.pekkoraft.model.Bytes;
import io.pekkoraft.snapshot.SnapshotMeta;
import io.pekkoraft.snapshot.SnapshotStore;
import java.nio.file.Path;

/** A snapshot from a leader: its length and checksum are known from the start. */
final class ReceivingFile implements SnapshotStore.Receiving {
  private final Path directory;
  private final Path path;
  private final SnapshotMeta meta;
  private final UnfinishedFile file;

  ReceivingFile(Path directory, Path path, SnapshotMeta meta, UnfinishedFile file) {
    this.directory = directory;
    this.path = path;
    this.meta = meta;
    this.file = file;
  }

  @Override
  public SnapshotMeta meta() {
    return meta;
  }

  @Override
  public long next() {
    return file.length();
  }

  @Override
  public void append(long offset, Bytes content) {
    if (offset != next() || content.size() > meta.length() - offset) {
      throw new IllegalArgumentException(
          content + " at " + offset + ", but " + meta + " goes on at " + next());
    }
    file.append(content.array(), content.offset(), content.size());
  }

  @Override
  public SnapshotMeta commit() {
    if (next() != meta.length()) {
      discard();
      throw Problems.notAsAnnounced(path, "has " + next() + " bytes of the snapshot " + meta);
    }
    if (file.checksum() != meta.checksum()) {
      discard();
      throw Problems.notAsAnnounced(
          path, String.format("has checksum %08x and not that of %s", file.checksum(), meta));
    }
    file.commitAs(directory.resolve(FileNames.whole(meta.id())), meta);
    return meta;
  }

  @Override
  public void discard() {
    file.discard();
  }

  @Override
  public void close() {
    file.close();
  }
}
