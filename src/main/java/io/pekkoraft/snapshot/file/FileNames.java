package io.pekkoraft.snapshot.file;

import io.pekkoraft.model.LogPosition;
import io.pekkoraft.snapshot.SnapshotId;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;

/** The names of files: by index and term, so that a directory's listing is in order of age. */
final class FileNames {
  static final String LOCK = "in-use.lock";
  private static final String WHOLE = ".snapshot";
  private static final String RECEIVING = ".receiving";
  private static final String PART = ".part";
  private static final Pattern NAMED =
      Pattern.compile("(\\d{19})-(\\d{19})-([0-9a-f]{8})(\\.snapshot|\\.receiving)");

  private FileNames() {}

  static String whole(SnapshotId id) {
    return named(id) + WHOLE;
  }

  static String receiving(SnapshotId id) {
    return named(id) + RECEIVING;
  }

  static String part(LogPosition position) {
    return at(position) + PART;
  }

  private static String named(SnapshotId id) {
    return String.format("%s-%08x", at(id.position()), id.checksum());
  }

  private static String at(LogPosition position) {
    return String.format("%019d-%019d", position.index().value(), position.term().value());
  }

  static boolean isWhole(Path file) {
    return id(file).isPresent() && name(file).endsWith(WHOLE);
  }

  static boolean isReceiving(Path file) {
    return id(file).isPresent() && name(file).endsWith(RECEIVING);
  }

  /** Whether a crash may have left it, and nobody can make anything of it. */
  static boolean isPart(Path file) {
    return name(file).endsWith(PART);
  }

  /** The snapshot that the file is or will be; empty if its name says nothing. */
  static Optional<SnapshotId> id(Path file) {
    var matcher = NAMED.matcher(name(file));
    if (!matcher.matches()) {
      return Optional.empty();
    }
    try {
      var position =
          LogPosition.of(Long.parseLong(matcher.group(2)), Long.parseLong(matcher.group(1)));
      return Optional.of(new SnapshotId(position, Integer.parseUnsignedInt(matcher.group(3), 16)));
    } catch (NumberFormatException tooLarge) {
      return Optional.empty();
    }
  }

  private static String name(Path file) {
    return file.getFileName().toString();
  }
}
