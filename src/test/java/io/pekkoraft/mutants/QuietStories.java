package io.pekkoraft.mutants;

import static io.pekkoraft.mutants.Telling.others;
import static io.pekkoraft.mutants.Telling.pass;
import static io.pekkoraft.mutants.Telling.propose;
import static io.pekkoraft.mutants.Telling.require;
import static io.pekkoraft.mutants.Telling.simulation;
import static io.pekkoraft.mutants.Telling.undisturbed;

import io.pekkoraft.RaftStatus;
import io.pekkoraft.ReadConsistency;
import io.pekkoraft.membership.Change;
import io.pekkoraft.model.PeerId;
import io.pekkoraft.testkit.Cluster;
import io.pekkoraft.testkit.Registers;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/**
 * Stories of groups that have nothing to do. A quiet leader looks after its followers so seldom
 * that none of them ends well because of that.
 */
final class QuietStories {
  private static final String QUIET = "quiet { after = 200 ms, heartbeat-interval = 30 s }\n";
  private static final PeerId NEWCOMER = PeerId.of("p4");

  private QuietStories() {}

  /** A leader whom all follow, and nobody says anything. */
  private static PeerId rest(Cluster<?, ?> cluster) {
    var leader = cluster.awaitLeader();
    awaitRest(cluster);
    return leader;
  }

  private static void awaitRest(Cluster<?, ?> cluster) {
    cluster.await(
        "the group goes quiet", () -> cluster.runningMembers().size() > 1 && areQuiet(cluster));
  }

  private static boolean areQuiet(Cluster<?, ?> cluster) {
    return cluster.runningMembers().stream()
        .allMatch(id -> cluster.status(id).map(RaftStatus::quiet).orElse(false));
  }

  private static void awaitOther(Cluster<?, ?> cluster, PeerId than) {
    cluster.await(
        "another leader within 2 s",
        Duration.ofSeconds(2),
        () -> cluster.lastLeader().filter(it -> !it.equals(than)).isPresent());
  }

  /** Nobody wants anything; then somebody does. */
  static void resting(long seed) {
    simulation(3, seed)
        .settings(QUIET)
        .run(
            cluster -> {
              cluster.one("before", 3);
              var leader = rest(cluster);
              undisturbed(
                  cluster,
                  leader,
                  () -> {
                    var before = cluster.messages();
                    pass(cluster, 15_000);
                    require(cluster.messages() == before, "a quiet group says nothing");
                    propose(cluster, leader, 1);
                    pass(cluster, 5);
                    require(
                        cluster.applied(leader).size() == 2,
                        "the first command at a quiet leader takes no longer than any other");
                    pass(cluster, 2_000);
                  });
              awaitRest(cluster);
            });
  }

  /** The leader's process ends while nobody says anything. */
  static void killed(long seed) {
    simulation(3, seed)
        .settings(QUIET)
        .run(
            cluster -> {
              var leader = rest(cluster);
              cluster.crash(leader);
              awaitOther(cluster, leader);
              cluster.start(leader);
              awaitRest(cluster);
            });
  }

  /** It ends, and is back before anybody could miss it: it does not lead any more. */
  static void restarted(long seed) {
    simulation(3, seed)
        .settings(QUIET)
        .run(
            cluster -> {
              var leader = rest(cluster);
              var term = Telling.term(cluster, leader);
              cluster.restart(leader);
              cluster.await(
                  "a leader in a newer term within 2 s",
                  Duration.ofSeconds(2),
                  () ->
                      cluster
                          .leader()
                          .filter(id -> Telling.term(cluster, id).isNewerThan(term))
                          .isPresent());
              awaitRest(cluster);
            });
  }

  /** A follower's process ends, and comes back: no reason for an election. */
  static void returning(long seed) {
    simulation(3, seed)
        .settings(QUIET)
        .run(
            cluster -> {
              var leader = rest(cluster);
              var follower = others(cluster, leader).get(0);
              undisturbed(
                  cluster,
                  leader,
                  () -> {
                    cluster.restart(follower);
                    pass(cluster, 2_000);
                  });
              awaitRest(cluster);
            });
  }

