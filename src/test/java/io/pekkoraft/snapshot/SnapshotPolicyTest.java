package io.pekkoraft.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pekkoraft.model.LogIndex;
import io.pekkoraft.snapshot.SnapshotPolicy.Since;
import java.util.Arrays;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SnapshotPolicyTest {
  private static final SnapshotPolicy POLICY = new SnapshotPolicy(1000, 4096, 10, 50);

  @ParameterizedTest(
      name = "{0} entries, {1} bytes, last of {2} bytes, taking {3}, log full {4}: {5}")
  @DisplayName(
      "§7 one is taken after so many entries or bytes, or when the log is full, never two at once")
  @CsvSource({
    "999,  4095, 0,     false, false, false",
    "1000, 0,    0,     false, false, true",
    "10,   4096, 0,     false, false, true",
    "1000, 4096, 0,     true,  false, false",
    "9,    9999, 0,     false, false, false",
    "10,   4096, 20000, false, false, false",
    "10,   5000, 20000, false, false, true",
    "1000, 0,    20000, false, false, true",
    "1,    1,    20000, false, true,  true",
    "0,    0,    0,     false, true,  false",
    "1,    1,    0,     true,  true,  false",
  })
  void due(long entries, long bytes, long lastLength, boolean taking, boolean full, boolean due) {
    assertThat(POLICY.isDue(new Since(entries, bytes, lastLength, full, taking))).isEqualTo(due);
  }

  @ParameterizedTest(name = "a snapshot at {0}, transfers of [{1}]: through {2}")
  @DisplayName("§7 the log keeps a tail for slow followers, and what a transfer will need next")
  @CsvSource({
    "40,  '',      0",
    "100, '',      50",
    "100, '80',    50",
    "100, '30 80', 30",
  })
  void keeps(long snapshot, String transfers, long through) {
    var indexes =
        Arrays.stream(transfers.split(" "))
            .filter(text -> !text.isEmpty())
            .map(text -> LogIndex.of(Long.parseLong(text)))
            .toList();
    assertThat(POLICY.discardThrough(LogIndex.of(snapshot), indexes))
        .isEqualTo(LogIndex.of(through));
  }

  @Test
  @DisplayName("bounds that contradict each other are refused")
  void refusesNonsense() {
    assertThatThrownBy(() -> new SnapshotPolicy(5, 4096, 10, 50))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("5");
  }
}
