package io.pekkoraft.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.pekkoraft.RaftStatus;
import io.pekkoraft.ReadConsistency;
import io.pekkoraft.model.PeerId;
import io.pekkoraft.model.Term;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * How real systems lost their leader, or never got rid of one, each over many seeds. The traps that
 * need one peer only are with the roles; those of membership and snapshots have suites of their
 * own.
 */
@Tag("simulated")
class TrapStoriesTest {
  private static final int SEEDS = Integer.getInteger("sim.seeds", 20);
  private static final Duration ELECTION_TIMEOUT = Duration.ofMillis(300);

  private static void overSeeds(
      int peers, String settings, Consumer<Cluster<Registers.Command, String>> story) {
    Simulation.of(Registers::new)
        .peers(peers)
        .settings(settings)
        .linearizable(Registers.Command::key)
        .overSeeds(SEEDS, story);
  }

  private static Registers.Command put(int value) {
    return new Registers.Put("k", "v" + value);
  }

  private static void cutBoth(Cluster<?, ?> cluster, PeerId one, PeerId other) {
    cluster.cut(one, other);
    cluster.cut(other, one);
  }

  private static List<PeerId> others(Cluster<?, ?> cluster, PeerId leader) {
    return cluster.peers().stream().filter(id -> !id.equals(leader)).toList();
  }

  private static Term newestTerm(Cluster<?, ?> cluster) {
    return cluster.running().stream()
        .flatMap(id -> cluster.status(id).stream())
        .map(RaftStatus::term)
        .max(Term::compareTo)
        .orElseThrow();
  }

  /** So many new terms at most, whatever {@code meanwhile} does. */
  private static void raisesTheTerm(Cluster<?, ?> cluster, int atMost, Runnable meanwhile) {
    var before = newestTerm(cluster).value();
    meanwhile.run();
    assertThat(newestTerm(cluster).value() - before).isBetween(0L, (long) atMost);
  }

  @Test
  @DisplayName("trap 1: a leader and a follower lose sight of each other, and the leader stays")
  void oneLinkIsCut() {
    overSeeds(
        3,
        "",
        cluster -> {
          cluster.one(put(1), 3);
          var leader = cluster.awaitLeader();
          cutBoth(cluster, leader, others(cluster, leader).get(0));
          raisesTheTerm(cluster, 1, () -> cluster.passes(Duration.ofSeconds(10)));
          cluster.one(put(2), 2);
        });
  }

  @Test
  @DisplayName("trap 2: two of five see only one other each, and the leader stays")
  void partlyConnected() {
    overSeeds(
        5,
        "",
        cluster -> {
          cluster.one(put(1), 5);
          var leader = cluster.awaitLeader();
          var rest = others(cluster, leader);
          for (var lonely : rest.subList(2, 4)) {
            var friend = rest.get(rest.indexOf(lonely) - 2);
            cluster.peers().stream()
                .filter(id -> !id.equals(lonely) && !id.equals(friend))
                .forEach(id -> cutBoth(cluster, lonely, id));
          }
          raisesTheTerm(cluster, 1, () -> cluster.passes(Duration.ofSeconds(10)));
          cluster.one(put(2), 3);
        });
  }

  @Test
  @DisplayName("trap 3: a leader that is not answered makes room within two election time-outs")
  void sendsAndHearsNothing() {
    overSeeds(
        5,
        "",
        cluster -> {
          cluster.one(put(1), 5);
          var deaf = cluster.awaitLeader();
          others(cluster, deaf).forEach(other -> cluster.cut(other, deaf));
          cluster.await(
              "it resigns",
              ELECTION_TIMEOUT.multipliedBy(2),
              () -> cluster.status(deaf).map(status -> !status.isLeader()).orElse(false));
          cluster.one(put(2), 4);
        });
  }

