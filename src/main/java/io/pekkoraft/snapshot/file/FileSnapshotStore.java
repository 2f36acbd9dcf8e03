package io.pekkoraft.snapshot.file;

import io.pekkoraft.model.Bytes;
import io.pekkoraft.model.LogPosition;
import io.pekkoraft.snapshot.SnapshotException.Damaged;
import io.pekkoraft.snapshot.SnapshotException.NotOpened;
import io.pekkoraft.snapshot.SnapshotId;
import io.pekkoraft.snapshot.SnapshotMeta;
import io.pekkoraft.snapshot.SnapshotStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * Snapshots in a directory of the file system, one peer's only. Memory is a block of 64 KiB for
 * each that is open, however large it is.
 */
public final class FileSnapshotStore implements SnapshotStore {
  private final FileAccess files;
  private final Path directory;
  private final long syncBytes;
  private final Pace.Rest rest;
  private final DirectoryLock lock;

  private FileSnapshotStore(
      FileAccess files, Path directory, long syncBytes, Pace.Rest rest, DirectoryLock lock) {
    this.files = files;
    this.directory = directory;
    this.syncBytes = syncBytes;
    this.rest = rest;
    this.lock = lock;
  }

  /**
   * Opens {@code directory}, makes it if it is not there, and deletes what a crash left in it that
   * nobody can go on with.
   *
   * @param syncBytes after so many bytes, what was written is synced: less, and the journal on the
   *     same disk waits less for each of these; more, and a snapshot is written faster
   * @param rest after as many bytes of the own state
   * @throws NotOpened if another store has it, or it can't be used
   */
  public static FileSnapshotStore open(Path directory, long syncBytes, Pace.Rest rest) {
    return open(new RealFiles(), directory, syncBytes, rest);
  }

  static FileSnapshotStore open(FileAccess files, Path directory, long syncBytes, Pace.Rest rest) {
    try {
      createSynced(files, directory.toAbsolutePath());
      var store =
          new FileSnapshotStore(files, directory, syncBytes, rest, DirectoryLock.take(directory));
      try {
        store.deleteAll(FileNames::isPart);
      } catch (IOException | RuntimeException e) {
        store.close();
        throw e;
      }
      return store;
    } catch (IOException e) {
      throw Problems.notOpened(directory, e);
    }
  }

  private static void createSynced(FileAccess files, Path directory) throws IOException {
    if (Files.isDirectory(directory)) {
      return;
    }
    createSynced(files, directory.getParent());
    Files.createDirectories(directory);
    files.syncDirectory(directory.getParent());
  }

  @Override
  public Writing write(LogPosition position, Bytes configuration) {
    var file = directory.resolve(FileNames.part(position));
    return new WritingFile(
        directory,
        position,
        configuration,
        UnfinishedFile.create(files, file, configuration, syncBytes),
        new Pace(syncBytes, rest));
  }

  @Override
  public Receiving receive(SnapshotMeta meta) {
    var file = directory.resolve(FileNames.receiving(meta.id()));
    try {
      deleteAll(other -> FileNames.isReceiving(other) && !other.equals(file));
      if (isOf(meta, file)) {
        return new ReceivingFile(
            directory, file, meta, UnfinishedFile.resume(files, file, meta, syncBytes));
      }
    } catch (IOException e) {
      throw Problems.notWritten(file, e);
    }
    var unfinished = UnfinishedFile.create(files, file, meta.configuration(), syncBytes);
    unfinished.writeHeader(meta);
    return new ReceivingFile(directory, file, meta, unfinished);
  }

  /** The checksum in a file's name does not say that all else is the same. */
  private boolean isOf(SnapshotMeta meta, Path file) throws IOException {
    if (!Files.exists(file)) {
      return false;
    }
    try (var handle = files.read(file)) {
      var header = Layout.header(meta);
      var found = ByteBuffer.allocate(header.remaining());
      handle.read(found, 0);
      return found.flip().equals(header);
    }
  }

  @Override
  public Reading read(SnapshotId id) {
    var file = directory.resolve(FileNames.whole(id));
    if (!Files.exists(file)) {
      throw Problems.missing(directory, id);
    }
    return ReadingFile.open(files, file, id);
  }

  @Override
  public SnapshotMeta check(SnapshotId id) {
    try (var reading = (ReadingFile) read(id)) {
      return reading.check();
    }
  }

  @Override
  public List<SnapshotMeta> committed() {
    var found = new ArrayList<SnapshotMeta>();
    for (var file : list(FileNames::isWhole)) {
      header(file).ifPresent(found::add);
    }
    found.sort(Comparator.comparing(SnapshotMeta::id).reversed());
    return found;
  }

  private Optional<SnapshotMeta> header(Path file) {
    try (var reading = ReadingFile.open(files, file, FileNames.id(file).orElseThrow())) {
      return Optional.of(reading.meta());
    } catch (Damaged noSnapshot) {
      return Optional.empty();
    }
  }

  @Override
  public void retain(Collection<SnapshotId> ids) {
    var kept = new TreeSet<>(ids);
    try {
      deleteAll(file -> FileNames.isWhole(file) && !kept.contains(id(file)));
      deleteAll(
          file ->
              FileNames.isReceiving(file) && !kept.isEmpty() && !isNewer(id(file), kept.last()));
    } catch (IOException e) {
      throw Problems.notOpened(directory, e);
    }
  }

  private static SnapshotId id(Path file) {
    return FileNames.id(file).orElseThrow();
  }

  private static boolean isNewer(SnapshotId id, SnapshotId than) {
    return id.position().index().isAfter(than.position().index());
  }

  private List<Path> list(Predicate<Path> wanted) {
    try (var all = Files.list(directory)) {
      return all.filter(wanted).sorted().toList();
    } catch (IOException e) {
      throw Problems.notOpened(directory, e);
    }
  }

  private void deleteAll(Predicate<Path> unwanted) throws IOException {
    for (var file : list(unwanted)) {
      files.delete(file);
    }
  }

  @Override
  public void close() {
    lock.close();
  }

  @Override
  public String toString() {
    return "snapshots in [" + directory + "]";
  }
}
