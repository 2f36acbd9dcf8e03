package io.pekkoraft.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.pekkoraft.CommandHandler;
import io.pekkoraft.RaftException.ChangeRefused;
import io.pekkoraft.RaftStatus;
import io.pekkoraft.StateMachine;
import io.pekkoraft.membership.Change;
import io.pekkoraft.model.PeerId;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Stories of groups whose peers come and go (§6, thesis §4), over many seeds, with the oracles
 * watching. {@code -Dsim.seeds=N} runs more of them, {@code -Dsim.seed=N} one.
 */
@Tag("simulated")
class MembershipSuiteTest {
  private static final int SEEDS = Integer.getInteger("sim.seeds", 30);
  private static final PeerId P1 = PeerId.of("p1");
  private static final PeerId P4 = PeerId.of("p4");
  private static final PeerId P5 = PeerId.of("p5");
  private static final Set<PeerId> NOBODY = PeerId.setOf();

  /** Remembers every command; answers how many there are. */
  private static final class Counting extends StateMachine<String, Integer, Integer> {
    @Override
    public Integer emptyState() {
      return 0;
    }

    @Override
    public CommandHandler<String, Integer, Integer> commandHandler() {
      return (context, count, command) -> Effect().set(count + 1).thenReply(count + 1);
    }
  }

  private static void overSeeds(int peers, Consumer<Cluster<String, Integer>> story) {
    Simulation.of(Counting::new).peers(peers).overSeeds(SEEDS, story);
  }

  private static void pass(Cluster<?, ?> cluster, long millis) {
    cluster.passes(Duration.ofMillis(millis));
  }

  /** From now on, somebody proposes something at whoever leads, every few milliseconds. */
  private static void load(Cluster<String, Integer> cluster, int commands) {
    cluster.later(
        Duration.ofMillis(7),
        () -> {
          cluster
              .lastLeader()
              .filter(cluster::isRunning)
              .ifPresent(leader -> cluster.propose(leader, "load " + commands));
          if (commands > 0) {
            load(cluster, commands - 1);
          }
        });
  }

  private static PeerId other(Cluster<?, ?> cluster, PeerId... not) {
    return cluster.peers().stream()
        .filter(id -> !List.of(not).contains(id))
        .findFirst()
        .orElseThrow();
  }

  private static SortedSet<PeerId> voters(Cluster<?, ?> cluster) {
    return cluster.members().orElseThrow().configuration().voters();
  }

  private static RaftStatus status(Cluster<?, ?> cluster, PeerId id) {
    return cluster.status(id).orElseThrow();
  }

  private static boolean isInJoint(Cluster<?, ?> cluster, PeerId id) {
    return status(cluster, id).configuration().configuration().isJoint();
  }

  /** Waits, and looks so often that no message gets in between. */
  private static void watch(Cluster<?, ?> cluster, BooleanSupplier condition) {
    var end = cluster.time().plus(Duration.ofSeconds(5));
    while (!condition.getAsBoolean()) {
      assertThat(cluster.time()).isLessThan(end);
      cluster.passes(Duration.ofNanos(20_000));
    }
  }

  @Test
  @DisplayName("§6 from three peers to five and back, under load, while leaders die")
  void growsAndShrinks() {
    overSeeds(
        3,
        cluster -> {
          cluster.one("before", 3);
          load(cluster, 1_000);
          cluster.join(P4);
          cluster.join(P5);
          killLeaders(cluster, 5);
          cluster.changes(PeerId.setOf("p4", "p5"), NOBODY, NOBODY);
          assertThat(voters(cluster)).hasSize(5);
          killLeaders(cluster, 5);
          cluster.changes(NOBODY, PeerId.setOf("p1", "p4"), NOBODY);
          assertThat(voters(cluster)).isEqualTo(PeerId.setOf("p2", "p3", "p5"));
          cluster.one("after", 3);
        });
  }

  /** Again and again, whoever leads dies, and is back soon. */
  private static void killLeaders(Cluster<?, ?> cluster, int times) {
    cluster.later(
        Duration.ofMillis(300 + cluster.random().nextInt(300)),
        () -> {
          cluster
              .lastLeader()
              .ifPresent(
                  leader -> {
                    cluster.crash(leader);
                    cluster.later(Duration.ofMillis(150), () -> cluster.start(leader));
                  });
          if (times > 1) {
            killLeaders(cluster, times - 1);
          }
        });
  }

