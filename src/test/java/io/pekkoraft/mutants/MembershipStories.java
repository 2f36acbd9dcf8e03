package io.pekkoraft.mutants;

import static io.pekkoraft.mutants.Telling.others;
import static io.pekkoraft.mutants.Telling.pass;
import static io.pekkoraft.mutants.Telling.propose;
import static io.pekkoraft.mutants.Telling.require;
import static io.pekkoraft.mutants.Telling.simulation;

import io.pekkoraft.RaftStatus;
import io.pekkoraft.membership.Change;
import io.pekkoraft.model.LogIndex;
import io.pekkoraft.model.PeerId;
import io.pekkoraft.model.Term;
import io.pekkoraft.testkit.Cluster;
import java.time.Duration;
import java.util.Set;
import java.util.SortedSet;

/** Stories of peers that come, go, and lose their disks (§6, thesis §4). */
final class MembershipStories {
  private static final PeerId NEW = PeerId.of("new");
  private static final SortedSet<PeerId> NOBODY = PeerId.setOf();

  private MembershipStories() {}

  /** From three peers to five and back to three others, and each change completes. */
  static void comingAndGoing(long seed) {
    simulation(3, seed)
        .run(
            cluster -> {
              cluster.one("before", 3);
              cluster.join(NEW);
              cluster.join(PeerId.of("newer"));
              cluster.changes(PeerId.setOf("new", "newer"), NOBODY, NOBODY);
              propose(cluster, cluster.awaitLeader(), 5);
              cluster.changes(NOBODY, PeerId.setOf("p1", "p2"), NOBODY);
              cluster.one("after", 3);
            });
  }

  /**
   * A leader is cut off with one follower, and has asked for other voters. Meanwhile the others go
   * on as they were; then all meet again (trap 23).
   */
  static void cutOffChange(long seed) {
    simulation(5, seed)
        .run(
            cluster -> {
              cluster.one("before", 5);
              pass(cluster, 200);
              var old = cluster.awaitLeader();
              var near = others(cluster, old).get(0);
              var far = others(cluster, old, near);
              cluster.partition(Set.of(old, near), far);
              cluster.change(
                  old, new Change(NOBODY, PeerId.sorted(far), NOBODY, version(cluster, old)));
              propose(cluster, old, 3);
              pass(cluster, 1_000);
              cluster.one("meanwhile", 3);
              cluster.heal();
              cluster.one("after", 5);
              cluster.changes(NOBODY, Set.of(old), NOBODY);
              cluster.one("without it", 4);
            });
  }

  private static LogIndex version(Cluster<?, ?> cluster, PeerId at) {
    return cluster.status(at).orElseThrow().configuration().version();
  }

  /**
   * Whoever was just elected is asked for a change, again and again, while its followers answer and
   * their disks are slow (thesis §4.1, trap 21).
   */
  static void hasty(long seed) {
    simulation(3, seed)
        .run(
            cluster -> {
              cluster.one("before", 3);
              pass(cluster, 200);
              cluster.slowDisks(Duration.ofMillis(30));
              var old = cluster.awaitLeader();
              var version = version(cluster, old);
              cluster.crash(old);
              var next = Telling.watchForLeader(cluster, others(cluster, old), Term.of(1));
              var learner = PeerId.setOf(others(cluster, next).get(0).value());
              for (var i = 0; i < 60; i++) {
                cluster.change(next, new Change(NOBODY, NOBODY, learner, version));
                pass(cluster, 1);
              }
            });
  }

  /** Two learners have what only one voter has; that commits nothing (thesis §4.2.1). */
  static void learners(long seed) {
    simulation(3, seed)
        .run(
            cluster -> {
              cluster.one("before", 3);
              cluster.join(NEW);
              cluster.join(PeerId.of("newer"));
              cluster.changes(NOBODY, NOBODY, PeerId.setOf("new", "newer"));
              var leader = cluster.awaitLeader();
              others(cluster, leader, NEW, PeerId.of("newer")).forEach(cluster::isolate);
              propose(cluster, leader, 2);
              pass(cluster, 1_000);
            });
  }

