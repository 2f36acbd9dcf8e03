package io.pekkoraft.sharding.placement;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class StartingTest {
  private static final List<Integer> WANTED = List.of(1, 2, 3, 4, 5);

  private final Starting starting = new Starting(2, 100);

  @Test
  @DisplayName("a few at a time, the next when these know who leads")
  void fewAtATime() {
    assertThat(starting.next(WANTED, 0)).containsExactly(1, 2);
    assertThat(starting.next(WANTED, 1)).isEmpty();
    starting.settled(1);
    assertThat(starting.next(WANTED, 2)).containsExactly(3);
    starting.settled(2);
    starting.settled(3);
    assertThat(starting.next(WANTED, 3)).containsExactly(4, 5);
    assertThat(starting.isDone(WANTED)).isTrue();
    starting.settled(4);
    assertThat(starting.next(WANTED, 4)).isEmpty();
  }

  @Test
  @DisplayName("those that find no leader hold up the rest for a while only")
  void goesOn() {
    assertThat(starting.next(WANTED, 0)).containsExactly(1, 2);
    assertThat(starting.next(WANTED, 100)).isEmpty();
    assertThat(starting.next(WANTED, 101)).containsExactly(3, 4);
    assertThat(starting.isDone(WANTED)).isFalse();
  }

  @Test
  @DisplayName("one that has ended is started once more")
  void startsAgain() {
    assertThat(starting.next(List.of(1), 0)).containsExactly(1);
    assertThat(starting.next(List.of(1), 1)).isEmpty();
    starting.ended(1);
    assertThat(starting.next(List.of(1), 2)).containsExactly(1);
  }
}