  /** Somebody asks a follower, which sends him to the leader, and does not stay quiet itself. */
  static void asked(long seed) {
    simulation(3, seed)
        .settings(QUIET)
        .run(
            cluster -> {
              var leader = rest(cluster);
              undisturbed(
                  cluster,
                  leader,
                  () -> {
                    propose(cluster, others(cluster, leader).get(0), 1);
                    pass(cluster, 2_000);
                  });
              awaitRest(cluster);
            });
  }

  /** A follower loses sight of the leader, which hears it late; the other sees both. */
  static void deafened(long seed) {
    simulation(3, seed)
        .settings(QUIET)
        .run(
            cluster -> {
              var leader = cluster.awaitLeader();
              var follower = others(cluster, leader).get(0);
              cluster.slow(follower, leader, Duration.ofMillis(250));
              awaitRest(cluster);
              undisturbed(
                  cluster,
                  leader,
                  () -> {
                    cluster.cut(leader, follower);
                    pass(cluster, 2_000);
                    cluster.heal();
                    pass(cluster, 1_000);
                  });
            });
  }

  /** The leader and one follower lose sight of each other; the other sees both. */
  static void parted(long seed) {
    simulation(3, seed)
        .settings(QUIET)
        .run(
            cluster -> {
              var leader = rest(cluster);
              var follower = others(cluster, leader).get(0);
              undisturbed(
                  cluster,
                  leader,
                  () -> {
                    cluster.partition(Set.of(leader), Set.of(follower));
                    pass(cluster, 3_000);
                    cluster.heal();
                    pass(cluster, 1_000);
                  });
              awaitRest(cluster);
            });
  }

  /** A leader is paused, or cut off, and has a successor when it goes on, and is asked. */
  static void deposed(long seed) {
    var put = new Registers.Put("k", "new");
    PaperStories.registers(seed)
        .settings(QUIET)
        .settings("reads.lease = on")
        .run(
            cluster -> {
              cluster.one(new Registers.Put("k", "old"), 3);
              var leader = rest(cluster);
              if (seed % 3 < 2) {
                cluster.isolate(leader);
              }
              if (seed % 3 > 0) {
                cluster.pause(leader, Duration.ofSeconds(4));
              }
              awaitOther(cluster, leader);
              var successor = cluster.lastLeader().orElseThrow();
              cluster.propose(successor, put);
              cluster.await("the write", () -> cluster.appliedBy(put) > 1);
              cluster.read(leader, new Registers.Get("k"), ReadConsistency.lease());
              cluster.read(leader, new Registers.Get("k"));
              cluster.read(
                  leader, new Registers.Get("k"), ReadConsistency.stale(Duration.ofMillis(100)));
              pass(cluster, 4_000);
              cluster.heal();
              awaitRest(cluster);
            });
  }

  /** Whoever stands for no election still finds its leader. */
  static void learner(long seed) {
    simulation(3, seed)
        .settings(QUIET)
        .run(
            cluster -> {
              cluster.awaitLeader();
              cluster.join(NEWCOMER);
              cluster.changes(Set.of(), Set.of(), Set.of(NEWCOMER));
              var leader = rest(cluster);
              undisturbed(
                  cluster,
                  leader,
                  () -> {
                    cluster.cut(NEWCOMER, leader);
                    propose(cluster, NEWCOMER, 1);
                    pass(cluster, 100);
                    cluster.heal();
                    pass(cluster, 500);
                    cluster.await(
                        "a learner that somebody asked hears of its leader within 2 s",
                        Duration.ofSeconds(2),
                        () -> cluster.status(NEWCOMER).flatMap(RaftStatus::leader).isPresent());
                  });
              awaitRest(cluster);
            });
  }

