package io.pekkoraft.journal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;

/** Who holds the lock on a file, where the operating system tells: Linux, in {@code /proc}. */
final class LockHolder {
  private static final Path LOCKS = Path.of("/proc/locks");
  private static final Pattern LOCK =
      Pattern.compile("\\d+: POSIX +\\S+ +WRITE +(\\d+) +[0-9a-f]+:[0-9a-f]+:(\\d+) .*");
  private static final int LONGEST = 120;

  private LockHolder() {}

  static Optional<String> of(Path file) {
    try {
      var inode = Files.getAttribute(file, "unix:ino").toString();
      for (var line : Files.readAllLines(LOCKS)) {
        var lock = LOCK.matcher(line);
        if (lock.matches() && lock.group(2).equals(inode)) {
          return Optional.of(process(lock.group(1)));
        }
      }
      return Optional.empty();
    } catch (IOException | UnsupportedOperationException | IllegalArgumentException untold) {
      return Optional.empty();
    }
  }

  private static String process(String id) {
    var command =
        ProcessHandle.of(Long.parseLong(id)).flatMap(process -> process.info().commandLine());
    return "process "
        + id
        + command
            .map(line -> " (" + line.substring(0, Math.min(LONGEST, line.length())) + ")")
            .orElse("");
  }
}
