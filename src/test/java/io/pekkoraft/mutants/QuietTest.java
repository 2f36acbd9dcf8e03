package io.pekkoraft.mutants;

import static org.assertj.core.api.Assertions.assertThat;

import io.pekkoraft.QuietLogs;
import java.util.EnumSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Groups that have nothing to do, and what strikes them then. */
@Tag("simulated")
@ExtendWith(QuietLogs.class)
class QuietTest {
  private static final int SEEDS = 20;

  static Stream<Story> stories() {
    return EnumSet.range(Story.RESTING, Story.LAST_WORDS).stream();
  }

  @ParameterizedTest
  @MethodSource("stories")
  @DisplayName("a group that has nothing to do is as safe and as available as any")
  void endsWell(Story story) {
    for (var seed = 1; seed <= SEEDS; seed++) {
      assertThat(story.apply(seed)).as("%s, seed %s", story, seed).isNull();
    }
  }
}
