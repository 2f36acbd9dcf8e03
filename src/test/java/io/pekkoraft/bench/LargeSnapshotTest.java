package io.pekkoraft.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LargeSnapshotTest {
  private static final long MINUTES = 10;

  @TempDir(factory = InTarget.class)
  private Path directory;

  @Test
  @DisplayName(
      "traps 30 and 32: a snapshot of 1 GiB is taken, sent and put into effect with a heap of 256"
          + " MiB, and the leader stays")
  void largerThanTheHeap() throws IOException, InterruptedException {
    var output = directory.resolve("output.txt").toFile();
    var process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-cp",
                System.getProperty("java.class.path"),
                LargeSnapshot.class.getName(),
                directory.toString(),
                "1024")
            .redirectErrorStream(true)
            .redirectOutput(output)
            .start();
    try {
      assertThat(process.waitFor(MINUTES, TimeUnit.MINUTES)).isTrue();
    } finally {
      process.destroyForcibly().waitFor();
    }
    assertThat(output).content().contains("done with a heap of 256 MiB");
    assertThat(process.exitValue()).isZero();
  }
}
