package io.pekkoraft.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.pekkoraft.RaftStatus;
import io.pekkoraft.model.PeerId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;

/**
 * The reference scenarios of the MIT course's Raft lab, parts 2A, 2B and 2C, over many seeds, with
 * the oracles watching. {@code -Dsim.seeds=N} runs more of them, {@code -Dsim.seed=N} one. Part 2D
 * is {@link LabSnapshotTest}, the lab after it {@link KeyValueLabTest}.
 */
@Tag("simulated")
class LabSuiteTest {
  private static final int SEEDS = Integer.getInteger("sim.seeds", 50);

  private String name;

  @BeforeEach
  void name(TestInfo info) {
    name = info.getDisplayName();
  }

  private void overSeeds(int peers, Consumer<Cluster<String, Integer>> story) {
    overSeeds(peers, SEEDS, story);
  }

  private void overSeeds(int peers, int seeds, Consumer<Cluster<String, Integer>> story) {
    var runs = Simulation.of(Recording::new).peers(peers).overSeeds(seeds, story);
    LabReport.print(name, peers, runs);
  }

  private static Duration ms(long millis) {
    return Duration.ofMillis(millis);
  }

  private static PeerId other(Cluster<?, ?> cluster, PeerId... not) {
    return cluster.peers().stream()
        .filter(id -> !List.of(not).contains(id))
        .findFirst()
        .orElseThrow();
  }

  private static void noLeader(Cluster<?, ?> cluster) {
    assertThat(cluster.connected().stream().map(cluster::status).flatMap(s -> s.stream()))
        .noneMatch(RaftStatus::isLeader);
  }

  private static void proposeMany(
      Cluster<String, Integer> cluster, PeerId id, String prefix, int count) {
    for (var i = 0; i < count; i++) {
      cluster.propose(id, prefix + i);
    }
  }

  // 2A

  @Test
  @DisplayName("2A initial election")
  void initialElection() {
    overSeeds(
        3,
        cluster -> {
          var leader = cluster.awaitLeader();
          cluster.passes(ms(50));
          var term = cluster.status(leader).orElseThrow().term();
          cluster.passes(ms(2000));
          assertThat(cluster.leader()).contains(leader);
          assertThat(cluster.status(leader).orElseThrow().term()).isEqualTo(term);
        });
  }

  @Test
  @DisplayName("2A election after network failure")
  void reElection() {
    overSeeds(
        3,
        cluster -> {
          var first = cluster.awaitLeader();
          cluster.isolate(first);
          var second = cluster.awaitLeader();
          cluster.heal(first);
          assertThat(cluster.awaitLeader()).isEqualTo(second);
          var third = other(cluster, second);
          cluster.isolate(second);
          cluster.isolate(third);
          cluster.passes(ms(2000));
          noLeader(cluster);
          cluster.heal(third);
          cluster.awaitLeader();
          cluster.heal(second);
          cluster.awaitLeader();
        });
  }

  @Test
  @DisplayName("2A many elections")
  void manyElections() {
    overSeeds(
        7,
        cluster -> {
          cluster.awaitLeader();
          var random = new Random(cluster.random().nextLong());
          for (var round = 0; round < 9; round++) {
            var ids = new ArrayList<>(cluster.peers());
            Collections.shuffle(ids, random);
            ids.subList(0, 3).forEach(cluster::isolate);
            cluster.awaitLeader();
            ids.subList(0, 3).forEach(cluster::heal);
          }
          cluster.awaitLeader();
        });
  }

  // 2B

  @Test
  @DisplayName("2B basic agreement")
  void basicAgreement() {
    overSeeds(
        5,
        cluster -> {
          for (var command : List.of("1", "2", "3")) {
            assertThat(cluster.appliedBy(command)).isZero();
            cluster.one(command, 5);
          }
          cluster
              .peers()
              .forEach(id -> assertThat(cluster.applied(id)).containsExactly("1", "2", "3"));
        });
  }

