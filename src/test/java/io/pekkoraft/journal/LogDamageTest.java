package io.pekkoraft.journal;

import static io.pekkoraft.journal.StoreFixture.append;
import static io.pekkoraft.journal.StoreFixture.await;
import static io.pekkoraft.journal.StoreFixture.event;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogDamageTest {
  private static final long SMALLEST_MEMTABLE = 64 * 1024;

  @TempDir Path directory;

  @Test
  @DisplayName("damage before acknowledged writes is refused, and the files stay as they are")
  void damageInTheMiddle() throws IOException {
    try (Store store = open()) {
      append(store, "a", 1, 50);
    }
    Path log = newestLog();
    byte[] bytes = Files.readAllBytes(log);
    bytes[bytes.length / 2] ^= 1;
    Files.write(log, bytes);

    assertThatThrownBy(this::open)
        .isInstanceOf(JournalException.Damaged.class)
        .hasMessageContaining(directory.toString())
        .hasMessageContaining("is damaged in the middle");
    assertThat(newestLog()).isEqualTo(log).hasBinaryContent(bytes);
  }

  @Test
  @DisplayName("a write torn anywhere is cut off, and all before it are there")
  void tornTail() throws IOException {
    try (Store store = open()) {
      append(store, "a", 1, 5);
    }
    long before = Files.size(newestLog());
    try (Store store = open()) {
      append(store, "a", 6, 6);
    }
    // The second opening began a new log, with the sixth event in it alone.
    Path log = newestLog();
    byte[] whole = Files.readAllBytes(log);
    assertThat((long) whole.length).isLessThan(before);
    for (int torn = 1; torn < whole.length; torn += 7) {
      Path copy = copyWith(log, Arrays.copyOf(whole, whole.length - torn), "torn-" + torn);
      try (Store store = StoreFixture.open(settings(copy))) {
        assertThat(await(store.events().highest("a"))).isEqualTo(5);
      }
    }
  }

  @Test
  @DisplayName("a large write of which any one part is missing is cut off as a whole")
  void tornInPieces() throws IOException {
    try (Store store = open()) {
      append(store, "a", 1, 5);
      await(store.events().append(List.of(event("a", 6, "x".repeat(100_000)))));
    }
    Path log = newestLog();
    byte[] whole = Files.readAllBytes(log);
    for (int at = whole.length - 90_000; at < whole.length; at += 20_000) {
      byte[] torn = whole.clone();
      Arrays.fill(torn, at, Math.min(at + 4096, torn.length), (byte) 0);
      Path copy = copyWith(log, torn, "without-" + at);
      try (Store store = StoreFixture.open(settings(copy))) {
        assertThat(StoreFixture.replayed(store, "a")).containsExactly(1L, 2L, 3L, 4L, 5L);
      }
    }
  }

  @Test
  @DisplayName("what lies in a recycled log from its former life is neither read nor taken amiss")
  void recycled() throws IOException {
    String large = "x".repeat(8 * 1024);
    int round = 0;
    long last = 0;
    for (; round < 5; round++) {
      try (Store store = open()) {
        for (int n = 0; n < 200; n++) {
          await(store.events().append(List.of(event("a", ++last, large))));
        }
      }
    }
    assertThat(Files.readString(directory.resolve("LOG"))).contains("recycle_log_file_num: 4");
    try (Store store = open()) {
      assertThat(await(store.events().highest("a"))).isEqualTo(last);
    }
  }

  @Test
  @DisplayName("a log that has vanished is noticed")
  void vanished() throws IOException {
    try (Store store = open()) {
      // A log is needed until all that is in it is in a sorted file; this will take a while.
      await(store.snapshots().save(StoreFixture.snapshot("a", 1, 1, "snapshot")));
      for (int n = 1; n <= 20; n++) {
        await(store.events().append(List.of(event("a", n, "x".repeat(8 * 1024)))));
      }
    }
    try (Stream<Path> files = Files.list(directory)) {
      Files.delete(files.filter(LogDamageTest::isLog).sorted().findFirst().orElseThrow());
    }

    assertThatThrownBy(this::open)
        .isInstanceOf(JournalException.NotOpened.class)
        .hasMessageContaining("Missing WAL");
  }

  private Store open() {
    return StoreFixture.open(settings(directory));
  }

  private static StoreSettings settings(Path directory) {
    return new StoreSettings(directory, SMALLEST_MEMTABLE, 4, 1000, 1024 * 1024);
  }

  private Path newestLog() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.filter(LogDamageTest::isLog).sorted().reduce((a, b) -> b).orElseThrow();
    }
  }

  private static boolean isLog(Path file) {
    return file.toString().endsWith(".log");
  }

  /** A copy of the directory, with other bytes in one file. */
  private Path copyWith(Path changed, byte[] bytes, String name) throws IOException {
    Path copy = Files.createDirectory(directory.resolve(name));
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Files.copy(file, copy.resolve(file.getFileName()));
      }
    }
    Files.write(copy.resolve(changed.getFileName()), bytes);
    return copy;
  }
}
