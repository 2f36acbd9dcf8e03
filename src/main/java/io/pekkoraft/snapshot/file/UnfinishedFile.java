package io.pekkoraft.snapshot.file;

import io.pekkoraft.model.Bytes;
import io.pekkoraft.snapshot.Checksum;
import io.pekkoraft.snapshot.SnapshotException.NotWritten;
import io.pekkoraft.snapshot.SnapshotMeta;
import java.io.IOException;
import java.nio.file.Path;

/**
 * A file that becomes a snapshot. A write or sync that fails is final: the system may have thrown
 * away what it could not write and call the next sync a success, so the file is given up.
 */
final class UnfinishedFile {
  private final FileAccess files;
  private final Path file;
  private final Bytes configuration;
  private final long syncBytes;
  private final FileAccess.Handle handle;
  private final Block block = new Block();
  private final Checksum checksum = new Checksum();
  private long blocks;
  private long unsynced;
  private boolean open = true;

  private UnfinishedFile(
      FileAccess files, Path file, Bytes configuration, long syncBytes, FileAccess.Handle handle) {
    this.files = files;
    this.file = file;
    this.configuration = configuration;
    this.syncBytes = syncBytes;
    this.handle = handle;
  }

  static UnfinishedFile create(FileAccess files, Path file, Bytes configuration, long syncBytes) {
    try {
      return new UnfinishedFile(files, file, configuration, syncBytes, files.create(file));
    } catch (IOException e) {
      throw Problems.notWritten(file, e);
    }
  }

  /**
   * Goes on with a file of which {@code meta} is known. What a crash or a power failure left of it
   * counts as far as header and blocks are sound.
   */
  static UnfinishedFile resume(FileAccess files, Path file, SnapshotMeta meta, long syncBytes) {
    FileAccess.Handle handle;
    try {
      handle = files.reopen(file);
    } catch (IOException e) {
      throw Problems.notWritten(file, e);
    }
    var unfinished = new UnfinishedFile(files, file, meta.configuration(), syncBytes, handle);
    unfinished.writing(() -> unfinished.readBack(meta.length()));
    return unfinished;
  }

  private void readBack(long length) throws IOException {
    while (blocks < Layout.blocks(length) && readBlock(Layout.sizeOfBlock(length, blocks))) {
      checksum.add(block.array(), Layout.CRC, block.size());
      if (!block.isFull()) {
        break; // The last one. It stays in memory like any that is not full, to be written again.
      }
      blocks++;
      block.clear();
    }
    handle.truncate(Layout.blockAt(configuration, blocks));
  }

  private boolean readBlock(int size) throws IOException {
    var sound = block.readFrom(handle, Layout.blockAt(configuration, blocks), blocks, size);
    if (!sound) {
      block.clear();
    }
    return sound;
  }

  /** How much content there is, in bytes. */
  long length() {
    return blocks * Layout.BLOCK + block.size();
  }

  /** The checksum of the content there is. */
  int checksum() {
    return checksum.value();
  }

  /** May be called for every few bytes, and so makes nothing new. */
  void append(byte[] array, int offset, int size) {
    requireOpen();
    try {
      for (var done = 0; done < size; ) {
        done += block.fill(array, offset + done, size - done);
        if (block.isFull()) {
          writeBlock();
          blocks++;
          block.clear();
        }
      }
      checksum.add(array, offset, size);
    } catch (IOException e) {
      throw givenUp(e);
    }
  }

  private void writeBlock() throws IOException {
    block.writeTo(handle, Layout.blockAt(configuration, blocks), blocks);
    unsynced += block.size();
    if (unsynced >= syncBytes) {
      // One sync of it all, at the end, would hold up the journal's syncs on the same disk.
      handle.sync();
      unsynced = 0;
    }
  }

  void writeHeader(SnapshotMeta meta) {
    writing(() -> handle.write(Layout.header(meta), 0));
  }

  /** Gives it its name, once all of it is on the disk; the name is there when this returns. */
  void commitAs(Path name, SnapshotMeta meta) {
    writing(
        () -> {
          if (block.size() > 0) {
            writeBlock();
          }
          handle.write(Layout.header(meta), 0);
          handle.sync();
          handle.close();
          files.rename(file, name);
          files.syncDirectory(name.getParent());
        });
    open = false;
  }

  /** Keeps what there is. */
  void close() {
    if (open) {
      open = false;
      closeQuietly();
    }
  }

  void discard() {
    if (open) {
      open = false;
      closeQuietly();
      deleteQuietly();
    }
  }

  private interface Step {
    void run() throws IOException;
  }

  private void writing(Step step) {
    requireOpen();
    try {
      step.run();
    } catch (IOException e) {
      throw givenUp(e);
    }
  }

  private void requireOpen() {
    if (!open) {
      throw new IllegalStateException("[" + file + "] is committed, closed or given up already.");
    }
  }

  private NotWritten givenUp(IOException reason) {
    discard();
    return Problems.notWritten(file, reason);
  }

  private void closeQuietly() {
    try {
      handle.close();
    } catch (IOException nothingToLose) {
      // It is given up, or continued only as far as its blocks are sound.
    }
  }

  private void deleteQuietly() {
    try {
      files.delete(file);
    } catch (IOException leftForTheNextStart) {
      // A store deletes it when it opens, or when it begins with the same file again.
    }
  }
}
