package io.pekkoraft.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.pekkoraft.QuietLogs;
import io.pekkoraft.RaftStatus;
import io.pekkoraft.membership.Change;
import io.pekkoraft.model.LogIndex;
import io.pekkoraft.model.PeerId;
import io.pekkoraft.model.Term;
import java.time.Duration;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** How snapshots went wrong in real systems, each over many seeds, with the oracles watching. */
@ExtendWith(QuietLogs.class)
class SnapshotTrapsTest {
  private static final int SEEDS = Integer.getInteger("sim.seeds", 10);
  private static final int EVERY = 10;
  private static final String OFTEN =
      "snapshots { min-entries = %d, max-entries = %d, keep-entries = 0, patience = 4 }"
          .formatted(EVERY, EVERY);

  private static List<Simulation.Run> overSeeds(
      int peers, String settings, Consumer<Cluster<String, Integer>> story) {
    return Simulation.of(Recording::new)
        .peers(peers)
        .settings(OFTEN)
        .settings(settings)
        .overSeeds(SEEDS, story);
  }

  private static PeerId follower(Cluster<?, ?> cluster) {
    var leader = cluster.awaitLeader();
    return cluster.peers().stream().filter(id -> !id.equals(leader)).findFirst().orElseThrow();
  }

  private static void commits(Cluster<String, Integer> cluster, String prefix, int count, int on) {
    for (var i = 0; i < count; i++) {
      cluster.one(prefix + i, on);
    }
  }

  private static long logSize(Cluster<?, ?> cluster, PeerId id) {
    var status = cluster.status(id).orElseThrow();
    return status.lastIndex().value() - status.firstIndex().value() + 1;
  }

  private static Term newestTerm(Cluster<?, ?> cluster) {
    return cluster.running().stream()
        .flatMap(id -> cluster.status(id).stream())
        .map(RaftStatus::term)
        .max(Term::compareTo)
        .orElseThrow();
  }

  @Test
  @DisplayName("trap 20: while a follower is away for long, the log of the others stays short")
  void memoryIsBounded() {
    overSeeds(
        3,
        "",
        cluster -> {
          cluster.one("before", 3);
          var away = follower(cluster);
          cluster.isolate(away);
          for (var i = 0; i < 150; i++) {
            cluster.one("c" + i, 2);
            if (i > 50) {
              cluster
                  .connected()
                  .forEach(id -> assertThat(logSize(cluster, id)).isLessThan(5 * EVERY));
            }
          }
          cluster.heal(away);
          cluster.one("after", 3);
        });
  }

  @Test
  @DisplayName("trap 26: who belongs to the group is known after two compactions and a restart")
  void membershipSurvives() {
    overSeeds(
        4,
        "",
        cluster -> {
          cluster.one("before", 4);
          var leader = cluster.awaitLeader();
          var removed = follower(cluster);
          var version = cluster.status(leader).orElseThrow().configuration().version();
          var change =
              new Change(new TreeSet<>(), PeerId.setOf(removed.value()), new TreeSet<>(), version);
          cluster.change(leader, change);
          var rest = cluster.peers().stream().filter(id -> !id.equals(removed)).toList();
          cluster.await("it is removed", () -> rest.stream().allMatch(id -> knows(cluster, id, 3)));
          commits(cluster, "one", 2 * EVERY, 3);
          rest.forEach(cluster::restart);
          commits(cluster, "two", 2 * EVERY, 3);
          rest.forEach(cluster::restart);
          cluster.one("end", 3);
          rest.forEach(
              id -> {
                assertThat(knows(cluster, id, 3)).isTrue();
                assertThat(cluster.disk(id).snapshots().committed()).isNotEmpty();
              });
        });
  }

  private static boolean knows(Cluster<?, ?> cluster, PeerId id, int voters) {
    return cluster.status(id).stream()
        .anyMatch(
            status ->
                status.configuration().configuration().voters().size() == voters
                    && !status.configuration().configuration().isJoint());
  }

  /** Crashes it at a moment that the seed draws, while snapshots are made all the time. */
  private static void crashesAtAnyMoment(Cluster<String, Integer> cluster, PeerId victim) {
    cluster.later(
        Duration.ofNanos(1 + cluster.random().nextLong(30_000_000)), () -> cluster.crash(victim));
  }

