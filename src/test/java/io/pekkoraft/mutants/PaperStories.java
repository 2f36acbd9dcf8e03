package io.pekkoraft.mutants;

import static io.pekkoraft.mutants.Telling.SMALL_STEPS;
import static io.pekkoraft.mutants.Telling.elections;
import static io.pekkoraft.mutants.Telling.others;
import static io.pekkoraft.mutants.Telling.pass;
import static io.pekkoraft.mutants.Telling.propose;
import static io.pekkoraft.mutants.Telling.simulation;
import static io.pekkoraft.mutants.Telling.term;
import static io.pekkoraft.mutants.Telling.watch;
import static io.pekkoraft.mutants.Telling.watchForLeader;

import io.pekkoraft.testkit.Cluster;
import io.pekkoraft.testkit.Registers;
import io.pekkoraft.testkit.Simulation;
import java.time.Duration;
import java.util.List;

/** The stories that the paper tells, and what follows from them for reads. */
final class PaperStories {
  private PaperStories() {}

  /** A log that is long but of an old term loses against a short one of a newer term (§5.4.1). */
  static void longLog(long seed) {
    simulation(3, seed).run(cluster -> part(cluster, 20, 1));
  }

  /** A stale tail is replaced, where the logs part and no earlier (§5.3). */
  static void staleTail(long seed) {
    simulation(3, seed).settings(SMALL_STEPS).run(cluster -> part(cluster, 3, 10));
  }

  /** A leader is alone with its last entries; it meets a peer that led by none of them. */
  private static void part(Cluster<String, Integer> cluster, int stale, int committed) {
    cluster.one("before", 3);
    var old = cluster.awaitLeader();
    cluster.isolate(old);
    propose(cluster, old, stale);
    for (var i = 0; i < committed; i++) {
      cluster.one("committed " + i, 2);
    }
    var newer = cluster.awaitLeader();
    cluster.isolate(newer);
    cluster.heal(old);
    pass(cluster, 2_000);
  }

  /** Two peers of five elect nobody, however often they are answered (§5.2). */
  static void minority(long seed) {
    simulation(5, seed)
        .settings(elections(5, 15, 30))
        .run(
            cluster -> {
              cluster.one("before", 5);
              var leader = cluster.awaitLeader();
              var two = others(cluster, leader).subList(0, 2);
              cluster.partition(two, others(cluster, two.get(0), two.get(1)));
              propose(cluster, leader, 1);
              cluster.lateAnswers(Duration.ofMillis(1), Duration.ofMillis(10));
              pass(cluster, 3_000);
            });
  }

  /** What a paused leader was asked for meanwhile is the first that it hears, before its fall. */
  static void paused(long seed) {
    simulation(3, seed)
        .settings("election-timeout.max = 2 s")
        .run(
            cluster -> {
              var leader = cluster.awaitLeader();
              cluster.pause(leader, Duration.ofMillis(1_800));
              pass(cluster, 100);
              propose(cluster, leader, 3);
              pass(cluster, 2_500);
            });
  }

  /** What a follower proved to its leader does not hold in the leader's next term (§5.3). */
  static void lateProof(long seed) {
    simulation(5, seed).settings(elections(10, 30, 60)).run(PaperStories::lateProof);
  }

  private static void lateProof(Cluster<String, Integer> cluster) {
    cluster.one("before", 5);
    var leader = cluster.awaitLeader();
    var follower = others(cluster, leader).get(0);
    // One follower proves that it has the leader's entries, and the proof is long on its way.
    cluster.lateAnswers(Duration.ofMillis(1), Duration.ofSeconds(2));
    cluster.partition(List.of(leader, follower), others(cluster, leader, follower));
    propose(cluster, leader, 20);
    // Another leader replaces these entries, on both.
    cluster.heal();
    cluster.isolate(leader);
    cluster.isolate(follower);
    var between = cluster.awaitLeader();
    cluster.heal(follower);
    cluster.heal(leader);
    cluster.one("instead", 5);
    // It hands the lead back: nobody else has its last entry.
    cluster.partition(List.of(leader, between), others(cluster, leader, between));
    propose(cluster, between, 1);
    cluster.heal();
    cluster.isolate(between);
    cluster.awaitLeader();
    // The follower hears nothing now, and is heard.
    cluster.cut(leader, follower);
    propose(cluster, leader, 30);
    pass(cluster, 2_000);
  }

