package io.pekkoraft.mutants;

import static io.pekkoraft.mutants.Telling.others;
import static io.pekkoraft.mutants.Telling.pass;
import static io.pekkoraft.mutants.Telling.propose;
import static io.pekkoraft.mutants.Telling.require;
import static io.pekkoraft.mutants.Telling.simulation;

import io.pekkoraft.RaftStatus.Role;
import io.pekkoraft.testkit.Request;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Optional;

/** Stories of who should lead, and of leaders that leave in order. */
final class LeadershipStories {
  private LeadershipStories() {}

  /** Who should lead is gone: another one does, soon. */
  static void orphaned(long seed) {
    simulation(3, seed)
        .settings("leadership.priorities { p1 = 2, p2 = 1 }")
        .run(
            cluster -> {
              cluster.one("before", 3);
              for (var preferred : cluster.peers()) {
                cluster.isolate(preferred);
                pass(cluster, 2000);
                require(
                    cluster.leader().filter(leader -> !leader.equals(preferred)).isPresent(),
                    "the others have a leader within 2 s");
                cluster.heal(preferred);
                pass(cluster, 500);
              }
            });
  }

  /** The leader's disk hangs: it leaves within a bound, and takes no other office meanwhile. */
  static void hanging(long seed) {
    simulation(3, seed)
        .run(
            cluster -> {
              cluster.one("before", 3);
              var leader = cluster.awaitLeader();
              cluster.stallDisk(leader, Duration.ofSeconds(8));
              propose(cluster, leader, 3);
              pass(cluster, 2500);
              require(
                  !cluster.status(leader).orElseThrow().isLeader(),
                  "a leader whose disk hangs leaves within a bound");
              for (var i = 0; i < 3; i++) {
                others(cluster, leader)
                    .forEach(other -> cluster.pause(other, Duration.ofMillis(700)));
                pass(cluster, 600);
                require(
                    cluster.status(leader).orElseThrow().role() == Role.FOLLOWER,
                    "whoever has a disk that hangs does not stand for election");
                pass(cluster, 900);
              }
              cluster.one("after", 2);
            });
  }

  /** Who proposed before the leader left in order hears what came of it. */
  static void leftInOrder(long seed) {
    simulation(3, seed)
        .run(
            cluster -> {
              cluster.one("before", 3);
              var leader = cluster.awaitLeader();
              var successor = others(cluster, leader).get(0);
              cluster.isolate(others(cluster, leader).get(1));
              cluster.stallDisk(leader, Duration.ofMillis(50));
              var requests = new ArrayList<Request<?, ?>>();
              for (var i = 0; i < 10; i++) {
                requests.add(cluster.propose(leader, "x" + i));
              }
              cluster.transfer(leader, Optional.of(successor));
              pass(cluster, 600);
              require(
                  requests.stream().allMatch(r -> r.outcome() == Request.Outcome.DONE),
                  "every command that a leader took before it left in order is answered");
            });
  }
}