  @Test
  @DisplayName("trap 28: state and applied index are one, whenever a peer crashes")
  void stateAndIndexAreOne() {
    overSeeds(
        3,
        "snapshots { min-entries = 2, max-entries = 2 }, store.max-write-size = 1",
        cluster -> {
          for (var round = 0; round < 12; round++) {
            cluster.awaitLeader();
            var ids = List.copyOf(cluster.peers());
            var victim = ids.get(cluster.random().nextInt(3));
            crashesAtAnyMoment(cluster, victim);
            for (var i = 0; i < 10; i++) {
              var command = "r" + round + "-" + i;
              cluster.lastLeader().ifPresent(leader -> cluster.propose(leader, command));
              cluster.passes(Duration.ofMillis(3));
            }
            cluster.start(victim);
          }
          cluster.one("end", 3);
        });
  }

  @Test
  @DisplayName("trap 29: a snapshot against a tail that conflicts, and one that does not")
  void conflictingTail() {
    overSeeds(
        3,
        "store.max-write-size = 1",
        cluster -> {
          cluster.one("before", 3);
          var old = cluster.awaitLeader();
          cluster.isolate(old);
          for (var i = 0; i < 40; i++) {
            cluster.propose(old, "lost" + i);
          }
          commits(cluster, "kept", 2 * EVERY, 2);
          cluster.heal(old);
          cluster.one("after", 3);
          assertThat(cluster.applied(old)).noneMatch(command -> command.startsWith("lost"));
        });
  }

  @Test
  @DisplayName("trap 30: an install races with appends, and with a crash at every step of it")
  void installRaces() {
    overSeeds(
        3,
        "snapshots { chunk-size = 8, window-size = 16 }, store.max-write-size = 1",
        cluster -> {
          cluster.one("before", 3);
          for (var round = 0; round < 8; round++) {
            var away = follower(cluster);
            cluster.isolate(away);
            commits(cluster, "away" + round + "-", 2 * EVERY, 2);
            cluster.heal(away);
            crashesAtAnyMoment(cluster, away);
            for (var i = 0; i < 15; i++) {
              var command = "r" + round + "-" + i;
              cluster.lastLeader().ifPresent(leader -> cluster.propose(leader, command));
              cluster.passes(Duration.ofMillis(2));
            }
            cluster.start(away);
            cluster.one("round" + round, 3);
          }
        });
  }

  @Test
  @DisplayName("trap 31: under load a follower needs a snapshot or two, not one after the other")
  void noEndlessInstalls() {
    var runs =
        overSeeds(
            3,
            // What is on its way when a message gets lost; the transfer itself takes longer.
            "snapshots { chunk-size = 8, window-size = 8, keep-entries = 30 }",
            cluster -> {
              cluster.one("before", 3);
              var leader = cluster.awaitLeader();
              var away = follower(cluster);
              cluster.isolate(away);
              commits(cluster, "away", 9 * EVERY, 2);
              cluster.heal(away);
              cluster.slow(leader, away, Duration.ofMillis(10));
              for (var i = 0; i < 400; i++) {
                cluster.propose(leader, "load" + i);
                cluster.passes(Duration.ofMillis(1));
              }
              cluster.await(
                  "it has caught up", () -> cluster.applied(away).size() > 9 * EVERY + 300);
            });
    for (var run : runs) {
      assertThat(run.coverage().of(Coverage.Kind.SNAPSHOT).get("sent")).isBetween(1L, 2L);
    }
  }

  @Test
  @DisplayName("trap 32: a large snapshot over a slow link keeps no heartbeat waiting")
  void heartbeatsGoOn() {
    overSeeds(
        3,
        "snapshots { chunk-size = 16, window-size = 64, patience = 10 }",
        cluster -> {
          cluster.one("before", 3);
          var leader = cluster.awaitLeader();
          var away = follower(cluster);
          cluster.isolate(away);
          commits(cluster, "x".repeat(200), 3 * EVERY, 2);
          cluster.heal(away);
          cluster.slow(leader, away, Duration.ofMillis(40));
          cluster.slow(away, leader, Duration.ofMillis(40));
          cluster.slowDisks(Duration.ofMillis(5));
          var term = newestTerm(cluster);
          cluster.await(
              "it has caught up",
              Duration.ofSeconds(20),
              () -> cluster.applied(away).size() > 3 * EVERY);
          assertThat(newestTerm(cluster)).isEqualTo(term);
          assertThat(cluster.leader()).contains(leader);
        });
  }

  @Test
  @DisplayName("a follower that is gone for good does not fill the log of the others")
  void goneForGood() {
    overSeeds(
        3,
        "snapshots { max-size = 500, max-log-size = 500 }",
        cluster -> {
          cluster.one("before", 3);
          var gone = follower(cluster);
          cluster.crash(gone);
          commits(cluster, "c", 20 * EVERY, 2);
          assertThat(cluster.status(cluster.awaitLeader()).orElseThrow().firstIndex())
              .isGreaterThan(LogIndex.of(10 * EVERY));
        });
  }
}