  @Test
  @DisplayName("trap 4: a peer that was cut off while it stood for election rejoins with one more")
  void comesBackWithANewerTerm() {
    overSeeds(
        5,
        "",
        cluster -> {
          cluster.one(put(1), 5);
          var leader = cluster.awaitLeader();
          var chosen = others(cluster, leader).get(0);
          // It is told to take over, so it starts a term without asking, and nobody hears of it.
          others(cluster, chosen).forEach(other -> cluster.cut(chosen, other));
          cluster.transfer(leader, Optional.of(chosen));
          cluster.await(
              "it stands in a term of its own",
              () ->
                  cluster
                      .status(chosen)
                      .map(status -> status.term().isNewerThan(cluster.status(leader).get().term()))
                      .orElse(false));
          cluster.isolate(chosen);
          cluster.passes(Duration.ofSeconds(2));
          raisesTheTerm(
              cluster,
              1,
              () -> {
                cluster.heal();
                cluster.one(put(2), 5);
                cluster.passes(Duration.ofSeconds(2));
              });
        });
  }

  @Test
  @DisplayName("trap 10: a successor that is dead, behind or cut off keeps nobody from writing")
  void vainTransfers() {
    overSeeds(
        3,
        "",
        cluster -> {
          cluster.one(put(1), 3);
          var leader = cluster.awaitLeader();
          var other = others(cluster, leader).get(0);
          cluster.crash(other);
          cluster.transfer(leader, Optional.of(other));
          cluster.one(put(2), 2);
          cluster.start(other);
          cluster.isolate(other);
          cluster.one(put(3), 2);
          cluster.transfer(cluster.awaitLeader(), Optional.of(other));
          cluster.heal(other);
          cluster.one(put(4), 3);
          // Deposed meanwhile.
          var last = cluster.awaitLeader();
          cluster.isolate(last);
          cluster.transfer(last, Optional.empty());
          cluster.one(put(5), 2);
          cluster.heal(last);
          cluster.one(put(6), 3);
        });
  }

  @Test
  @DisplayName("trap 39: a leader in the minority answers no linearizable read")
  void readInTheMinority() {
    overSeeds(
        5,
        "",
        cluster -> {
          cluster.one(put(1), 5);
          var old = cluster.awaitLeader();
          cluster.partition(
              List.of(old, others(cluster, old).get(0)), others(cluster, old).subList(1, 4));
          var read = cluster.read(old, new Registers.Get("k"));
          cluster.one(put(2), 3);
          cluster.passes(Duration.ofSeconds(1));
          assertThat(read.outcome()).isNotEqualTo(Request.Outcome.DONE);
        });
  }

  @Test
  @DisplayName("trap 41: a leader that was paused longer than its lease answers nothing from it")
  void leaseAfterAPause() {
    overSeeds(
        3,
        "reads.lease = on",
        cluster -> {
          cluster.one(put(1), 3);
          var old = cluster.awaitLeader();
          cluster.pause(old, Duration.ofSeconds(2));
          // It waits in the mailbox, and is the first that the peer sees when it goes on.
          var read = cluster.read(old, new Registers.Get("k"), ReadConsistency.lease());
          cluster.one(put(2), 2);
          cluster.await("it goes on", () -> read.outcome() != Request.Outcome.PENDING);
        });
  }

  @Test
  @DisplayName("whoever rests and is told that its leader is gone stands in turn, not by lot")
  void standsInTurn() {
    var silence = Duration.ofMillis(250);
    overSeeds(
        5,
        "election-timeout { min = 2s, max = 4s }, quiet.after = 100ms",
        cluster -> {
          cluster.one(put(1), 5);
          var leader = cluster.awaitLeader();
          cluster.await("all rest", () -> all(cluster, RaftStatus::quiet));
          cluster.passes(Duration.ofSeconds(2)); // Nobody may have promised anything any more.
          var term = newestTerm(cluster);
          var before = cluster.time();
          cluster.crash(leader);
          cluster.await("another leads", () -> cluster.leader().isPresent());
          assertThat(cluster.time().minus(before))
              .isLessThan(silence.plus(Duration.ofSeconds(2).dividedBy(4).multipliedBy(3)));
          assertThat(newestTerm(cluster)).isEqualTo(term.next());
        });
  }

  private static boolean all(Cluster<?, ?> cluster, Predicate<RaftStatus> condition) {
    return cluster.running().stream()
        .allMatch(id -> cluster.status(id).filter(condition).isPresent());
  }
}
