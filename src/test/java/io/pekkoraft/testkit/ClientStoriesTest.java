package io.pekkoraft.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.pekkoraft.QuietLogs;
import io.pekkoraft.testkit.Registers.Get;
import io.pekkoraft.testkit.Registers.Put;
import io.pekkoraft.testkit.Request.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What clients with sessions are promised (thesis §6.3), while leaders and messages get lost. */
@Tag("simulated")
@ExtendWith(QuietLogs.class)
class ClientStoriesTest {
  private static final int SEEDS = 20;

  private static Simulation<Registers.Command, String> simulation() {
    return Simulation.of(Registers::new).peers(3).linearizable(Registers.Command::key);
  }

  private static void ends(Cluster<?, ?> cluster, Request<?, ?> request) {
    cluster.await(request.toString(), () -> request.outcome() != Outcome.PENDING);
  }

  @Test
  @DisplayName("a command whose leader dies before it answers takes effect once under the next")
  void leaderDies() {
    simulation()
        .settings("client.resend-after = 100 ms")
        .overSeeds(
            SEEDS,
            cluster -> {
              var client = cluster.newClient();
              ends(cluster, client.propose(new Put("k", "before")));
              var asked = client.propose(new Put("k", "x"));
              cluster.passes(Duration.ofNanos(cluster.random().nextLong(2_000_000)));
              var old = cluster.lastLeader().orElseThrow();
              cluster.crash(old);
              ends(cluster, asked);
              assertThat(asked.outcome()).isEqualTo(Outcome.DONE);
              assertThat(asked.result()).isEqualTo("before");
              cluster.start(old);
            });
  }

  @Test
  @DisplayName("sessions are in the snapshot: a peer that begins with one knows what was applied")
  void snapshot() {
    simulation()
        .settings("snapshots { min-entries = 5, max-entries = 5, keep-entries = 0 }")
        .settings("client { resend-after = 50 ms, max-in-flight = 1 }")
        .overSeeds(
            SEEDS,
            cluster -> {
              var client = cluster.newClient();
              ends(cluster, client.propose(new Put("k", "0")));
              var slowest = Duration.ofMillis(80);
              cluster.lateAnswers(slowest, slowest); // Copies of all that is asked for.
              var requests = new ArrayList<Request<Registers.Command, String>>();
              for (var i = 1; i <= 12; i++) {
                requests.add(client.propose(new Put("k", "" + i)));
                cluster.passes(Duration.ofMillis(60));
                cluster.restart(cluster.peers().stream().skip(i % 3).findFirst().orElseThrow());
              }
              cluster.calm();
              requests.forEach(request -> ends(cluster, request));
            });
  }

  @Test
  @DisplayName("no client is told another one's result, whoever led when they asked")
  void ownResults() {
    simulation()
        .settings("client.resend-after = 100 ms")
        .overSeeds(
            SEEDS,
            cluster -> {
              var one = cluster.newClient();
              var two = cluster.newClient();
              ends(cluster, one.propose(new Put("one", "a")));
              ends(cluster, two.propose(new Put("two", "b")));
              cluster.isolate(cluster.awaitLeader());
              var first = one.propose(new Put("one", "c"));
              var second = two.propose(new Put("two", "d"));
              ends(cluster, first);
              ends(cluster, second);
              assertThat(first.result()).isEqualTo("a");
              assertThat(second.result()).isEqualTo("b");
            });
  }

  @Test
  @DisplayName("a command that may have been applied before its session expired ends as unknown")
  void expired() {
    simulation()
        .settings("sessions.expire-after = 200 ms")
        .settings("client { resend-after = 100 ms, timeout = 1 s }")
        .overSeeds(
            SEEDS,
            cluster -> {
              var away = cluster.newClient();
              var other = cluster.newClient();
              ends(cluster, away.propose(new Put("k", "before")));
              away.hearsNothing();
              var lost = away.propose(new Put("k", "x"));
              cluster.passes(Duration.ofMillis(5));
              away.cutOff();
              for (var i = 0; i < 8; i++) {
                ends(cluster, other.propose(new Put("time", "passes " + i)));
                cluster.passes(Duration.ofMillis(50));
              }
              away.comesBack();
              ends(cluster, lost);
              assertThat(lost.outcome()).isEqualTo(Outcome.UNKNOWN);
              var next = away.propose(new Put("k", "y"));
              ends(cluster, next);
              assertThat(next.outcome()).isEqualTo(Outcome.DONE);
            });
  }

  @Test
  @DisplayName("a client reads what it wrote at every peer, though some lag behind")
  void readsItsWrites() {
    simulation()
        .overSeeds(
            SEEDS,
            cluster -> {
              var client = cluster.newClient();
              cluster.awaitLeader();
              for (var i = 0; i < 10; i++) {
                var written = client.propose(new Put("k", "" + i));
                ends(cluster, written);
                var read = client.readOfSession(new Get("k"));
                ends(cluster, read);
                assertThat(read.result()).isEqualTo("" + i);
              }
            });
  }
}
