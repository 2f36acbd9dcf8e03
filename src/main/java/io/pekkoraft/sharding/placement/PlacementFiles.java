package io.pekkoraft.sharding.placement;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.UUID;

/**
 * What a node keeps beside its journal: the name of its disk, and the placement of each type. They
 * are written at once or not at all, and synced before anything is built on them.
 */
final class PlacementFiles {
  private static final String DISK = "disk";
  private static final String ENDING = ".placement";

  /** Types that begin at once, on several threads, find one disk. */
  private static final Object NAMING = new Object();

  private final Path directory;

  private PlacementFiles(Path directory) {
    this.directory = directory;
  }

  /**
   * @param directory made if it is not there
   * @throws UncheckedIOException when that can't be done
   */
  static PlacementFiles in(String directory) {
    try {
      return new PlacementFiles(made(Path.of(directory)));
    } catch (IOException e) {
      throw new UncheckedIOException("Can't make " + directory + ": " + e, e);
    }
  }

  /** A directory is there after a power failure when what it is in was synced. */
  private static Path made(Path directory) throws IOException {
    var absolute = directory.toAbsolutePath();
    var parent = absolute.getParent();
    if (!Files.isDirectory(absolute) && parent != null) {
      made(parent);
      Files.createDirectories(absolute);
      sync(parent);
    }
    return directory;
  }

  private static void sync(Path directory) throws IOException {
    try (var entries = FileChannel.open(directory, StandardOpenOption.READ)) {
      entries.force(true);
    }
  }

  /**
   * The name of this disk; a new one if it has none.
   *
   * @throws UncheckedIOException when it can't be read or written
   * @throws IllegalStateException when it is damaged
   */
  Disk disk() {
    synchronized (NAMING) {
      var file = directory.resolve(DISK);
      if (read(file).isEmpty()) {
        name(file, UUID.randomUUID());
      }
      try {
        return new Disk(read(file).orElseThrow());
      } catch (IllegalArgumentException e) {
        throw damaged(file, e);
      }
    }
  }

  /** The first name wins, though another process should come at the same time. */
  private void name(Path file, UUID id) {
    var next = directory.resolve(id + ".new");
    try {
      writeTo(next, id.toString());
      try {
        Files.createLink(file, next);
      } catch (FileAlreadyExistsException e) {
        // It has a name by now.
      } catch (UnsupportedOperationException e) {
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
      }
      Files.deleteIfExists(next);
      sync(directory);
    } catch (IOException e) {
      throw new UncheckedIOException("Can't write " + file + ": " + e, e);
    }
  }

  /**
   * @return empty when none was ever kept
   * @throws UncheckedIOException when it can't be read
   * @throws IllegalStateException when it is damaged
   */
  Optional<Placement> placementOf(String type) {
    var file = directory.resolve(type + ENDING);
    try {
      return read(file).map(PlacementFormat::read);
    } catch (IllegalArgumentException e) {
      throw damaged(file, e);
    }
  }

  /**
   * @throws UncheckedIOException when it can't be written; what was kept before is there then
   */
  void keep(Placement placement) {
    write(directory.resolve(placement.type() + ENDING), PlacementFormat.write(placement));
  }

  private static IllegalStateException damaged(Path file, RuntimeException why) {
    return new IllegalStateException(
        file
            + " is damaged ("
            + why.getMessage()
            + "). Bring back the whole data directory from a backup, or replace it by an empty one"
            + " as docs/operations.md says.",
        why);
  }

  private static Optional<String> read(Path file) {
    try {
      return Files.exists(file)
          ? Optional.of(Files.readString(file, StandardCharsets.UTF_8).strip())
          : Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException("Can't read " + file + ": " + e, e);
    }
  }

  private void write(Path file, String line) {
    var next = file.resolveSibling(file.getFileName() + ".new");
    try {
      writeTo(next, line);
      Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      sync(directory);
    } catch (IOException e) {
      throw new UncheckedIOException("Can't write " + file + ": " + e, e);
    }
  }

  private static void writeTo(Path file, String line) throws IOException {
    try (var channel =
        FileChannel.open(
            file,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      var bytes = ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.UTF_8));
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
    }
  }
}