  @Test
  @DisplayName("2B bytes: each command goes to each peer once")
  void bytes() {
    overSeeds(
        3,
        cluster -> {
          cluster.awaitLeader();
          var before = cluster.bytes();
          for (var i = 0; i < 10; i++) {
            cluster.one(i + "x".repeat(5000), 3);
          }
          assertThat(cluster.bytes() - before).isLessThanOrEqualTo(200_000);
        });
  }

  @Test
  @DisplayName("2B agreement despite follower disconnection")
  void failAgree() {
    overSeeds(
        3,
        cluster -> {
          cluster.one("1", 3);
          var leader = cluster.awaitLeader();
          var away = other(cluster, leader);
          cluster.isolate(away);
          for (var i = 2; i <= 5; i++) {
            cluster.one("" + i, 2);
          }
          cluster.heal(away);
          cluster.one("6", 3);
          cluster.one("7", 3);
        });
  }

  @Test
  @DisplayName("2B follower failure: two more with one away, none with two")
  void followerFailure() {
    overSeeds(
        3,
        cluster -> {
          cluster.one("1", 3);
          var leader = cluster.awaitLeader();
          var first = other(cluster, leader);
          cluster.isolate(first);
          cluster.one("2", 2);
          cluster.one("3", 2);
          cluster.isolate(other(cluster, cluster.awaitLeader(), first));
          cluster.propose(cluster.connected().get(0), "never yet");
          cluster.passes(ms(2000));
          assertThat(cluster.appliedBy("never yet")).isZero();
        });
  }

  @Test
  @DisplayName("2B leader failure: two more with one leader away, none with two")
  void leaderFailure() {
    overSeeds(
        3,
        cluster -> {
          cluster.one("1", 3);
          cluster.isolate(cluster.awaitLeader());
          cluster.one("2", 2);
          cluster.one("3", 2);
          cluster.isolate(cluster.awaitLeader());
          cluster.peers().forEach(id -> cluster.propose(id, "never yet " + id));
          cluster.passes(ms(2000));
          cluster.peers().forEach(id -> assertThat(cluster.appliedBy("never yet " + id)).isZero());
        });
  }

  @Test
  @DisplayName("2B no agreement if too many followers disconnect")
  void failNoAgree() {
    overSeeds(
        5,
        cluster -> {
          cluster.one("10", 5);
          var leader = cluster.awaitLeader();
          var away = cluster.peers().stream().filter(id -> !id.equals(leader)).limit(3).toList();
          away.forEach(cluster::isolate);
          cluster.propose(leader, "20");
          cluster.passes(ms(2000));
          assertThat(cluster.appliedBy("20")).isZero();
          away.forEach(cluster::heal);
          cluster.one("30", 5);
          cluster.one("1000", 5);
        });
  }

  @Test
  @DisplayName("2B concurrent Start()s")
  void concurrentStarts() {
    overSeeds(
        3,
        cluster -> {
          proposeMany(cluster, cluster.awaitLeader(), "c", 5);
          cluster.await("all five", () -> cluster.appliedBy("c4") == 3);
          cluster
              .peers()
              .forEach(
                  id ->
                      assertThat(cluster.applied(id))
                          .containsExactly("c0", "c1", "c2", "c3", "c4"));
        });
  }

  @Test
  @DisplayName("2B rejoin of partitioned leader")
  void rejoin() {
    overSeeds(
        3,
        cluster -> {
          cluster.one("101", 3);
          var first = cluster.awaitLeader();
          cluster.isolate(first);
          List.of("102", "103", "104").forEach(c -> cluster.propose(first, c));
          cluster.one("103b", 2);
          var second = cluster.awaitLeader();
          cluster.isolate(second);
          cluster.heal(first);
          cluster.one("104b", 2);
          cluster.heal(second);
          cluster.one("105", 3);
          assertThat(cluster.appliedBy("102")).isZero();
        });
  }

