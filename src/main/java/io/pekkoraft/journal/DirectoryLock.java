package io.pekkoraft.journal;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The right to use a directory, for one actor system of one process at a time. The operating system
 * takes it back when the process ends, however it ends. RocksDB has a lock of its own, but only
 * takes it when it begins to change files, and they are read before that.
 */
final class DirectoryLock implements AutoCloseable {
  private static final String FILE = "in-use.lock";

  private final FileChannel channel;

  private DirectoryLock(FileChannel channel) {
    this.channel = channel;
  }

  /**
   * Takes the directory, and makes it if it is not there.
   *
   * @throws JournalException.NotOpened if another has it, or it cannot be made
   */
  static DirectoryLock take(Path directory) {
    try {
      createSynced(directory);
      FileChannel channel =
          FileChannel.open(
              directory.resolve(FILE), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      if (isFree(channel)) {
        return new DirectoryLock(channel);
      }
      channel.close();
    } catch (IOException e) {
      throw new JournalException.NotOpened(
          "the directory [" + directory + "] cannot be used: " + e, e);
    }
    throw new JournalException.NotOpened(
        "the directory ["
            + directory
            + "] is in use by another process, or by another actor system of this one. Only one"
            + " may have it open: stop the other one, or give each its own directory with"
            + " pekko-raft.rocksdb.dir",
        null);
  }

  /**
   * Takes a directory that is there, and makes nothing in it. One without a lock, as a copy is, is
   * nobody's.
   *
   * @throws JournalException.NotOpened if another has it, who is named where the system tells
   */
  static AutoCloseable takeToRead(Path directory) {
    Path file = directory.resolve(FILE);
    if (Files.notExists(file)) {
      return () -> {};
    }
    try {
      FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE);
      if (isFree(channel)) {
        return new DirectoryLock(channel);
      }
      channel.close();
    } catch (IOException e) {
      throw new JournalException.NotOpened(
          "the directory ["
              + directory
              + "] cannot be locked, and might be changed meanwhile: "
              + e,
          e);
    }
    throw new JournalException.NotOpened(
        "the directory ["
            + directory
            + "] is in use"
            + LockHolder.of(file).map(" by "::concat).orElse("")
            + ". Stop who uses it, or look at a copy that was made while nobody did",
        null);
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new IllegalStateException("the lock on the directory is not given back", e);
    }
  }

  private static boolean isFree(FileChannel channel) throws IOException {
    try {
      return channel.tryLock() != null;
    } catch (OverlappingFileLockException inThisProcess) {
      return false;
    }
  }

  /** A new directory is only there after a power failure if its parent was synced. */
  private static void createSynced(Path directory) throws IOException {
    if (Files.isDirectory(directory)) {
      return;
    }
    Path parent = directory.getParent();
    if (parent != null) {
      createSynced(parent);
    }
    Files.createDirectories(directory);
    if (parent != null) {
      try (FileChannel channel = FileChannel.open(parent, StandardOpenOption.READ)) {
        channel.force(true);
      } catch (IOException notEverywhere) {
        // Windows opens no directories; its file systems do not need it.
      }
    }
  }
}
