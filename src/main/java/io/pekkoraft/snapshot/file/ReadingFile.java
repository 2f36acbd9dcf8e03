package io.pekkoraft.snapshot.file;

import io.pekkoraft.model.Bytes;
import io.pekkoraft.snapshot.Checksum;
import io.pekkoraft.snapshot.SnapshotException.Damaged;
import io.pekkoraft.snapshot.SnapshotId;
import io.pekkoraft.snapshot.SnapshotMeta;
import io.pekkoraft.snapshot.SnapshotStore;
import java.io.IOException;
import java.nio.file.Path;

/** A committed snapshot. Nothing is given out whose block does not fit its checksum. */
final class ReadingFile implements SnapshotStore.Reading {
  private static final int NONE = -1;

  private final Path file;
  private final FileAccess.Handle handle;
  private final SnapshotMeta meta;
  private final Block block = new Block();
  private long inBlock = NONE;

  private ReadingFile(Path file, FileAccess.Handle handle, SnapshotMeta meta) {
    this.file = file;
    this.handle = handle;
    this.meta = meta;
  }

  /**
   * @throws Damaged if the file's header is, or belongs to another snapshot, or its size is wrong
   */
  static ReadingFile open(FileAccess files, Path file, SnapshotId id) {
    try {
      var handle = files.read(file);
      try {
        var meta = Layout.readHeader(file, handle);
        if (!meta.id().equals(id)) {
          throw Problems.damaged(file, "holds the snapshot " + meta.id() + ", not " + id);
        }
        return new ReadingFile(file, handle, meta);
      } catch (IOException | RuntimeException e) {
        handle.close();
        throw e;
      }
    } catch (IOException e) {
      throw Problems.unreadable(file, e);
    }
  }

  @Override
  public SnapshotMeta meta() {
    return meta;
  }

  @Override
  public Bytes read(long offset, int max) {
    if (offset < 0 || max < 0) {
      throw new IllegalArgumentException(max + " bytes at " + offset);
    }
    var content = new byte[(int) Math.max(0, Math.min(max, meta.length() - offset))];
    for (var done = 0; done < content.length; ) {
      var at = offset + done;
      take(at / Layout.BLOCK);
      var within = (int) (at % Layout.BLOCK);
      var size = Math.min(content.length - done, block.size() - within);
      System.arraycopy(block.array(), Layout.CRC + within, content, done, size);
      done += size;
    }
    return Bytes.wrap(content);
  }

  /** Reads all of it. */
  SnapshotMeta check() {
    var checksum = new Checksum();
    for (var number = 0L; number < Layout.blocks(meta.length()); number++) {
      take(number);
      checksum.add(block.array(), Layout.CRC, block.size());
    }
    if (checksum.value() != meta.checksum()) {
      throw Problems.damaged(file, "does not fit the checksum of its content");
    }
    return meta;
  }

  private void take(long number) {
    if (number == inBlock) {
      return;
    }
    inBlock = NONE;
    var at = Layout.blockAt(meta.configuration(), number);
    var size = Layout.sizeOfBlock(meta.length(), number);
    try {
      if (!block.readFrom(handle, at, number, size)) {
        throw Problems.damaged(
            file,
            "is damaged: the block of " + size + " bytes at " + at + " does not fit its checksum");
      }
    } catch (IOException e) {
      throw Problems.unreadable(file, e);
    }
    inBlock = number;
  }

  @Override
  public void close() {
    try {
      handle.close();
    } catch (IOException nothingToLose) {
      // It was only read.
    }
  }
}