  /** Who was removed and does not know it asks for votes for ever: nobody is woken by that. */
  static void removed(long seed) {
    simulation(4, seed)
        .settings(QUIET)
        .settings("membership.farewell-heartbeats = 2")
        .run(
            cluster -> {
              var leader = cluster.awaitLeader();
              var gone = others(cluster, leader).get(0);
              cluster.isolate(gone);
              cluster.changes(Set.of(), Set.of(gone), Set.of());
              pass(cluster, 500);
              cluster.heal(gone);
              awaitRest(cluster);
              undisturbed(
                  cluster,
                  leader,
                  () -> {
                    for (var i = 0; i < 100; i++) {
                      pass(cluster, 30);
                      require(areQuiet(cluster), "who was removed wakes nobody");
                    }
                  });
            });
  }

  /** A change of members is the first thing that anybody wants. */
  static void changing(long seed) {
    simulation(4, seed)
        .settings(QUIET)
        .run(
            cluster -> {
              var leader = rest(cluster);
              pass(cluster, 2_000);
              var status = cluster.status(leader).orElseThrow();
              var asked =
                  cluster.change(
                      leader,
                      new Change(
                          PeerId.setOf(),
                          PeerId.sorted(others(cluster, leader).subList(0, 1)),
                          PeerId.setOf(),
                          status.configuration().version()));
              pass(cluster, 1_000);
              require(
                  asked.get().filter(reply -> reply.isSuccess()).isPresent(),
                  "a change is not refused because nobody was heard while all were quiet");
            });
  }

  /** A follower's disk is lost, so that it knows nobody: its leader finds it all the same. */
  static void emptied(long seed) {
    simulation(3, seed)
        .settings(QUIET)
        .run(
            cluster -> {
              cluster.awaitLeader();
              var follower = NEWCOMER;
              cluster.join(follower);
              cluster.changes(Set.of(follower), Set.of(), Set.of());
              var leader = rest(cluster);
              undisturbed(
                  cluster,
                  leader,
                  () -> {
                    cluster.loseDisk(follower);
                    pass(cluster, 1_000);
                    cluster.start(follower);
                    cluster.await(
                        "one that has lost its disk hears so within 2 s",
                        Duration.ofSeconds(2),
                        () -> cluster.status(follower).map(RaftStatus::disowned).orElse(false));
                  });
            });
  }

  /** Who should rather lead comes back: the group is not quiet before it does. */
  static void handedBack(long seed) {
    var preferred = PeerId.of("p2");
    simulation(3, seed)
        .settings(QUIET)
        .settings("leadership { priorities { p2 = 1 }, hand-back-after = 1s }")
        .run(
            cluster -> {
              cluster.crash(preferred);
              cluster.awaitLeader();
              cluster.start(preferred);
              cluster.await(
                  "the preferred peer leads within 5 s",
                  Duration.ofSeconds(5),
                  () -> cluster.leader().equals(Optional.of(preferred)));
              awaitRest(cluster);
            });
  }

  /** Answers take longer than two heartbeats: a leader that was just woken gives them time. */
  static void slowToWake(long seed) {
    simulation(3, seed)
        .settings(QUIET)
        .run(
            cluster -> {
              var leader = rest(cluster);
              undisturbed(
                  cluster,
                  leader,
                  () -> {
                    pass(cluster, 2_000);
                    others(cluster, leader)
                        .forEach(other -> cluster.slow(leader, other, Duration.ofMillis(130)));
                    propose(cluster, leader, 1);
                    pass(cluster, 1_000);
                    cluster.heal();
                  });
            });
  }

  /** A message is lost just before there is nothing to do any more. */
  static void lastWords(long seed) {
    simulation(3, seed)
        .settings("quiet { after = 1 ms, heartbeat-interval = 30 s }")
        .run(
            cluster -> {
              cluster.one("before", 3);
              var leader = rest(cluster);
              var follower = others(cluster, leader).get(0);
              for (var i = 1; i <= 10; i++) {
                cluster.isolate(follower);
                propose(cluster, leader, 1);
                pass(cluster, 3);
                cluster.heal(follower);
                pass(cluster, 1_500);
                var all = i + 1;
                require(
                    cluster.peers().stream().allMatch(id -> cluster.applied(id).size() == all),
                    "nobody goes quiet who lacks something");
              }
            });
  }
}
