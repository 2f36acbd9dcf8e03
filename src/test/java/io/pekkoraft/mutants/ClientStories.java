package io.pekkoraft.mutants;

import static io.pekkoraft.mutants.Telling.elections;
import static io.pekkoraft.mutants.Telling.others;
import static io.pekkoraft.mutants.Telling.pass;
import static io.pekkoraft.mutants.Telling.term;
import static io.pekkoraft.mutants.Telling.watchForLeader;

import io.pekkoraft.testkit.Chaos;
import io.pekkoraft.testkit.Cluster;
import io.pekkoraft.testkit.Registers;
import java.time.Duration;
import java.util.SplittableRandom;

/** Stories of clients whose commands have numbers (thesis §6.3). */
final class ClientStories {
  private ClientStories() {}

  /**
   * Clients that send their commands again and again, while leaders change quickly, sessions are
   * forgotten, and whoever is away for long needs a snapshot.
   */
  static void sessions(long seed) {
    var dice = new SplittableRandom(seed);
    PaperStories.registers(seed)
        .settings(elections(10, 30, 60))
        .settings(
            """
            sessions { expire-after = %d ms, max-in-flight = 64 }
            client { max-in-flight = %d, resend-after = %d ms, timeout = %d ms }
            snapshots { min-entries = 10, max-entries = 30, keep-entries = 4 }
            """
                .formatted(
                    dice.nextBoolean() ? 60 : 400,
                    dice.nextBoolean() ? 2 : 32,
                    dice.nextBoolean() ? 20 : 60,
                    dice.nextBoolean() ? 300 : 2000))
        .run(cluster -> Chaos.torment(cluster, Duration.ofSeconds(5), new Registers.Workload(4)));
  }

  /**
   * Messages take so long that a client sends each command several times, and copies arrive when
   * their command has long been answered.
   */
  static void lateCopies(long seed) {
    PaperStories.registers(seed)
        .settings(elections(50, 500, 1000))
        .settings("client { max-in-flight = 2, resend-after = 20 ms }")
        .run(
            cluster -> {
              cluster.awaitLeader();
              slowDown(cluster);
              var client = cluster.newClient();
              for (var i = 0; i < 40; i++) {
                client.propose(new Registers.Put("k" + i % 4, "v" + i));
                pass(cluster, 40);
              }
            });
  }

  /** Followers lag behind each by another stretch, and a client reads now here, now there. */
  static void readsForward(long seed) {
    PaperStories.registers(seed)
        .settings(elections(50, 500, 1000))
        .run(
            cluster -> {
              var leader = cluster.awaitLeader();
              slowDown(cluster);
              var client = cluster.newClient();
              for (var i = 0; i < 100; i++) {
                cluster.propose(leader, new Registers.Put("k", "v" + i));
                if (client.pending() == 0) {
                  client.readOfSession(new Registers.Get("k"));
                }
                pass(cluster, 20);
              }
            });
  }

  /** The same, where the client itself writes what it reads. */
  static void readsItsWrites(long seed) {
    PaperStories.registers(seed)
        .settings(elections(50, 500, 1000))
        .run(
            cluster -> {
              cluster.awaitLeader();
              slowDown(cluster);
              var client = cluster.newClient();
              for (var i = 0; i < 20; i++) {
                client.propose(new Registers.Put("k", "v" + i));
                cluster.await("the write ends", () -> client.pending() == 0);
                client.readOfSession(new Registers.Get("k"));
                cluster.await("the read ends", () -> client.pending() == 0);
              }
            });
  }

  /**
   * A leader copies a command and hears no answer, so it leaves, and can't tell its client what
   * will become of it. Before the client finds the next one, its session makes room for another's.
   */
  static void forgottenMeanwhile(long seed) {
    PaperStories.registers(seed)
        .settings("sessions.max-sessions = 1")
        .run(
            cluster -> {
              var leader = cluster.awaitLeader();
              var client = cluster.newClient();
              client.propose(new Registers.Put("k", "before"));
              pass(cluster, 100);
              others(cluster, leader).forEach(follower -> cluster.cut(follower, leader));
              client.propose(new Registers.Put("k", "after"));
              pass(cluster, 100);
              watchForLeader(cluster, others(cluster, leader), term(cluster, leader));
              cluster.newClient().propose(new Registers.Put("other", "x"));
              pass(cluster, 1_000);
            });
  }

  private static void slowDown(Cluster<?, ?> cluster) {
    cluster.lateAnswers(Duration.ofMillis(100), Duration.ofMillis(100));
  }
}
