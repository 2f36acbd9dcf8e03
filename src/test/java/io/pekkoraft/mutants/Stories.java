package io.pekkoraft.mutants;

import io.pekkoraft.CommandHandler;
import io.pekkoraft.StateMachine;
import io.pekkoraft.model.PeerId;
import io.pekkoraft.model.Term;
import io.pekkoraft.testkit.Chaos;
import io.pekkoraft.testkit.Cluster;
import io.pekkoraft.testkit.Registers;
import io.pekkoraft.testkit.Simulation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;

/** The stories, told of peers that may have a mistake in them. The oracles listen all the time. */
final class Stories {
  /** One entry a message, one event a write, a window of two. */
  private static final String SMALL_STEPS =
      "replication { max-batch-size = 1, max-in-flight-messages = 2 }, store.max-write-size = 1,"
          + " max-apply-batch = 3";

  private Stories() {}

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

  private static Simulation<String, Integer> simulation(int peers, long seed) {
    return Simulation.of(Counting::new).peers(peers).seed(seed);
  }

  private static String elections(int heartbeat, int min, int max) {
    return "heartbeat-interval = %d ms, election-timeout { min = %d ms, max = %d ms }"
        .formatted(heartbeat, min, max);
  }

  // Chance.

  /** Whatever strikes. */
  static void chaos(long seed) {
    var dice = new SplittableRandom(seed);
    simulation(dice.nextBoolean() ? 3 : 5, seed)
        .settings(dice.nextBoolean() ? SMALL_STEPS : "")
        .run(cluster -> torment(cluster, 10));
  }

  /**
   * The same, where time-outs are about as short as messages and writes take: elections overlap,
   * and leaders follow each other quickly.
   */
  static void haste(long seed) {
    var dice = new SplittableRandom(seed);
    var heartbeat = 2 + dice.nextInt(8);
    simulation(dice.nextBoolean() ? 3 : 5, seed)
        .settings(dice.nextBoolean() ? SMALL_STEPS : "")
        .settings(elections(heartbeat, 3 * heartbeat, 6 * heartbeat))
        .run(cluster -> torment(cluster, 3));
  }

  /**
   * All stand for election at once, for votes take longer to be written than the time-outs differ;
   * voters crash, and answers come twice, or so late that the next election is under way.
   */
  static void overlap(long seed) {
    simulation(3, seed)
        .settings(elections(4, 12, 20))
        .run(
            cluster -> {
              var dice = new SplittableRandom(seed);
              cluster.slowDisks(Duration.ofMillis(2));
              cluster.lateAnswers(Duration.ofMillis(10), Duration.ofMillis(40));
              for (var i = 0; i < 60; i++) {
                pass(cluster, 10 + dice.nextInt(60));
                cluster.restart(PeerId.of("p" + (1 + dice.nextInt(3))));
              }
            });
  }

  private static void torment(Cluster<String, Integer> cluster, int seconds) {
    Chaos.torment(cluster, Duration.ofSeconds(seconds), n -> "c" + n);
  }

  // Manners.

  /** Nothing strikes, and so nothing changes (§5.2). */
  static void quiet(long seed) {
    simulation(3, seed)
        .run(cluster -> undisturbed(cluster, cluster.awaitLeader(), () -> pass(cluster, 10_000)));
  }

  /** A follower no longer hears its leader, but reaches the other peers. */
  static void deaf(long seed) {
    simulation(3, seed)
        .run(
            cluster -> {
              var leader = cluster.awaitLeader();
              undisturbed(
                  cluster,
                  leader,
                  () -> {
                    cluster.cut(leader, others(cluster, leader).get(0));
                    pass(cluster, 3_000);
                    cluster.heal();
                    pass(cluster, 1_000);
                  });
            });
  }

  /** A follower is away for a while and comes back: no reason for an election (thesis §9.6). */
  static void away(long seed) {
    simulation(3, seed)
        .run(
            cluster -> {
              var leader = cluster.awaitLeader();
              var follower = others(cluster, leader).get(0);
              undisturbed(
                  cluster,
                  leader,
                  () -> {
                    cluster.isolate(follower);
                    pass(cluster, 3_000);
                    cluster.heal(follower);
                    pass(cluster, 1_000);
                  });
            });
  }

