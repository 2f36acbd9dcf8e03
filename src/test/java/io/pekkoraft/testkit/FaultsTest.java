package io.pekkoraft.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pekkoraft.CommandHandler;
import io.pekkoraft.QuietLogs;
import io.pekkoraft.StateMachine;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Each fault does what it says. */
@Tag("simulated")
@ExtendWith(QuietLogs.class)
class FaultsTest {
  private static final Duration SECOND = Duration.ofSeconds(1);

  private static Simulation<String, Integer> simulation() {
    return Simulation.of(SimulationTest.Counting::new).peers(3);
  }

  @Test
  @DisplayName("a full disk stops a peer; once there is room it comes back and catches up")
  void fullDisk() {
    simulation()
        .run(
            cluster -> {
              var leader = cluster.awaitLeader();
              cluster.fillDisk(leader, SECOND);
              var lost = cluster.propose(leader, "x");
              cluster.await("it stops", () -> !cluster.isRunning(leader));
              assertThat(lost.outcome()).isEqualTo(Request.Outcome.UNKNOWN);
              cluster.passes(SECOND);
              cluster.start(leader);
              cluster.one("y", 3);
            });
  }

  @Test
  @DisplayName("what nobody was promised is lost with the power, or not, as the seed will have it")
  void powerLoss() {
    var ends = new TreeSet<Boolean>();
    for (var seed = 1; seed <= 20; seed++) {
      simulation()
          .peers(1)
          .seed(seed)
          .run(
              cluster -> {
                var only = cluster.awaitLeader();
                cluster.stallDisk(only, SECOND);
                cluster.propose(only, "x");
                cluster.await("it is written", () -> cluster.disk(only).isWriting());
                cluster.losePower(only);
                cluster.start(only);
                cluster.awaitLeader();
                cluster.passes(SECOND);
                ends.add(cluster.applied(only).contains("x"));
              });
    }
    assertThat(ends).isEqualTo(Set.of(true, false));
  }

  @Test
  @DisplayName("what survived kill -9 in the system's memory is gone when the power fails as well")
  void killedAndThenWithoutPower() {
    var killed = 0;
    var both = 0;
    for (var seed = 1; seed <= 40; seed++) {
      killed += survives(seed, false) ? 1 : 0;
      both += survives(seed, true) ? 1 : 0;
    }
    assertThat(both).isPositive().isLessThan(killed);
  }

  private static boolean survives(long seed, boolean powerFails) {
    var survived = new TreeSet<Boolean>();
    simulation()
        .peers(1)
        .seed(seed)
        .run(
            cluster -> {
              var only = cluster.awaitLeader();
              cluster.stallDisk(only, SECOND);
              cluster.propose(only, "x");
              cluster.await("it is written", () -> cluster.disk(only).isWriting());
              cluster.crash(only);
              if (powerFails) {
                cluster.losePower(only);
              }
              cluster.start(only);
              cluster.awaitLeader();
              cluster.passes(SECOND);
              survived.add(cluster.applied(only).contains("x"));
            });
    return survived.first();
  }

  @Test
  @DisplayName("over a slow link to one follower the leader still commits with the other")
  void slowLink() {
    simulation()
        .run(
            cluster -> {
              var leader = cluster.awaitLeader();
              var slow = cluster.peers().stream().filter(id -> !id.equals(leader)).findFirst();
              cluster.slow(leader, slow.orElseThrow(), Duration.ofMillis(100));
              var began = cluster.time();
              cluster.one("x", 2);
              assertThat(cluster.time().minus(began)).isLessThan(Duration.ofMillis(90));
              cluster.one("y", 3);
              assertThat(cluster.time().minus(began)).isGreaterThan(Duration.ofMillis(100));
            });
  }

  @Test
  @DisplayName("a read sees what was acknowledged before it, and is not taken for a command")
  void read() {
    simulation()
        .run(
            cluster -> {
              cluster.one("x", 3);
              var leader = cluster.awaitLeader();
              var refused = cluster.read(leader, "changes the state");
              cluster.await("it ends", () -> refused.outcome() == Request.Outcome.REFUSED);
              assertThat(cluster.applied(leader)).containsExactly("x");
            });
  }