  @Test
  @DisplayName("2B leader backs up quickly over incorrect follower logs")
  void backup() {
    overSeeds(
        5,
        cluster -> {
          cluster.one("first", 5);
          var leader = cluster.awaitLeader();
          var partner = other(cluster, leader);
          var rest =
              cluster.peers().stream()
                  .filter(id -> !id.equals(leader) && !id.equals(partner))
                  .toList();
          rest.forEach(cluster::isolate);
          proposeMany(cluster, leader, "a", 50);
          cluster.passes(ms(250));
          cluster.isolate(leader);
          cluster.isolate(partner);
          rest.forEach(cluster::heal);
          for (var i = 0; i < 50; i++) {
            cluster.one("b" + i, 3);
          }
          var second = cluster.awaitLeader();
          var third = rest.stream().filter(id -> !id.equals(second)).findFirst().orElseThrow();
          cluster.isolate(third);
          proposeMany(cluster, second, "c", 50);
          cluster.passes(ms(250));
          rest.forEach(cluster::isolate);
          List.of(leader, partner, third).forEach(cluster::heal);
          for (var i = 0; i < 50; i++) {
            cluster.one("d" + i, 3);
          }
          cluster.heal();
          cluster.one("end", 5);
        });
  }

  @Test
  @DisplayName("2B RPC counts aren't too high")
  void counts() {
    overSeeds(
        3,
        cluster -> {
          cluster.awaitLeader();
          assertThat(cluster.messages()).as("election").isLessThanOrEqualTo(30);
          var before = cluster.messages();
          proposeMany(cluster, cluster.awaitLeader(), "c", 12);
          cluster.await("all twelve", () -> cluster.appliedBy("c11") == 3);
          assertThat(cluster.messages() - before).as("12 commands").isLessThanOrEqualTo(42);
          var idle = cluster.messages();
          cluster.passes(ms(1000));
          assertThat((cluster.messages() - idle) / 2).as("RPCs, idle").isLessThanOrEqualTo(60);
        });
  }

  // 2C

  @Test
  @DisplayName("2C basic persistence")
  void basicPersistence() {
    overSeeds(
        3,
        cluster -> {
          cluster.one("11", 3);
          cluster.peers().forEach(cluster::restart);
          cluster.one("12", 3);
          cluster.restart(cluster.awaitLeader());
          cluster.one("13", 3);
          var leader = cluster.awaitLeader();
          cluster.crash(leader);
          cluster.one("14", 2);
          cluster.start(leader);
          cluster.await("it catches up", () -> cluster.appliedBy("14") == 3);
          var follower = other(cluster, cluster.awaitLeader());
          cluster.crash(follower);
          cluster.one("15", 2);
          cluster.start(follower);
          cluster.one("16", 3);
        });
  }

  @Test
  @DisplayName("2C more persistence")
  void morePersistence() {
    overSeeds(
        5,
        cluster -> {
          var ids = List.copyOf(cluster.peers());
          for (var round = 0; round < 5; round++) {
            cluster.one(round + "a", 5);
            var leader = ids.indexOf(cluster.awaitLeader());
            var one = ids.get((leader + 1) % 5);
            var two = ids.get((leader + 2) % 5);
            cluster.crash(one);
            cluster.crash(two);
            cluster.one(round + "b", 3);
            cluster.running().forEach(cluster::crash);
            cluster.start(one);
            cluster.start(two);
            cluster.passes(ms(1000));
            cluster.start(ids.get((leader + 3) % 5));
            cluster.one(round + "c", 3);
            ids.forEach(cluster::start);
          }
          cluster.one("end", 5);
        });
  }

  @Test
  @DisplayName("2C partitioned leader and one follower crash, leader restarts")
  void leaderRestarts() {
    overSeeds(
        3,
        cluster -> {
          cluster.one("101", 3);
          var leader = cluster.awaitLeader();
          var away = other(cluster, leader);
          var third = other(cluster, leader, away);
          cluster.isolate(away);
          cluster.one("102", 2);
          cluster.crash(leader);
          cluster.crash(third);
          cluster.heal(away);
          cluster.start(leader);
          cluster.one("103", 2);
          cluster.start(third);
          cluster.one("104", 3);
        });
  }

