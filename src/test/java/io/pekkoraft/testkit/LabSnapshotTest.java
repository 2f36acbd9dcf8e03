package io.pekkoraft.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.pekkoraft.QuietLogs;
import io.pekkoraft.RaftStatus;
import io.pekkoraft.model.LogIndex;
import io.pekkoraft.model.PeerId;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Part 2D of the MIT course's Raft lab, snapshots, over many seeds, with the oracles watching. A
 * snapshot is due every ten entries, and nothing that it includes is kept; for a follower that is
 * on its way, the rest is, but only while it answers within four heartbeats.
 */
@Tag("simulated")
@ExtendWith(QuietLogs.class)
class LabSnapshotTest {
  private static final int SEEDS = Integer.getInteger("sim.seeds", 20);
  private static final int INTERVAL = 10;
  private static final String EVERY_TEN =
      "snapshots { min-entries = %d, max-entries = %d, keep-entries = 0, patience = 4 }"
          .formatted(INTERVAL, INTERVAL);

  /** The course's bound on what a peer may keep besides its snapshot, in bytes. */
  private static final long MAX_LOG = 2000;

  private String name;
  private long largestLog;

  @BeforeEach
  void name(TestInfo info) {
    name = info.getDisplayName();
  }

  private void overSeeds(Consumer<Cluster<String, Integer>> story) {
    var runs = Simulation.of(Recording::new).peers(3).settings(EVERY_TEN).overSeeds(SEEDS, story);
    var sent =
        runs.stream()
            .mapToLong(run -> run.coverage().of(Coverage.Kind.SNAPSHOT).getOrDefault("sent", 0L))
            .sum();
    LabReport.print(name, 3, runs, ", log %d bytes at most, %d sent".formatted(largestLog, sent));
  }

  private static String command(Cluster<?, ?> cluster) {
    return "c" + cluster.random().nextInt(1_000_000_000);
  }

  /** Away while others go on. */
  private enum Away {
    NOT,
    DISCONNECTED,
    CRASHED
  }

  private void rounds(Away how, boolean unreliable) {
    overSeeds(
        cluster -> {
          if (unreliable) {
            cluster.network().conditions(Network.Conditions.UNRELIABLE);
          }
          cluster.one(command(cluster), 3);
          for (var round = 0; round < 30; round++) {
            round(cluster, how, round);
          }
          assertThat(cluster.disk(cluster.peers().first()).snapshots().committed()).isNotEmpty();
        });
  }

  private void round(Cluster<String, Integer> cluster, Away how, int round) {
    var leader = cluster.awaitLeader();
    var follower = cluster.peers().stream().filter(id -> !id.equals(leader)).findFirst();
    var victim = round % 3 == 1 ? leader : follower.orElseThrow();
    leaves(cluster, how, victim);
    if (how != Away.NOT) {
      cluster.one(command(cluster), 2);
    }
    var commands = INTERVAL / 2 + cluster.random().nextInt(INTERVAL);
    for (var i = 0; i < commands; i++) {
      cluster.connected().stream()
          .filter(id -> cluster.status(id).map(RaftStatus::isLeader).orElse(false))
          .forEach(id -> cluster.propose(id, command(cluster)));
    }
    cluster.one(command(cluster), 2);
    cluster.running().forEach(id -> boundedLog(cluster, id));
    returns(cluster, how, victim);
    cluster.one(command(cluster), 3);
    cluster.awaitLeader();
  }

  private static void leaves(Cluster<?, ?> cluster, Away how, PeerId victim) {
    switch (how) {
      case DISCONNECTED -> cluster.isolate(victim);
      case CRASHED -> cluster.crash(victim);
      case NOT -> {}
    }
  }

  private static void returns(Cluster<?, ?> cluster, Away how, PeerId victim) {
    switch (how) {
      case DISCONNECTED -> cluster.heal(victim);
      case CRASHED -> cluster.start(victim);
      case NOT -> {}
    }
  }

  private void boundedLog(Cluster<?, ?> cluster, PeerId id) {
    var bytes = cluster.disk(id).journalBytes();
    largestLog = Math.max(largestLog, bytes);
    assertThat(bytes).as("the log of %s on its disk", id).isLessThan(MAX_LOG);
  }

  @Test
  @DisplayName("2D snapshots basic")
  void basic() {
    rounds(Away.NOT, false);
  }

  @Test
  @DisplayName("2D install snapshots (disconnect)")
  void disconnect() {
    rounds(Away.DISCONNECTED, false);
  }

  @Test
  @DisplayName("2D install snapshots (disconnect, unreliable)")
  void disconnectUnreliable() {
    rounds(Away.DISCONNECTED, true);
  }

  @Test
  @DisplayName("2D install snapshots (crash)")
  void crash() {
    rounds(Away.CRASHED, false);
  }

  @Test
  @DisplayName("2D install snapshots (crash, unreliable)")
  void crashUnreliable() {
    rounds(Away.CRASHED, true);
  }

  private static LogIndex furthest(Cluster<?, ?> cluster) {
    return cluster.running().stream()
        .flatMap(id -> cluster.status(id).stream())
        .map(RaftStatus::lastApplied)
        .max(LogIndex::compareTo)
        .orElseThrow();
  }

  private static void restartAll(Cluster<?, ?> cluster) {
    cluster.peers().forEach(cluster::crash);
    cluster.peers().forEach(cluster::start);
  }

  @Test
  @DisplayName("2D crash and restart all servers (unreliable)")
  void allCrash() {
    overSeeds(
        cluster -> {
          cluster.network().conditions(Network.Conditions.UNRELIABLE);
          cluster.one(command(cluster), 3);
          for (var round = 0; round < 5; round++) {
            var commands = INTERVAL / 2 + cluster.random().nextInt(INTERVAL);
            for (var i = 0; i < commands; i++) {
              cluster.leader().ifPresent(id -> cluster.propose(id, command(cluster)));
            }
            cluster.one(command(cluster), 3);
            var before = furthest(cluster);
            restartAll(cluster);
            cluster.one(command(cluster), 3);
            assertThat(furthest(cluster).isAfter(before)).as("the index goes on").isTrue();
          }
        });
  }

  @Test
  @DisplayName("2D snapshot initialization after crash")
  void init() {
    overSeeds(
        cluster -> {
          var commands = List.of("a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l");
          commands.forEach(command -> cluster.one(command, 3));
          restartAll(cluster);
          // It persists something again, but no snapshot yet.
          cluster.one("after the first", 1);
          restartAll(cluster);
          cluster.one("after the second", 3);
          cluster.peers().forEach(id -> assertThat(cluster.applied(id)).containsAll(commands));
          cluster.passes(Duration.ofMillis(1));
        });
  }
}
