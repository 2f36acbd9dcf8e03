package io.pekkoraft.mutants;

import static io.pekkoraft.mutants.Mutant.edit;
import static io.pekkoraft.mutants.Mutant.mutant;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.LoggerFactory;

/**
 * Every mutant is caught. {@code target/mutants.md} tells by whom; {@code -Dmutants.from=N} hunts
 * with other seeds than 1, 2, 3, ... and {@code -Dmutants.named=...} those in whose name the
 * pattern is found.
 */
@Tag("simulated")
class MutantTest {
  private static final long FIRST = Long.getLong("mutants.from", 1);
  private static final Predicate<String> NAMED =
      Pattern.compile(System.getProperty("mutants.named", "")).asPredicate();
  private static final Logger ROOT =
      (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
  private static final Level LEVEL = ROOT.getLevel();
  private static final List<String> CAUGHT = new ArrayList<>();

  private static Stage correct;

  /** Mutants fail all the time, and say so at length. */
  @BeforeAll
  static void begin() {
    ROOT.setLevel(Level.OFF);
    correct = new Stage(Mutants.NONE);
  }

  @AfterAll
  static void report() throws IOException {
    ROOT.setLevel(LEVEL);
    correct = null;
    var table = new ArrayList<String>();
    table.add("| mutant | breaks | story | what was said | seed | seconds |");
    table.add("|---|---|---|---|---|---|");
    table.addAll(CAUGHT);
    CAUGHT.clear();
    Files.write(Path.of("target", "mutants.md"), table);
    table.forEach(System.out::println);
  }

  static Stream<Mutant> mutants() {
    return Mutants.all().filter(mutant -> NAMED.test(mutant.name()));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("mutants")
  @DisplayName("A mutant is caught, where the correct peer is not")
  void isCaught(Mutant mutant) {
    var began = System.nanoTime();
    var stage = new Stage(mutant);
    var seed = FIRST;
    var said = stage.play(mutant.story(), seed);
    while (said == null && seed < FIRST + mutant.story().seeds() - 1) {
      said = stage.play(mutant.story(), ++seed);
    }
    assertThat(said).as("it survives %s", mutant.story()).startsWith("Seed " + seed + " failed: ");
    assertThat(said).doesNotContain("not deterministic");
    var seconds = (System.nanoTime() - began) / 1e9;
    CAUGHT.add(row(mutant, rule(said), seed, seconds));
    assertThat(correct.play(mutant.story(), seed)).as("the correct peer, seed %s", seed).isNull();
  }

  @Test
  @DisplayName("A leader that is poorer but not wrong is not caught")
  void poorerLeader() {
    var stage = new Stage(Mutants.POORER_LEADER);
    for (var seed = FIRST; seed < FIRST + 5; seed++) {
      assertThat(stage.play(Mutants.POORER_LEADER.story(), seed)).as("seed %s", seed).isNull();
    }
  }

  @Test
  @DisplayName("A mutant that no longer fits the source says so")
  void needsMending() {
    var lost = mutant("lost", "", Story.CHAOS, edit("role/Follower.java", "no such code", ""));
    assertThatThrownBy(() -> new Stage(lost))
        .hasMessageContaining("\"lost\" needs mending")
        .hasStackTraceContaining("role/Follower.java has this 0 times");
  }

  private static String row(Mutant mutant, String rule, long seed, double seconds) {
    return String.format(
        Locale.ROOT,
        "| %s | %s | %s | %s | %d | %.2f |",
        mutant.name(),
        mutant.breaks(),
        mutant.story(),
        rule,
        seed,
        seconds);
  }

  private static String rule(String said) {
    var first = said.lines().findFirst().orElseThrow();
    return first.replaceFirst("Seed \\d+ failed: ", "").replaceFirst("^(.{90}).+", "$1...");
  }
}
