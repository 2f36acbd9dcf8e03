package io.pekkoraft.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.pekkoraft.QuietLogs;
import io.pekkoraft.testkit.Coverage.Kind;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Whatever strikes, and then all must recover and agree. {@code -Dsim.seed=N} replays one seed;
 * {@code mvn -Psoak verify -Dsim.minutes=M} hunts with fresh ones.
 */
@Tag("simulated")
@ExtendWith(QuietLogs.class)
class ChaosTest {
  private static final int SEEDS = Integer.getInteger("sim.seeds", 60);
  private static final Duration TORMENT = Duration.ofSeconds(30);
  private static final int PROGRESS_EVERY = 100;
  private static final int[] PEERS = {5, 3, 5, 3, 4, 5, 3, 2, 5, 3, 7};

  /** Those that are told: a pre-vote that is asked once more is none. */
  private static final int LEGAL_TRANSITIONS = 10;

  private final Coverage coverage = new Coverage();

  private double virtualSeconds;
  private long runs;
  private final long began = System.nanoTime();

  private void torment(long seed) {
    var run =
        Simulation.of(Registers::new)
            .peers(PEERS[(int) (seed % PEERS.length)])
            .seed(seed)
            .settings(Chaos.settings(seed))
            .judged(RegisterOrder::requireLinearizable)
            .run(
                cluster ->
                    Chaos.torment(cluster, TORMENT, new Registers.Workload((int) (seed % 4))));
    virtualSeconds += run.virtualSeconds();
    coverage.add(run.coverage());
    runs++;
  }

  private double wallSeconds() {
    return (System.nanoTime() - began) / 1e9;
  }

  private void report() {
    System.out.printf(
        "chaos: %d runs, %.2f virtual hours, %.0f virtual seconds a second, %s%n",
        runs, virtualSeconds / 3600, virtualSeconds / wallSeconds(), coverage.summary());
  }

  @Test
  @DisplayName(
      "a fixed set of seeds: nothing acknowledged is lost, nothing happens twice, all agree")
  void fixedSeeds() {
    var only = Long.getLong("sim.seed");
    if (only != null) {
      torment(only);
    } else {
      for (var seed = 1; seed <= SEEDS; seed++) {
        torment(seed);
      }
    }
    report();
    System.out.println(coverage);
    assertThat(virtualSeconds).isGreaterThan(runs * TORMENT.toSeconds());
    if (only == null && SEEDS >= 60) {
      assertThat(coverage.of(Kind.TRANSITION)).hasSize(LEGAL_TRANSITIONS);
      assertThat(coverage.of(Kind.FAULT).keySet()).isEqualTo(Chaos.faults());
      assertThat(coverage.of(Kind.REQUEST)).containsOnlyKeys("DONE", "REFUSED", "UNKNOWN");
      assertThat(coverage.of(Kind.SESSION))
          .containsKeys("sent", "sent again", "SessionExpired", "OutcomeUnknown", "Overloaded");
    }
  }

  private static double minutes() {
    var minutes = System.getProperty("sim.minutes", "");
    assertThat(minutes)
        .as("How long to hunt: -Dsim.minutes=30; or -Dsim.seed=N to replay one seed")
        .matches("[0-9]+([.][0-9]+)?");
    return Double.parseDouble(minutes);
  }

  @Test
  @DisplayName("fresh seeds for as long as it was asked for")
  @EnabledIfSystemProperty(named = "sim.soak", matches = "true")
  void soak() {
    if (Long.getLong("sim.seed") != null) {
      torment(Long.getLong("sim.seed"));
      return;
    }
    var seconds = minutes() * 60;
    for (var seed = System.currentTimeMillis() * 1000; wallSeconds() < seconds; seed++) {
      torment(seed);
      if (runs % PROGRESS_EVERY == 0) {
        report();
      }
    }
    report();
    System.out.println(coverage);
  }
}
