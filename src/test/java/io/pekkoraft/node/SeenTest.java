package io.pekkoraft.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class SeenTest {
  private final Seen seen = new Seen();

  @Test
  @DisplayName("a question is new once, in whatever order they come")
  void once() {
    assertThat(seen.isNew(1, 1)).isTrue();
    assertThat(seen.isNew(1, 3)).isTrue();
    assertThat(seen.isNew(1, 2)).isTrue();
    assertThat(seen.isNew(1, 3)).isFalse();
    assertThat(seen.isNew(1, 2)).isFalse();
    assertThat(seen.isNew(1, 1)).isFalse();
  }

  @Test
  @DisplayName("one that started anew counts from the beginning")
  void startedAnew() {
    assertThat(seen.isNew(1, 1)).isTrue();
    assertThat(seen.isNew(2, 1)).isTrue();
    assertThat(seen.isNew(2, 1)).isFalse();
  }

  @Test
  @DisplayName("a late copy of what an earlier start has asked is not new, and makes nothing new")
  void earlierStart() {
    assertThat(seen.isNew(1, 1)).isTrue();
    assertThat(seen.isNew(2, 1)).isTrue();
    assertThat(seen.isNew(1, 1)).isFalse();
    assertThat(seen.isNew(1, 2)).isFalse();
    assertThat(seen.isNew(2, 1)).isFalse();
    assertThat(seen.isNew(3, 1)).isTrue();
    assertThat(seen.isNew(1, 3)).isFalse();
    assertThat(seen.isNew(2, 2)).isFalse();
    assertThat(seen.isNew(3, 2)).isTrue();
  }

  @Test
  @DisplayName("the last starts are remembered, and no more than those")
  void boundedStarts() {
    for (var start = 1; start <= 1000; start++) {
      assertThat(seen.isNew(start, 1)).isTrue();
      for (var earlier = Math.max(1, start - Seen.MOST_FORMER); earlier < start; earlier++) {
        assertThat(seen.isNew(earlier, 2)).isFalse();
      }
    }
    assertThat(seen.isNew(1, 2)).isTrue();
  }

  @Test
  @DisplayName(
      "what is older than the window counts as a copy, and numbers far apart are no copies")
  void window() {
    assertThat(seen.isNew(1, 5)).isTrue();
    assertThat(seen.isNew(1, 5L + Seen.WINDOW)).isTrue();
    assertThat(seen.isNew(1, 5)).isFalse();
    assertThat(seen.isNew(1, 6)).isTrue();
    assertThat(seen.isNew(1, 10L * Seen.WINDOW + 5)).isTrue();
    assertThat(seen.isNew(1, 0)).isFalse();
  }

  @Test
  @DisplayName("as a set would say, for any order within the window")
  void likeASet() {
    var random = new Random(42);
    var set = new HashSet<Long>();
    for (var i = 1; i < 300_000; i++) {
      var number = (long) Math.max(1, i - random.nextInt(1000));
      assertThat(seen.isNew(7, number)).isEqualTo(set.add(number));
    }
  }
}