  /** A leader is to remove itself: it says so when it has, and then it is none (trap 25). */
  static void leaderGoes(long seed) {
    simulation(3, seed)
        .run(
            cluster -> {
              cluster.one("before", 3);
              pass(cluster, 200);
              var leader = cluster.awaitLeader();
              var answer =
                  cluster.change(
                      leader,
                      new Change(
                          NOBODY, PeerId.setOf(leader.value()), NOBODY, version(cluster, leader)));
              pass(cluster, 1_000);
              require(
                  answer.get().filter(reply -> reply.isSuccess()).isPresent(),
                  "a leader that is removed sees to it, and says so");
              require(
                  !cluster.status(leader).map(RaftStatus::isLeader).orElse(true),
                  "a leader that was removed leads no more");
              cluster.one("after", 2);
            });
  }

  /** A voter that was away knows nothing of the one that asks for its vote (trap 24). */
  static void stranger(long seed) {
    simulation(3, seed)
        .run(
            cluster -> {
              cluster.one("before", 3);
              pass(cluster, 200);
              var leader = cluster.awaitLeader();
              var late = others(cluster, leader).get(0);
              var third = others(cluster, leader, late).get(0);
              cluster.join(NEW);
              cluster.isolate(late);
              cluster.changes(Set.of(NEW), Set.of(leader), NOBODY);
              cluster.crash(leader);
              cluster.crash(third);
              cluster.restart(NEW);
              cluster.heal(late);
              cluster.await("the two that are left elect one of them", () -> leads(cluster, NEW));
            });
  }

  private static boolean leads(Cluster<?, ?> cluster, PeerId peer) {
    return cluster.status(peer).map(RaftStatus::isLeader).orElse(false);
  }

  /** What is on the disks of a majority survives the loss of one of them (trap 27). */
  static void lostDisk(long seed) {
    simulation(3, seed)
        .run(
            cluster -> {
              cluster.one("before", 3);
              pass(cluster, 200);
              var leader = cluster.awaitLeader();
              var late = others(cluster, leader).get(0);
              var holder = others(cluster, leader, late).get(0);
              cluster.isolate(late);
              cluster.one("on two disks", 2);
              cluster.isolate(leader);
              cluster.loseDisk(holder);
              cluster.start(holder);
              cluster.heal(late);
              pass(cluster, 2_000);
              cluster.heal();
              cluster.one("after", 2);
            });
  }

  /** Whoever was removed is told, and says so. */
  static void told(long seed) {
    simulation(4, seed)
        .run(
            cluster -> {
              cluster.one("before", 4);
              var removed = others(cluster, cluster.awaitLeader()).get(0);
              cluster.changes(NOBODY, Set.of(removed), NOBODY);
              pass(cluster, 500);
              require(
                  cluster.status(removed).map(MembershipStories::knowsToBeNone).orElse(false),
                  "a peer that was removed is told so");
            });
  }

  private static boolean knowsToBeNone(RaftStatus status) {
    return !status.isMember() && status.commitIndex().isAtLeast(status.configuration().version());
  }

  /**
   * A learner that has all is to vote, but it has just lost its disk, and a voter has, too: it must
   * not be counted on for what it was (trap 27).
   */
  static void emptyLearner(long seed) {
    simulation(3, seed)
        .run(
            cluster -> {
              cluster.one("before", 3);
              cluster.join(NEW);
              cluster.changes(NOBODY, NOBODY, Set.of(NEW));
              pass(cluster, 500);
              var leader = cluster.awaitLeader();
              cluster.loseDisk(others(cluster, leader, NEW).get(0));
              cluster.loseDisk(NEW);
              cluster.change(
                  leader,
                  new Change(PeerId.setOf("new"), NOBODY, NOBODY, version(cluster, leader)));
              pass(cluster, 500);
              cluster.one("after", 2);
            });
  }

  /** A newcomer is not there; commands are committed all the same (thesis §4.2.1). */
  static void absentNewcomer(long seed) {
    simulation(1, seed)
        .run(
            cluster -> {
              cluster.one("before", 1);
              pass(cluster, 100);
              var leader = cluster.awaitLeader();
              cluster.change(
                  leader,
                  new Change(PeerId.setOf("new"), NOBODY, NOBODY, version(cluster, leader)));
              cluster.propose(leader, "meanwhile");
              pass(cluster, 500);
              require(
                  cluster.appliedBy("meanwhile") == 1,
                  "a newcomer that is not there holds up no command");
            });
  }
}
