package io.pekkoraft.sharding.placement;

import static org.assertj.core.api.Assertions.assertThat;

import io.pekkoraft.sharding.placement.Words.Topic;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.slf4j.event.Level;

class WordsTest {
  private final List<String> said = new ArrayList<>();
  private final Words words = new Words((level, word) -> said.add(level + " " + word));

  private void looks(int count, Runnable each) {
    for (var i = 0; i < count; i++) {
      words.look();
      each.run();
    }
  }

  @Test
  @DisplayName("news is said at once, and again now and then; what else is said changes nothing")
  void says() {
    looks(
        25,
        () -> {
          words.say(Topic.VERDICT, Level.INFO, "waits");
          words.say(Topic.DISK_IN_USE, Level.ERROR, "a copy");
        });
    assertThat(said)
        .containsExactly(
            "INFO waits",
            "ERROR a copy",
            "INFO waits",
            "ERROR a copy",
            "INFO waits",
            "ERROR a copy");
    words.say(Topic.VERDICT, Level.ERROR, "refused");
    assertThat(said).endsWith("ERROR refused");
  }

  @Test
  @DisplayName("what passes by itself is said when it has been so for ten looks")
  void lasts() {
    looks(9, () -> words.sayIfItLasts(Topic.AWAY, Optional.of("away")));
    looks(1, () -> words.sayIfItLasts(Topic.AWAY, Optional.empty()));
    looks(9, () -> words.sayIfItLasts(Topic.AWAY, Optional.of("away")));
    assertThat(said).isEmpty();
    looks(11, () -> words.sayIfItLasts(Topic.AWAY, Optional.of("away")));
    assertThat(said).containsExactly("WARN away", "WARN away");
  }
}