  /** Messages get lost for less than an election time-out; then the follower catches up. */
  static void gap(long seed) {
    simulation(3, seed)
        .settings(SMALL_STEPS)
        .run(
            cluster -> {
              cluster.one("before", 3);
              var leader = cluster.awaitLeader();
              var follower = others(cluster, leader).get(0);
              undisturbed(
                  cluster,
                  leader,
                  () -> {
                    cluster.isolate(follower);
                    propose(cluster, leader, 10);
                    pass(cluster, 50);
                    cluster.heal(follower);
                    pass(cluster, 1_000);
                    require(
                        cluster.applied(follower).size() == 11,
                        "a follower that was away for 50 ms catches up within 1 s");
                  });
            });
  }

  private static void undisturbed(Cluster<?, ?> cluster, PeerId leader, Runnable what) {
    var term = term(cluster, leader);
    what.run();
    require(
        cluster.leader().filter(leader::equals).isPresent() && term(cluster, leader).equals(term),
        "leader and term stay as they are");
  }

  // Stories of the paper.

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
        .run(
            cluster -> {
              var leader = cluster.awaitLeader();
              cluster.pause(leader, Duration.ofSeconds(1));
              propose(cluster, leader, 3);
              pass(cluster, 2_000);
            });
  }

  /** What a follower proved to its leader does not hold in the leader's next term (§5.3). */
  static void lateProof(long seed) {
    simulation(5, seed).settings(elections(10, 30, 60)).run(Stories::lateProof);
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
    simulation(5, seed).settings(SMALL_STEPS).settings(elections(10, 30, 60)).run(Stories::figure8);
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

  /**
   * That an entry is committed says that its leader led when it was sent, and not that it still did
   * when a read came: the answer of the follower may have been long on its way (§8).
   */
  static void lateRead(long seed) {
    registers(seed)
        .run(
            cluster -> {
              cluster.one(new Registers.Put("k", "before"), 3);
              var old = cluster.awaitLeader();
              var deaf = others(cluster, old).get(0);
              var next = others(cluster, old).get(1);
              cluster.lateAnswers(Duration.ofMillis(1), Duration.ofMillis(1_500));
              cluster.propose(old, new Registers.Put("k", "sent"));
              pass(cluster, 3);
              cluster.cut(old, deaf);
              cluster.cut(old, next);
              cluster.cut(next, old);
              pass(cluster, 500);
              var term = term(cluster, next);
              if (cluster.status(next).orElseThrow().isLeader()) {
                cluster.propose(next, new Registers.Put("k", "after " + term));
                pass(cluster, 100);
              }
              cluster.read(old, new Registers.Get("k"));
              pass(cluster, 2_000);
            });
  }

  private static Simulation<Registers.Command, String> registers(long seed) {
    return Simulation.of(Registers::new).peers(3).seed(seed).linearizable(Registers.Command::key);
  }

  private static PeerId watchForLeader(Cluster<?, ?> cluster, List<PeerId> among, Term after) {
    var leaders = new ArrayList<PeerId>();
    watch(
        cluster,
        () -> {
          for (var id : among) {
            var status = cluster.status(id).orElseThrow();
            if (status.isLeader() && status.term().isNewerThan(after)) {
              leaders.add(id);
            }
          }
          return !leaders.isEmpty();
        });
    return leaders.get(0);
  }

  /** Waits, and looks so often that no message gets in between. */
  private static void watch(Cluster<?, ?> cluster, BooleanSupplier condition) {
    var end = cluster.time().plus(Duration.ofSeconds(5));
    while (!condition.getAsBoolean()) {
      require(cluster.time().compareTo(end) < 0, "Figure 8 goes on within 5 s");
      cluster.passes(Duration.ofNanos(20_000));
    }
  }

  // Words.

  private static void propose(Cluster<String, Integer> cluster, PeerId peer, int count) {
    for (var i = 0; i < count; i++) {
      cluster.propose(peer, "x" + i + "@" + cluster.time().toMillis());
      pass(cluster, 1);
    }
  }

  private static void pass(Cluster<?, ?> cluster, long millis) {
    cluster.passes(Duration.ofMillis(millis));
  }

  private static Term term(Cluster<?, ?> cluster, PeerId peer) {
    return cluster.status(peer).orElseThrow().term();
  }

  private static List<PeerId> others(Cluster<?, ?> cluster, PeerId... not) {
    return cluster.peers().stream().filter(id -> !List.of(not).contains(id)).toList();
  }

  private static void require(boolean holds, String what) {
    if (!holds) {
      throw new AssertionError(what);
    }
  }
}
