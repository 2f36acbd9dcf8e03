package io.pekkoraft.snapshot.file;

import io.pekkoraft.snapshot.SnapshotId;
import io.pekkoraft.snapshot.SnapshotMeta;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A peer's directory of snapshots, to be looked at while no peer has it open. Nothing in it is
 * changed, made or deleted.
 */
public final class SnapshotDirectory {
  private SnapshotDirectory() {}

  /** What a file is, by its name. */
  public enum Kind {
    /** A snapshot, or what was one before it was damaged. */
    WHOLE,
    /** What has come of a leader's snapshot; the rest may follow. */
    RECEIVING,
    /** What a crash left of a snapshot that was being written; of no use to anybody. */
    PART,
    /** The lock. */
    LOCK,
    /** Nobody here has put it there. */
    STRAY
  }

  /**
   * One file.
   *
   * @param id of the snapshot that it is or is to become, where its name says
   */
  public record Item(Path file, Kind kind, Optional<SnapshotId> id, long bytes) {}

  /** What is in there, in the order of the names; nothing if there is no such directory. */
  public static List<Item> list(Path directory) throws IOException {
    var items = new ArrayList<Item>();
    if (Files.isDirectory(directory)) {
      try (var files = Files.list(directory)) {
        for (var file : files.sorted().toList()) {
          items.add(new Item(file, kind(file), FileNames.id(file), Files.size(file)));
        }
      }
    }
    return items;
  }

  private static Kind kind(Path file) {
    if (FileNames.isWhole(file)) {
      return Kind.WHOLE;
    }
    if (FileNames.isReceiving(file)) {
      return Kind.RECEIVING;
    }
    if (FileNames.isPart(file)) {
      return Kind.PART;
    }
    return file.getFileName().toString().equals(FileNames.LOCK) ? Kind.LOCK : Kind.STRAY;
  }

  /**
   * Reads a snapshot from the first byte to the last.
   *
   * @throws io.pekkoraft.snapshot.SnapshotException if it is missing or damaged
   */
  public static SnapshotMeta check(Path directory, SnapshotId id) {
    var file = directory.resolve(FileNames.whole(id));
    if (!Files.exists(file)) {
      throw Problems.missing(directory, id);
    }
    try (var reading = ReadingFile.open(new RealFiles(), file, id)) {
      return reading.check();
    }
  }
}
