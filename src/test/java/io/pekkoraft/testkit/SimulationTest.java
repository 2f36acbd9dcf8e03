package io.pekkoraft.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigFactory;
import io.pekkoraft.CommandHandler;
import io.pekkoraft.StateMachine;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("simulated")
class SimulationTest {
  /** Counts its commands. */
  static final class Counting extends StateMachine<String, Integer, Integer> {
    @Override
    public Integer emptyState() {
      return 0;
    }

    @Override
    public CommandHandler<String, Integer, Integer> commandHandler() {
      return (context, count, command) -> Effect().set(count + 1).thenReply(count + 1);
    }
  }

  private static Simulation.Run story(long seed) {
    return Simulation.of(Counting::new)
        .peers(5)
        .seed(seed)
        .run(cluster -> Chaos.torment(cluster, Duration.ofSeconds(10), n -> "c" + n));
  }

  /** Run by the test in a process of its own. */
  public static void main(String[] args) {
    System.out.println("hash " + story(7).hash());
  }

  @Test
  @DisplayName("the same seed is the same run, another seed is another")
  void deterministic() {
    var first = story(7);
    assertThat(story(7)).isEqualTo(first);
    assertThat(story(8).hash()).isNotEqualTo(first.hash());
  }

  @Test
  @DisplayName("the same seed is the same run in another process")
  void deterministicOverProcesses() throws Exception {
    var process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                SimulationTest.class.getName())
            .redirectErrorStream(true)
            .start();
    var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    assertThat(output).contains("hash " + story(7).hash());
  }

  @Test
  @DisplayName("a failure tells the seed, the line that replays it, and the last events")
  void failure() {
    assertThatThrownBy(
            () ->
                Simulation.of(Counting::new)
                    .seed(42)
                    .run(
                        cluster -> {
                          cluster.one("x", 3);
                          throw new AssertionError("on purpose");
                        }))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("Seed 42 failed: on purpose")
        .hasMessageContaining("s of virtual time")
        .hasMessageContaining("-Dsim.seed=42")
        .hasMessageContaining("AppendEntries");
  }

  @Test
  @DisplayName("a failure that does not show again is a failure of its own")
  void notDeterministic() {
    var tries = new AtomicInteger();
    assertThatThrownBy(
            () ->
                Simulation.of(Counting::new)
                    .run(
                        cluster -> {
                          if (tries.incrementAndGet() == 1) {
                            throw new AssertionError("once");
                          }
                        }))
        .hasMessageContaining("not deterministic");
  }

  @Test
  @DisplayName("a failure that is another one the second time is one of the simulation, too")
  void notTheSame() {
    var tries = new AtomicInteger();
    assertThatThrownBy(
            () ->
                Simulation.of(Counting::new)
                    .run(
                        cluster -> {
                          throw new AssertionError("try " + tries.incrementAndGet());
                        }))
        .hasMessageContaining("not deterministic")
        .hasMessageContaining("try 1");
  }

  @Test
  @DisplayName("work that comes from a foreign thread fails the run")
  void foreignThread() {
    assertThatThrownBy(
            () ->
                Simulation.of(Counting::new)
                    .run(
                        cluster -> {
                          var leader = cluster.awaitLeader();
                          CompletableFuture.runAsync(
                                  () -> cluster.propose(leader, "x"), task -> startAndJoin(task))
                              .exceptionally(expected -> null)
                              .join();
                          cluster.passes(Duration.ofSeconds(1));
                        }))
        .hasMessageContaining("left its thread");
  }

  private static void startAndJoin(Runnable task) {
    var thread = new Thread(task, "foreign");
    thread.start();
    try {
      thread.join();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  @DisplayName("the oracles see two leaders, two votes, a lost entry and a different command")
  void oraclesSee() {
    OracleTrials.all().forEach((rule, trial) -> assertThat(trial.get()).as(rule).contains(rule));
    assertThat(OracleTrials.lateCut().get()).isEmpty();
  }

  @Test
  @DisplayName("of the application's settings, a simulated node has only how things are serialized")
  void applicationSettings() {
    var application =
        ConfigFactory.parseString(
            """
            pekko.actor { provider = cluster, serialization-bindings { "java.lang.String" = mine } }
            """);
    assertThat(Processes.serialization(application))
        .isEqualTo(application.withoutPath("pekko.actor.provider"));
    assertThat(Processes.serialization(ConfigFactory.empty()).isEmpty()).isTrue();
  }
}
