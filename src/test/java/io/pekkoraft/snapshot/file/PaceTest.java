package io.pekkoraft.snapshot.file;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class PaceTest {
  private static final long MILLI = 1_000_000;

  private final List<Long> rests = new ArrayList<>();
  private long now = 42;

  private Pace pace(double rest) {
    return new Pace(
        1000,
        new Pace.Rest(
            rest,
            () -> now,
            nanos -> {
              rests.add(nanos);
              now += nanos;
            }));
  }

  private void write(Pace pace, int bytes, long nanos) {
    now += nanos;
    pace.wrote(bytes);
  }

  @Test
  @DisplayName("after each piece it rests, so many times as long as the piece took")
  void rests() {
    var pace = pace(2);
    write(pace, 999, 3 * MILLI);
    assertThat(rests).isEmpty();
    write(pace, 1, 2 * MILLI);
    assertThat(rests).containsExactly(10 * MILLI);
    write(pace, 1500, MILLI);
    assertThat(rests).as("its own rest is no work").containsExactly(10 * MILLI, 2 * MILLI);
  }

  @Test
  @DisplayName("on a disk that hangs it does not rest for as long: a stop would have to wait")
  void bounded() {
    write(pace(1), 1000, 60_000 * MILLI);
    assertThat(rests).containsExactly(100 * MILLI);
  }

  @Test
  @DisplayName("a factor of 0 never rests")
  void off() {
    write(pace(0), 5000, MILLI);
    assertThat(rests).isEmpty();
  }
}
