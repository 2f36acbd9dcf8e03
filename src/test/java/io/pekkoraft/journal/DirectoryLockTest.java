package io.pekkoraft.journal;

import static io.pekkoraft.journal.StoreFixture.open;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirectoryLockTest {
  @TempDir Path directory;

  @Test
  @DisplayName("a directory is opened once in a process; the error names it and what to do")
  void sameProcess() {
    try (Store first = open(directory)) {
      assertThatThrownBy(() -> open(directory))
          .isInstanceOf(JournalException.NotOpened.class)
          .hasMessageContaining(directory.toString())
          .hasMessageContaining("is in use by another process")
          .hasMessageContaining("pekko-raft.rocksdb.dir");
      StoreFixture.append(first, "a", 1, 1);
    }
    open(directory).close();
  }

  @Test
  @DisplayName("a directory that another process has open is refused, and free once that one ends")
  void otherProcess() throws Exception {
    try (Store store = open(directory)) {
      StoreFixture.append(store, "a", 1, 1);
      assertThat(toldByOtherProcess())
          .contains(directory.toString())
          .contains("is in use by another process");
    }
    assertThat(toldByOtherProcess()).contains("opened");
  }

  @Test
  @DisplayName("a directory that cannot be made is named")
  void notADirectory() throws IOException {
    Path file = Files.createFile(directory.resolve("file"));

    assertThatThrownBy(() -> open(file.resolve("below")))
        .isInstanceOf(JournalException.NotOpened.class)
        .hasMessageContaining(file.resolve("below").toString());
  }

  private String toldByOtherProcess() throws Exception {
    Path told = directory.resolveSibling(directory.getFileName() + ".told");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                OtherProcess.class.getName(),
                directory.toString())
            .redirectErrorStream(true)
            .redirectOutput(told.toFile())
            .start();
    try {
      assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
      return Files.readString(told, StandardCharsets.UTF_8);
    } finally {
      process.destroyForcibly();
      Files.deleteIfExists(told);
    }
  }
}
