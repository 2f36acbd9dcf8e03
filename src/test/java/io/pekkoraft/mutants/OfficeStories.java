package io.pekkoraft.mutants;

import static io.pekkoraft.mutants.PaperStories.registers;
import static io.pekkoraft.mutants.Telling.elections;
import static io.pekkoraft.mutants.Telling.others;
import static io.pekkoraft.mutants.Telling.pass;
import static io.pekkoraft.mutants.Telling.propose;
import static io.pekkoraft.mutants.Telling.require;
import static io.pekkoraft.mutants.Telling.simulation;
import static io.pekkoraft.mutants.Telling.undisturbed;

import io.pekkoraft.ReadConsistency;
import io.pekkoraft.model.PeerId;
import io.pekkoraft.testkit.Cluster;
import io.pekkoraft.testkit.Registers;
import io.pekkoraft.testkit.Request;
import java.time.Duration;
import java.util.Optional;

/** Stories of leaders that should go, that want to go, or that don't know yet that they have to. */
final class OfficeStories {
  private static final String LEASES = "reads.lease = on\n";
  private static final Registers.Command GET = new Registers.Get("k");

  private OfficeStories() {}

  /** A leader can send but not receive: it makes room for one that can (thesis §6.2). */
  static void unheard(long seed) {
    simulation(3, seed)
        .run(
            cluster -> {
              var leader = cluster.awaitLeader();
              others(cluster, leader).forEach(other -> cluster.cut(other, leader));
              pass(cluster, 700);
              require(
                  cluster.status(leader).map(status -> !status.isLeader()).orElse(false),
                  "a leader that nobody answers gives up its office");
            });
  }

  /** Who is to take over is away: the leader goes on (thesis §3.10). */
  static void vainTransfer(long seed) {
    simulation(3, seed)
        .run(
            cluster -> {
              cluster.one("before", 3);
              var leader = cluster.awaitLeader();
              var away = others(cluster, leader).get(0);
              cluster.isolate(away);
              propose(cluster, leader, 1);
              undisturbed(
                  cluster,
                  leader,
                  () -> {
                    cluster.transfer(leader, Optional.of(away));
                    pass(cluster, 300);
                    cluster.heal(away);
                    pass(cluster, 300);
                  });
              cluster.one("after", 3);
            });
  }

  /** Who is to take over was away; it catches up, and then it leads (thesis §3.10). */
  static void transfer(long seed) {
    simulation(3, seed)
        .run(
            cluster -> {
              cluster.one("before", 3);
              var leader = cluster.awaitLeader();
              var successor = others(cluster, leader).get(0);
              cluster.isolate(successor);
              propose(cluster, leader, 5);
              cluster.heal(successor);
              cluster.transfer(leader, Optional.of(successor));
              pass(cluster, 400);
              require(
                  cluster.leader().equals(Optional.of(successor)),
                  "whoever is named takes over, at the first try");
            });
  }

  /**
   * An old leader hears late answers of a follower, to what it sent when it still led: they say
   * nothing of now (thesis §6.4).
   */
  static void lateRead(long seed) {
    registers(seed)
        .settings(elections(20, 60, 600))
        .run(
            cluster -> {
              var old = cluster.awaitLeader();
              var next = others(cluster, old).get(0);
              var late = others(cluster, old).get(1);
              cluster.lateAnswers(Duration.ofMillis(1), Duration.ofMillis(800));
              for (var i = 0; i < 30; i++) {
                cluster.propose(old, new Registers.Put("k", "sent " + i));
              }
              pass(cluster, 5);
              cluster.calm();
              cluster.cut(old, next);
              cluster.cut(old, late);
              cluster.cut(next, old);
              readWhileAnotherLeads(cluster, old, ReadConsistency.linearizable());
            });
  }

  /** Answers to a follower's questions come twice; the second one may be too old (thesis §6.4). */
  static void echo(long seed) {
    registers(seed)
        .run(
            cluster -> {
              var leader = cluster.awaitLeader();
              var follower = others(cluster, leader).get(0);
              cluster.lateAnswers(Duration.ofMillis(1), Duration.ofMillis(60));
              for (var i = 0; i < 40; i++) {
                ends(cluster, cluster.read(follower, GET, ReadConsistency.follower()));
                ends(cluster, cluster.propose(leader, new Registers.Put("k", "v" + i)));
                ends(cluster, cluster.read(follower, GET, ReadConsistency.follower()));
              }
            });
  }

  private static void ends(Cluster<?, ?> cluster, Request<?, ?> request) {
    cluster.await("an answer", () -> request.outcome() != Request.Outcome.PENDING);
  }

  /** A leader with a lease is alone; when another one leads, the lease is over (thesis §6.4.1). */
  static void lease(long seed) {
    registers(seed)
        .settings(LEASES + elections(10, 30, 200))
        .run(
            cluster -> {
              cluster.one(new Registers.Put("k", "before"), 3);
              var old = cluster.awaitLeader();
              cluster.isolate(old);
              readWhileAnotherLeads(cluster, old, ReadConsistency.lease());
            });
  }

  /**
   * A follower would help another to office, for it has not heard its leader; then it hears it
   * again, and the leader has a lease from it (thesis §6.4.1).
   */
  static void fickle(long seed) {
    registers(seed)
        .settings(LEASES + elections(10, 30, 60))
        .run(
            cluster -> {
              cluster.one(new Registers.Put("k", "before"), 3);
              var dice = cluster.random();
              for (var i = 0; i < 20; i++) {
                var old = cluster.awaitLeader();
                var fickle = others(cluster, old).get(0);
                var next = others(cluster, old).get(1);
                cluster.cut(old, next);
                cluster.cut(next, old);
                cluster.cut(old, fickle);
                pass(cluster, 31 + dice.nextInt(8));
                cluster.stallDisk(next, Duration.ofMillis(5 + dice.nextInt(15)));
                cluster.mend(old, fickle);
                readWhileAnotherLeads(cluster, old, ReadConsistency.lease());
                cluster.heal();
              }
            });
  }

  /** A leader has told another to lead, and does not hear that it does (thesis §6.4.1). */
  static void leaving(long seed) {
    registers(seed)
        .settings(LEASES + elections(10, 30, 200))
        .run(
            cluster -> {
              cluster.one(new Registers.Put("k", "before"), 3);
              var old = cluster.awaitLeader();
              pass(cluster, 50);
              others(cluster, old).forEach(other -> cluster.cut(other, old));
              cluster.transfer(old, Optional.of(others(cluster, old).get(0)));
              readWhileAnotherLeads(cluster, old, ReadConsistency.lease());
            });
  }

  /** For a while, whoever else leads is written to, and {@code old} is read from. */
  private static void readWhileAnotherLeads(
      Cluster<Registers.Command, String> cluster, PeerId old, ReadConsistency consistency) {
    for (var i = 0; i < 150; i++) {
      for (var other : others(cluster, old)) {
        if (cluster.status(other).orElseThrow().isLeader()) {
          cluster.propose(other, new Registers.Put("k", "after " + cluster.time().toNanos()));
          pass(cluster, 1);
        }
      }
      cluster.read(old, GET, consistency);
      pass(cluster, 2);
    }
  }
}
