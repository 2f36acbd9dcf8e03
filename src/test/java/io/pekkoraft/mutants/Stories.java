package io.pekkoraft.mutants;

import static io.pekkoraft.mutants.Telling.SMALL_STEPS;
import static io.pekkoraft.mutants.Telling.elections;
import static io.pekkoraft.mutants.Telling.others;
import static io.pekkoraft.mutants.Telling.pass;
import static io.pekkoraft.mutants.Telling.propose;
import static io.pekkoraft.mutants.Telling.require;
import static io.pekkoraft.mutants.Telling.simulation;
import static io.pekkoraft.mutants.Telling.undisturbed;

import io.pekkoraft.RaftStatus.FollowerStatus.State;
import io.pekkoraft.model.PeerId;
import io.pekkoraft.testkit.Chaos;
import io.pekkoraft.testkit.Cluster;
import io.pekkoraft.testkit.Registers;
import java.time.Duration;
import java.util.SplittableRandom;

/** The stories of chance and of manners, told of peers that may have a mistake in them. */
final class Stories {
  private Stories() {}

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

  /** The same, where clients read at all peers, and leaders change quickly. */
  static void reads(long seed) {
    PaperStories.registers(seed)
        .settings(elections(10, 30, 60))
        .settings("reads.lease = on")
        .run(cluster -> Chaos.torment(cluster, Duration.ofSeconds(10), new Registers.Workload()));
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

  /** Once a follower has answered a probe, it is sent as much as before. */
  static void resuming(long seed) {
    simulation(3, seed)
        .run(
            cluster -> {
              cluster.one("before", 3);
              var leader = cluster.awaitLeader();
              var follower = others(cluster, leader).get(0);
              cluster.isolate(follower);
              propose(cluster, leader, 3);
              cluster.heal(follower);
              pass(cluster, 200);
              require(
                  cluster.status(leader).orElseThrow().followers().get(follower).state()
                      == State.REPLICATE,
                  "a follower that answers is not probed for ever");
            });
  }

  /** Messages overtake each other; a window of them is refused, and sent again once. */
  static void overtaking(long seed) {
    simulation(3, seed)
        .settings("replication { max-batch-size = 1, max-in-flight-messages = 64 }")
        .run(
            cluster -> {
              var leader = cluster.awaitLeader();
              cluster.lateAnswers(Duration.ofMillis(100), Duration.ofMillis(100));
              var before = cluster.messages();
              propose(cluster, leader, 200);
              pass(cluster, 1_000);
              require(cluster.messages() - before < 4_000, "refusals breed no messages");
            });
  }
}
