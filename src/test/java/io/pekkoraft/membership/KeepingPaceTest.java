package io.pekkoraft.membership;

import static org.assertj.core.api.Assertions.assertThat;

import io.pekkoraft.membership.KeepingPace.Bounds;
import io.pekkoraft.membership.KeepingPace.Verdict;
import io.pekkoraft.model.LogIndex;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Rounds in which a newcomer catches up (thesis §4.2.1). */
class KeepingPaceTest {
  private static final Bounds BOUNDS = new Bounds(3, 100, 1_000);

  private final KeepingPace pace = new KeepingPace(LogIndex.of(10), 0, BOUNDS);

  private Verdict at(long now, long matched, long last) {
    return pace.look(LogIndex.of(matched), matched, 0, LogIndex.of(last), now);
  }

  private Verdict withSnapshot(long now, double share, long matched) {
    var index = LogIndex.of(matched);
    return pace.look(index, List.of(share, matched), share, LogIndex.of(20), now);
  }

  @Test
  @DisplayName("a short round is enough")
  void shortRound() {
    assertThat(at(50, 9, 12)).isEqualTo(Verdict.NOT_YET);
    assertThat(at(90, 10, 12)).isEqualTo(Verdict.CAUGHT_UP);
  }

  @Test
  @DisplayName("a long one is not; the next one ends where the log ended then")
  void longRound() {
    assertThat(at(500, 10, 20)).isEqualTo(Verdict.NOT_YET);
    assertThat(at(550, 19, 25)).isEqualTo(Verdict.NOT_YET);
    assertThat(at(580, 20, 25)).isEqualTo(Verdict.CAUGHT_UP);
  }

  @Test
  @DisplayName("whoever had caught up and falls behind has not")
  void fallsBehind() {
    assertThat(at(50, 10, 20)).isEqualTo(Verdict.CAUGHT_UP);
    assertThat(at(149, 15, 30)).isEqualTo(Verdict.CAUGHT_UP);
    assertThat(at(151, 16, 31)).isEqualTo(Verdict.NOT_YET);
  }

  @Test
  @DisplayName("after so many long rounds it is too slow")
  void tooManyRounds() {
    assertThat(at(200, 10, 20)).isEqualTo(Verdict.NOT_YET);
    assertThat(at(400, 20, 30)).isEqualTo(Verdict.NOT_YET);
    assertThat(at(600, 30, 40)).isEqualTo(Verdict.TOO_SLOW);
  }

  @Test
  @DisplayName("nor does anybody wait for one that comes no further")
  void comesNoFurther() {
    assertThat(at(900, 5, 20)).isEqualTo(Verdict.NOT_YET);
    assertThat(at(1_900, 5, 20)).isEqualTo(Verdict.NOT_YET);
    assertThat(at(1_901, 5, 20)).isEqualTo(Verdict.TOO_SLOW);
  }

  @Test
  @DisplayName("nor for one that begins with a snapshot again and again")
  void beginsAgainAndAgain() {
    for (var now = 0; now < 600; now += 200) {
      assertThat(withSnapshot(now, 0.9, 0)).isEqualTo(Verdict.NOT_YET);
      assertThat(withSnapshot(now + 100, 0.1, 0))
          .isEqualTo(now < 400 ? Verdict.NOT_YET : Verdict.TOO_SLOW);
    }
  }

  @Test
  @DisplayName("a snapshot that is in effect was not lost")
  void hasIt() {
    for (var matched = 1; matched < 9; matched++) {
      assertThat(withSnapshot(matched, 0.9, matched - 1)).isEqualTo(Verdict.NOT_YET);
      assertThat(withSnapshot(matched, 0, matched)).isEqualTo(Verdict.NOT_YET);
    }
  }
}