  /** Refuses to take more than there is. */
  private static final class Account extends StateMachine<String, Integer, Integer> {
    @Override
    public Integer emptyState() {
      return 0;
    }

    @Override
    public CommandHandler<String, Integer, Integer> commandHandler() {
      return (context, balance, command) -> {
        if (command.equals("balance")) {
          return Effect().reply(balance);
        }
        var after = balance + Integer.parseInt(command);
        if (after < 0) {
          throw new IllegalStateException("insufficient");
        }
        return Effect().set(after).thenReply(after);
      };
    }
  }

  @Test
  @DisplayName("a read after a command that its handler refused is not taken for a command")
  void readAfterFailure() {
    Simulation.of(Account::new)
        .run(
            cluster -> {
              var leader = cluster.awaitLeader();
              cluster.propose(leader, "3");
              var refused = cluster.propose(leader, "-5");
              cluster.await("no", () -> refused.outcome() == Request.Outcome.REFUSED);
              var balance = cluster.read(leader, "balance");
              cluster.await("the balance", () -> balance.outcome() == Request.Outcome.DONE);
              assertThat(balance.result()).isEqualTo(3);
            });
  }

  /** Nobody can serialize it. */
  private static final class Opaque {}

  @Test
  @DisplayName("a command that can't be serialized fails the run, for nothing would ever be done")
  void notSerializable() {
    assertThatThrownBy(
            () ->
                Simulation.of(OpaqueMachine::new)
                    .run(cluster -> Chaos.torment(cluster, SECOND, n -> new Opaque())))
        .hasMessageContaining("CborSerializable");
  }

  private static final class OpaqueMachine extends StateMachine<Opaque, Integer, Integer> {
    @Override
    public Integer emptyState() {
      return 0;
    }

    @Override
    public CommandHandler<Opaque, Integer, Integer> commandHandler() {
      return (context, count, command) -> Effect().set(count + 1).thenReply(count);
    }
  }

  @Test
  @DisplayName("a stall holds up the write that is under way, too")
  void stall() {
    simulation()
        .peers(1)
        .run(
            cluster -> {
              var only = cluster.awaitLeader();
              cluster.slowDisks(Duration.ofMillis(20));
              var write = cluster.propose(only, "x");
              cluster.await("it is written", () -> cluster.disk(only).isWriting());
              cluster.stallDisk(only, SECOND);
              cluster.passes(Duration.ofMillis(900));
              assertThat(write.outcome()).isEqualTo(Request.Outcome.PENDING);
              cluster.passes(Duration.ofMillis(200));
              assertThat(write.outcome()).isEqualTo(Request.Outcome.DONE);
            });
  }

  /** Ends any peer that applies a command. */
  private static final class Fatal extends StateMachine<String, Integer, Integer> {
    @Override
    public Integer emptyState() {
      return 0;
    }

    @Override
    public CommandHandler<String, Integer, Integer> commandHandler() {
      return (context, count, command) -> {
        throw new Error("on purpose");
      };
    }
  }

  @Test
  @DisplayName("a peer that stops by itself though its disk is fine fails the run")
  void stopsByItself() {
    assertThatThrownBy(
            () ->
                Simulation.of(Fatal::new)
                    .peers(3)
                    .run(
                        cluster -> {
                          cluster.propose(cluster.awaitLeader(), "x");
                          cluster.passes(SECOND);
                        }))
        .hasMessageContaining("stopped by itself");
  }

  @Test
  @DisplayName("five peers in peace: at least 200 virtual seconds a second of the processor")
  void steadyState() {
    // This thread does all of it; who else wants the processor makes no difference.
    var thread = ManagementFactory.getThreadMXBean();
    var best = 0.0;
    for (var round = 1; round <= 5; round++) {
      var began = thread.getCurrentThreadCpuTime();
      var run =
          simulation()
              .peers(5)
              .seed(round)
              .run(
                  cluster -> {
                    cluster.awaitLeader();
                    cluster.passes(Duration.ofMinutes(10));
                  });
      best =
          Math.max(best, run.virtualSeconds() * 1e9 / (thread.getCurrentThreadCpuTime() - began));
    }
    System.out.printf("steady state of five peers: %.0f virtual seconds a second%n", best);
    assertThat(best).isGreaterThan(200);
  }
}