  @Test
  @DisplayName("2C Figure 8")
  void figure8() {
    overSeeds(5, SEEDS, cluster -> figure8(cluster, 1000, false));
  }

  @Test
  @DisplayName("2C Figure 8 (unreliable)")
  void figure8Unreliable() {
    overSeeds(
        5,
        SEEDS,
        cluster -> {
          cluster.network().conditions(Network.Conditions.UNRELIABLE);
          figure8(cluster, 1000, true);
        });
  }

  private static void figure8(Cluster<String, Integer> cluster, int rounds, boolean unreliable) {
    var random = cluster.random();
    cluster.awaitLeader();
    var away = new ArrayList<PeerId>();
    for (var round = 0; round < rounds; round++) {
      if (unreliable && round == 200) {
        cluster.network().conditions(Network.Conditions.LONG_REORDERING);
      }
      for (var id : cluster.running()) {
        cluster.propose(id, round + "@" + id);
      }
      var leader =
          cluster.connected().stream()
              .filter(id -> cluster.status(id).map(RaftStatus::isLeader).orElse(false))
              .findFirst();
      cluster.passes(ms(random.nextInt(10) == 0 ? random.nextInt(500) : random.nextInt(13)));
      if (leader.isPresent() && (!unreliable || random.nextBoolean())) {
        away.add(leader.get());
        if (unreliable) {
          cluster.isolate(leader.get());
        } else {
          cluster.crash(leader.get());
        }
      }
      if (away.size() > 2) {
        var back = away.remove(random.nextInt(away.size()));
        if (unreliable) {
          cluster.heal(back);
        } else {
          cluster.start(back);
        }
      }
    }
    cluster.heal();
    cluster.peers().forEach(cluster::start);
    cluster.one("end", 5);
  }

  @Test
  @DisplayName("2C unreliable agreement")
  void unreliableAgreement() {
    overSeeds(
        5,
        cluster -> {
          cluster.network().conditions(Network.Conditions.UNRELIABLE);
          for (var round = 1; round < 50; round++) {
            for (var i = 0; i < 4; i++) {
              cluster.leader().ifPresent(l -> cluster.propose(l, "x" + cluster.requests().size()));
            }
            cluster.one("y" + round, 1);
          }
          cluster.network().conditions(Network.Conditions.RELIABLE);
          cluster.one("end", 5);
        });
  }

  @Test
  @DisplayName("2C churn")
  void churn() {
    overSeeds(5, cluster -> churn(cluster, false));
  }

  @Test
  @DisplayName("2C unreliable churn")
  void unreliableChurn() {
    overSeeds(5, cluster -> churn(cluster, true));
  }

  private static void churn(Cluster<String, Integer> cluster, boolean unreliable) {
    if (unreliable) {
      cluster.network().conditions(Network.Conditions.UNRELIABLE);
    }
    var random = cluster.random();
    var ids = List.copyOf(cluster.peers());
    for (var round = 0; round < 20; round++) {
      if (random.nextInt(1000) < 200) {
        cluster.isolate(ids.get(random.nextInt(5)));
      }
      if (random.nextInt(1000) < 500) {
        var id = ids.get(random.nextInt(5));
        cluster.start(id);
        cluster.heal(id);
      }
      if (random.nextInt(1000) < 200) {
        cluster.crash(ids.get(random.nextInt(5)));
      }
      for (var step = 0; step < 7; step++) {
        for (var client = 0; client < 3; client++) {
          var command = "c" + client + "-" + round + "-" + step;
          ids.forEach(id -> cluster.propose(id, command + id));
        }
        cluster.passes(ms(100));
      }
    }
    cluster.network().conditions(Network.Conditions.RELIABLE);
    cluster.heal();
    ids.forEach(cluster::start);
    cluster.one("end", 5);
  }
}
