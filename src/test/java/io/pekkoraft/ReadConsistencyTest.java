package io.pekkoraft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pekkoraft.ReadConsistency.Stale;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ReadConsistencyTest {
  @Test
  @DisplayName("a read may be as stale as a peer's clock can count, and no more")
  void stale() {
    for (var illegal : new Duration[] {Duration.ofNanos(-1), Duration.ofSeconds(Long.MAX_VALUE)}) {
      assertThatThrownBy(() -> ReadConsistency.stale(illegal))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining(illegal.toString());
    }
    var years = (Stale) ReadConsistency.stale(Duration.ofDays(36_500));
    assertThat(years.atMost().toNanos()).isPositive();
  }
}
