package io.pekkoraft.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.pekkoraft.demo.Outage.State;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class OutageTest {
  private static final Outage BEGUN = Outage.of(Set.of("a", "b", "c"));

  private static Duration millis(long millis) {
    return Duration.ofMillis(millis);
  }

  @Test
  @DisplayName("it lasts until the last of the shows has taken a write, whoever comes first")
  void lastsUntilTheLast() {
    var most = BEGUN.answered("b", millis(3)).answered("c", millis(420));
    assertThat(most.state()).isEqualTo(State.OUT);
    assertThat(most.length(millis(900))).isEqualTo(millis(900));
    var over = most.answered("a", millis(410));
    assertThat(over.state()).isEqualTo(State.OVER);
    assertThat(over.length(millis(5000))).isEqualTo(millis(420));
  }

  @Test
  @DisplayName("only the first answer of a show counts, and failures before it")
  void firstAnswers() {
    var outage =
        BEGUN
            .failed("a")
            .failed("a")
            .answered("a", millis(100))
            .failed("a")
            .answered("a", millis(700))
            .answered("b", millis(1))
            .answered("c", millis(2));
    assertThat(outage.failed()).isEqualTo(2);
    assertThat(outage.length(millis(1000))).isEqualTo(millis(100));
    assertThat(outage.failed("c").failed()).isEqualTo(2);
  }

  @Test
  @DisplayName("what was given up is not over, and lasted at least so long")
  void givenUp() {
    var outage = BEGUN.answered("a", millis(10)).givenUp(millis(2000));
    assertThat(outage.state()).isEqualTo(State.UNFINISHED);
    assertThat(outage.length(millis(9000))).isEqualTo(millis(2000));
    assertThat(outage.answered("b", millis(9000))).isEqualTo(outage);
    var over = Outage.of(Set.of("a")).answered("a", millis(5));
    assertThat(over.givenUp(millis(9))).isEqualTo(over);
  }
}
