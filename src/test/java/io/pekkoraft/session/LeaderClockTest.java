package io.pekkoraft.session;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class LeaderClockTest {
  @Test
  @DisplayName(
      "thesis §6.3: a leader's stamps go on from the log's time, at its own monotonic rate")
  void stamps() {
    var clock = new LeaderClock(5000, 70);
    assertThat(clock.stamp(70)).isEqualTo(5000);
    assertThat(clock.stamp(95)).isEqualTo(5025);
  }

  @Test
  @DisplayName("a monotonic clock may begin anywhere, below zero too")
  void anyOrigin() {
    assertThat(new LeaderClock(5000, -70).stamp(30)).isEqualTo(5100);
  }
}