  @Test
  @DisplayName("§6 all peers are replaced, one after the other; what was committed stays")
  void replacesAll() {
    overSeeds(
        3,
        cluster -> {
          cluster.one("before", 3);
          load(cluster, 300);
          var next = 4;
          for (var old : PeerId.setOf("p1", "p2", "p3")) {
            var fresh = PeerId.of("p" + next++);
            cluster.join(fresh);
            cluster.changes(Set.of(fresh), Set.of(old), NOBODY);
            cluster.crash(old);
          }
          assertThat(voters(cluster)).isEqualTo(PeerId.setOf("p4", "p5", "p6"));
          cluster.one("after", 3);
          assertThat(cluster.applied(P4)).contains("before", "after");
        });
  }

  @Test
  @DisplayName("trap 25: a leader that is removed leads until that is committed, and then is quiet")
  void leaderRemoved() {
    overSeeds(
        3,
        cluster -> {
          cluster.one("before", 3);
          var old = cluster.awaitLeader();
          cluster.changes(NOBODY, Set.of(old), NOBODY);
          cluster.one("after", 2);
          var next = cluster.awaitLeader();
          assertThat(next).isNotEqualTo(old);
          pass(cluster, 500);
          assertThat(status(cluster, old).isMember()).isFalse();
          var term = status(cluster, next).term();
          pass(cluster, 3_000);
          assertThat(status(cluster, old).role()).isEqualTo(RaftStatus.Role.FOLLOWER);
          assertThat(status(cluster, next).term()).isEqualTo(term);
        });
  }

  @Test
  @DisplayName("thesis §4.2.1 a learner gets the log and decides nothing, until it is promoted")
  void learner() {
    overSeeds(
        3,
        cluster -> {
          cluster.one("before", 3);
          cluster.join(P4);
          cluster.changes(NOBODY, NOBODY, Set.of(P4));
          cluster.one("learned", 4);
          var leader = cluster.awaitLeader();
          var two =
              cluster.peers().stream().filter(id -> !List.of(leader, P4).contains(id)).toList();
          two.forEach(cluster::isolate);
          cluster.propose(leader, "in vain");
          pass(cluster, 100);
          assertThat(cluster.appliedBy("in vain")).isZero();
          assertThat(status(cluster, P4).role()).isEqualTo(RaftStatus.Role.FOLLOWER);
          cluster.heal();
          cluster.changes(Set.of(P4), NOBODY, NOBODY);
          assertThat(status(cluster, P4).isVoter()).isTrue();
          cluster.isolate(other(cluster, P4));
          cluster.one("with its vote", 3);
        });
  }

  @Test
  @DisplayName("trap 9: a peer that was removed while it was away comes back and disturbs nobody")
  void removedPeerReturns() {
    overSeeds(
        4,
        cluster -> {
          cluster.one("before", 4);
          var leader = cluster.awaitLeader();
          var away = other(cluster, leader);
          cluster.isolate(away);
          cluster.changes(NOBODY, Set.of(away), NOBODY);
          pass(cluster, 3_000);
          var still = cluster.awaitLeader();
          var term = status(cluster, still).term();
          cluster.heal(away);
          pass(cluster, 3_000);
          assertThat(cluster.leader()).contains(still);
          assertThat(status(cluster, still).term()).isEqualTo(term);
        });
  }

  @Test
  @DisplayName("trap 22: whoever leads after a leader that died on the way completes its change")
  void leaderDiesOnTheWay() {
    overSeeds(
        3,
        cluster -> {
          cluster.one("before", 3);
          cluster.join(P4);
          cluster.join(P5);
          var leader = cluster.awaitLeader();
          var version = cluster.members().orElseThrow().version();
          cluster.change(
              leader,
              new Change(
                  PeerId.setOf("p4", "p5"),
                  new TreeSet<>(Set.of(leader)),
                  new TreeSet<>(),
                  version));
          watch(cluster, () -> cluster.running().stream().anyMatch(id -> isInJoint(cluster, id)));
          cluster.passes(Duration.ofNanos(cluster.random().nextInt(2_000_000)));
          cluster.crash(leader);
          cluster.await(
              "nobody of the members is left in it",
              () ->
                  cluster.leader().isPresent()
                      && cluster.runningMembers().stream().noneMatch(id -> isInJoint(cluster, id)));
          cluster.one("after", 2);
        });
  }

