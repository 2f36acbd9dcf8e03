package io.pekkoraft.mutants;

import static io.pekkoraft.mutants.Telling.elections;
import static io.pekkoraft.mutants.Telling.others;
import static io.pekkoraft.mutants.Telling.pass;
import static io.pekkoraft.mutants.Telling.propose;
import static io.pekkoraft.mutants.Telling.require;
import static io.pekkoraft.mutants.Telling.simulation;

import io.pekkoraft.model.PeerId;
import io.pekkoraft.testkit.Chaos;
import io.pekkoraft.testkit.Cluster;
import io.pekkoraft.testkit.Request;
import java.time.Duration;
import java.util.ArrayList;
import java.util.SplittableRandom;

/** Stories of logs that are discarded, and of what takes their place (§7). */
final class SnapshotStories {
  private static final String OFTEN =
      "snapshots { min-entries = 5, max-entries = 5, keep-entries = 0, patience = 3 }";

  private SnapshotStories() {}

  /** Whatever strikes, where the log is short and whoever is away needs a snapshot. */
  static void compacting(long seed) {
    var dice = new SplittableRandom(seed);
    var least = 1 + dice.nextInt(8);
    simulation(dice.nextBoolean() ? 3 : 5, seed)
        .settings(dice.nextBoolean() ? Telling.SMALL_STEPS : "")
        .settings(elections(10, 30, 60))
        .settings(
            """
            snapshots { min-entries = %d, max-entries = %d, keep-entries = %d }
            snapshots { chunk-size = 20, window-size = 60, patience = %d }
            """
                .formatted(least, least + dice.nextInt(5), dice.nextInt(4), 1 + dice.nextInt(4)))
        .run(cluster -> Chaos.torment(cluster, Duration.ofSeconds(8), n -> "c" + n));
  }

  /**
   * A leader is alone with a long tail; meanwhile the others discard what it would conflict with.
   */
  static void otherTail(long seed) {
    simulation(3, seed)
        .settings(OFTEN)
        .settings("store.max-write-size = 1")
        .run(
            cluster -> {
              cluster.one("before", 3);
              var old = cluster.awaitLeader();
              cluster.isolate(old);
              propose(cluster, old, 40);
              for (var i = 0; i < 12; i++) {
                cluster.one("committed " + i, 2);
              }
              cluster.heal(old);
              pass(cluster, 1_000);
              cluster.one("after", 3);
            });
  }

  /** A follower comes back to a group that is busy: one snapshot brings it there, or two. */
  static void busy(long seed) {
    simulation(3, seed)
        .settings(OFTEN)
        .settings("snapshots { chunk-size = 8, window-size = 8 }")
        .run(
            cluster -> {
              cluster.one("before", 3);
              var leader = cluster.awaitLeader();
              var follower = others(cluster, leader).get(0);
              cluster.isolate(follower);
              propose(cluster, leader, 30);
              cluster.heal(follower);
              cluster.slow(leader, follower, Duration.ofMillis(10));
              propose(cluster, leader, 300);
              require(
                  cluster.applied(follower).size() > 200,
                  "a follower that takes a snapshot in has the log after it, too");
            });
  }

  /** A follower is gone for good, and the log is small: the others go on for ever. */
  static void goneForGood(long seed) {
    simulation(3, seed)
        .settings("snapshots { min-entries = 50, max-entries = 50, keep-entries = 20 }")
        .settings("snapshots { max-size = 500, max-log-size = 500 }")
        .run(
            cluster -> {
              cluster.one("before", 3);
              var leader = cluster.awaitLeader();
              cluster.crash(others(cluster, leader).get(0));
              var requests = new ArrayList<Request<String, Integer>>();
              for (var i = 0; i < 100; i++) {
                requests.add(cluster.propose(leader, "x" + i));
                pass(cluster, 30);
              }
              require(
                  requests.subList(90, 100).stream()
                      .anyMatch(request -> request.outcome() == Request.Outcome.DONE),
                  "a log that is full is let go");
            });
  }

  /** Disks take longer than the leader is patient. */
  static void slowDisks(long seed) {
    simulation(3, seed)
        .settings(OFTEN)
        .settings("snapshots { chunk-size = 16, window-size = 64, patience = 1 }")
        .run(
            cluster -> {
              cluster.one("before", 3);
              var leader = cluster.awaitLeader();
              var follower = others(cluster, leader).get(0);
              cluster.isolate(follower);
              propose(cluster, leader, 30);
              pass(cluster, 300);
              cluster.slowDisks(Duration.ofMillis(20));
              cluster.heal(follower);
              cluster.await(
                  "a follower takes a snapshot in, however slow the disks are",
                  Duration.ofSeconds(20),
                  () -> cluster.applied(follower).size() > 25);
            });
  }

  /** All come back from their snapshots alone, and know who belongs to the group. */
  static void replaced(long seed) {
    simulation(3, seed)
        .settings(OFTEN)
        .run(
            cluster -> {
              for (var i = 0; i < 20; i++) {
                cluster.one("x" + i, 3);
              }
              var leader = cluster.awaitLeader();
              restartAll(cluster);
              for (var i = 0; i < 20; i++) {
                cluster.one("y" + i, 3);
              }
              cluster.isolate(leader);
              cluster.one("z", 2);
              cluster.heal();
              restartAll(cluster);
              cluster.one("end", 3);
            });
  }

  private static void restartAll(Cluster<?, ?> cluster) {
    var ids = new ArrayList<PeerId>(cluster.peers());
    ids.forEach(cluster::crash);
    ids.forEach(cluster::start);
  }
}