  /**
   * A peer that heard of a newer term and gave no vote in it knows of it after a crash, too, and
   * refuses what the leader of an older term has for it (§5.1).
   */
  static void oldTerm(long seed) {
    simulation(5, seed)
        .run(
            cluster -> {
              var old = cluster.awaitLeader();
              var late = others(cluster, old).get(0);
              cluster.isolate(late);
              cluster.isolate(old);
              propose(cluster, old, 5);
              cluster.one("committed", 3);
              cluster.heal(late);
              cluster.one("seen by the late one", 4);
              cluster.crash(late);
              cluster.heal();
              cluster.partition(List.of(old, late), others(cluster, old, late));
              cluster.start(late);
              pass(cluster, 1_000);
            });
  }

  /** A leader's disk hangs; what it would lose in a crash is not committed (thesis §10.2.1). */
  static void lostTail(long seed) {
    simulation(3, seed)
        .run(
            cluster -> {
              cluster.one("before", 3);
              var leader = cluster.awaitLeader();
              var follower = others(cluster, leader).get(0);
              var away = others(cluster, leader, follower).get(0);
              cluster.isolate(away);
              cluster.stallDisk(leader, Duration.ofSeconds(1));
              propose(cluster, leader, 1);
              pass(cluster, 20);
              cluster.isolate(follower);
              cluster.restart(leader);
              cluster.heal(away);
              pass(cluster, 1_000);
            });
  }

  /** Figure 8: a peer without an entry that is on a majority may win, and overwrite it. */
  static void figure8(long seed) {
    simulation(5, seed)
        .settings(SMALL_STEPS)
        .settings(elections(10, 30, 60))
        .run(PaperStories::figure8);
  }

  private static void figure8(Cluster<String, Integer> cluster) {
    cluster.one("before", 5);
    // (a) S1 leads and copies an entry to S2 only.
    var s1 = cluster.awaitLeader();
    var s2 = others(cluster, s1).get(0);
    var rest = others(cluster, s1, s2);
    cluster.partition(List.of(s1, s2), rest);
    propose(cluster, s1, 1);
    pass(cluster, 5);
    var entry = cluster.status(s1).orElseThrow().lastIndex();
    // (b) S5 is elected in a newer term, and is alone with its own entry at once.
    var s5 = watchForLeader(cluster, rest, term(cluster, s1));
    cluster.isolate(s5);
    // (c) S1 or S2 leads again and copies the old entry to S3: it is on a majority.
    var s3 = others(cluster, s1, s2, s5).get(0);
    var s4 = others(cluster, s1, s2, s3, s5).get(0);
    cluster.isolate(s4);
    cluster.heal(s3);
    var again = watchForLeader(cluster, List.of(s1, s2), term(cluster, s5));
    watch(cluster, () -> cluster.status(again).orElseThrow().commitIndex().isAtLeast(entry));
    // (d) S5's last term is newer than the old entry's, so S5 may win now, unless (e) an entry of
    // the leader's own term is on the majority as well.
    cluster.isolate(s1);
    cluster.isolate(s2);
    cluster.heal(s4);
    cluster.heal(s5);
    cluster.one("after", 3);
  }

  // Reads.

  /** A leader that is alone answers no read: others may have gone on without it (§8). */
  static void lonelyRead(long seed) {
    registers(seed)
        .run(
            cluster -> {
              cluster.one(new Registers.Put("k", "before"), 3);
              var old = cluster.awaitLeader();
              cluster.isolate(old);
              cluster.one(new Registers.Put("k", "after"), 2);
              cluster.read(old, new Registers.Get("k"));
              pass(cluster, 1_000);
            });
  }

  static Simulation<Registers.Command, String> registers(long seed) {
    return Simulation.of(Registers::new).peers(3).seed(seed).linearizable(Registers.Command::key);
  }
}