  @Test
  @DisplayName("thesis §4.2.1 a newcomer that is not there is refused, and blocks nobody meanwhile")
  void newcomerIsNotThere() {
    overSeeds(
        1,
        cluster -> {
          cluster.one("before", 1);
          var leader = cluster.awaitLeader();
          var version = cluster.members().orElseThrow().version();
          var answer =
              cluster.change(
                  leader,
                  new Change(PeerId.setOf("p9"), new TreeSet<>(), new TreeSet<>(), version));
          cluster.one("meanwhile", 1);
          assertThat(answer.get()).isEmpty();
          cluster.await("a refusal", Duration.ofSeconds(15), () -> answer.get().isPresent());
          assertThat(answer.get().orElseThrow().getError())
              .isInstanceOfSatisfying(
                  ChangeRefused.class,
                  refused ->
                      assertThat(refused.reason()).isEqualTo(ChangeRefused.Reason.TIMED_OUT));
          assertThat(cluster.members().orElseThrow().version()).isEqualTo(version);
          cluster.one("after", 1);
        });
  }

  @Test
  @DisplayName(
      "trap 27: who comes back with an empty disk counts for nothing until it is added anew")
  void lostDisk() {
    overSeeds(
        3,
        cluster -> {
          cluster.one("before", 3);
          pass(cluster, 200);
          var leader = cluster.awaitLeader();
          var lost = other(cluster, leader);
          cluster.loseDisk(lost);
          cluster.start(lost);
          cluster.await(
              "it is told", () -> cluster.status(lost).map(RaftStatus::disowned).orElse(false));
          cluster.one("without it", 2);
          assertThat(cluster.applied(lost)).isEmpty();

          cluster.crash(other(cluster, leader, lost));
          cluster.propose(cluster.lastLeader().orElseThrow(), "with its word alone");
          pass(cluster, 2_000);
          assertThat(cluster.appliedBy("with its word alone")).isZero();
          cluster.start(other(cluster, leader, lost));

          cluster.awaitLeader();
          cluster.changes(NOBODY, Set.of(lost), NOBODY);
          cluster.changes(NOBODY, NOBODY, Set.of(lost));
          cluster.changes(Set.of(lost), NOBODY, NOBODY);
          cluster.await("it is one of them again", () -> !status(cluster, lost).disowned());
          cluster.one("after", 3);
        });
  }

  @Test
  @DisplayName("trap 27: what the founders committed outlives one lost disk, whoever leads then")
  void lostDiskOfAMajority() {
    overSeeds(
        3,
        cluster -> {
          cluster.one("before", 3);
          pass(cluster, 200);
          var leader = cluster.awaitLeader();
          var late = other(cluster, leader);
          var holder = other(cluster, leader, late);
          cluster.isolate(late);
          cluster.one("on two disks", 2);
          cluster.isolate(leader);
          cluster.loseDisk(holder);
          cluster.start(holder);
          cluster.heal(late);
          pass(cluster, 3_000);
          cluster.heal(leader);
          cluster.awaitLeader();
          cluster.one("after", 2);
          assertThat(cluster.applied(cluster.awaitLeader())).contains("on two disks");
        });
  }

  @Test
  @DisplayName("trap 24: a learner that was promoted and does not know it gives its vote")
  void promotedUnaware() {
    overSeeds(
        1,
        cluster -> {
          cluster.one("before", 1);
          cluster.join(P4);
          cluster.join(P5);
          cluster.changes(NOBODY, NOBODY, Set.of(P4, P5));
          cluster.one("learned", 3);
          var version = cluster.members().orElseThrow().version();
          cluster.change(
              P1, new Change(PeerId.setOf("p4", "p5"), new TreeSet<>(), new TreeSet<>(), version));
          // One of them learns of it, the other does not; then the leader is gone for good.
          cluster.await(
              "the leader is on its way",
              () -> status(cluster, P1).configuration().configuration().isVoter(P4));
          cluster.cut(P1, P5);
          pass(cluster, 20);
          cluster.crash(P1);
          pass(cluster, 50);
          cluster.start(P1);
          cluster.heal();
          cluster.awaitLeader();
          cluster.one("after", 3);
        });
  }
}
