package io.pekkoraft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigFactory;
import io.pekkoraft.journal.JournalException;
import io.pekkoraft.membership.Change;
import io.pekkoraft.membership.VersionedConfiguration;
import io.pekkoraft.model.PeerId;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.typed.eventstream.EventStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RaftGroupTest {
  private final ActorTestKit kit = ActorTestKit.create(ConfigFactory.load("unhurried.conf"));

  @AfterAll
  void shutdown() {
    kit.shutdownTestKit();
  }

  private RaftSettings settings(String changed) {
    return RaftSettings.create(
        ConfigFactory.parseString(changed)
            .withFallback(kit.system().settings().config().getConfig("pekko-raft")));
  }

  /** With more patience than those have whose patience is to end. */
  private void awaitLeader(RaftGroup<Long, Long> group, String name) throws Exception {
    now(RaftGroup.<Long, Long>of(kit.system(), name, group.peers()).read(0L));
  }

  private static <T> T now(CompletionStage<T> stage) throws Exception {
    return stage.toCompletableFuture().get(20, TimeUnit.SECONDS);
  }

  @Test
  @DisplayName("finds the leader, proposes, reads, and says how the peers are")
  void proposeAndRead() throws Exception {
    var events = kit.createTestProbe(RaftEvent.class);
    kit.system().eventStream().tell(new EventStream.Subscribe<>(RaftEvent.class, events.getRef()));
    var group =
        RaftGroup.spawn(kit.system(), "adding", PeerId.setOf("p1", "p2", "p3"), Adding::new);
    assertThat(now(group.propose(2L))).isEqualTo(2);
    assertThat(now(group.propose(3L))).isEqualTo(5);
    assertThat(now(group.read(0L))).isEqualTo(5);
    assertThatThrownBy(() -> now(group.read(7L)))
        .hasCauseInstanceOf(RaftException.CommandRefused.class);

    var leader = now(group.leader()).orElseThrow();
    assertThat(leader.isLeader()).isTrue();
    assertThat(leader.followers()).hasSize(2);
    assertThat(now(group.status())).containsOnlyKeys(group.peers());
    assertThat(now(group.status(PeerId.of("stranger")))).isEmpty();
    assertThat(events.receiveMessage()).isInstanceOf(RaftEvent.RoleChanged.class);
    group.stop();
  }

  @Test
  @DisplayName("reads as fresh as is asked for, at whichever peer can")
  void consistencies() throws Exception {
    var group = RaftGroup.spawn(kit.system(), "fresh", PeerId.setOf("p1", "p2", "p3"), Adding::new);
    now(group.propose(2L));
    for (var i = 0; i < 6; i++) { // Each peer in turn.
      assertThat(now(group.read(0L, ReadConsistency.follower()))).isEqualTo(2);
      assertThat(now(group.read(0L, ReadConsistency.lease()))).isEqualTo(2);
      assertThat(now(group.read(0L, ReadConsistency.stale(Duration.ofMillis(1))))).isEqualTo(2);
      var seen = now(group.leader()).orElseThrow().lastApplied();
      assertThat(now(group.read(0L, ReadConsistency.atLeast(seen)))).isEqualTo(2);
    }
    group.stop();
  }

  @Test
  @DisplayName("hands leadership over to who is named, and goes on under the new leader")
  void transfer() throws Exception {
    var group = RaftGroup.spawn(kit.system(), "handy", PeerId.setOf("p1", "p2", "p3"), Adding::new);
    now(group.propose(2L));
    var old = now(group.leader()).orElseThrow().id();
    var successor = group.peers().stream().filter(id -> !id.equals(old)).findFirst().orElseThrow();
    assertThat(now(group.transferLeadership(Optional.of(successor)))).isEqualTo(successor);
    assertThat(now(group.propose(3L))).isEqualTo(5);
    assertThatThrownBy(() -> now(group.transferLeadership(Optional.of(PeerId.of("stranger")))))
        .hasCauseInstanceOf(RaftException.ChangeRefused.class);
    group.stop();
  }

  @Test
  @DisplayName("a peer that is stopped hands over first; started, it catches up")
  void stopAndStart() throws Exception {
    var group = RaftGroup.spawn(kit.system(), "rolls", PeerId.setOf("p1", "p2", "p3"), Adding::new);
    now(group.propose(1L));
    var leader = now(group.leader()).orElseThrow();
    now(group.stopPeer(leader.id()));
    assertThat(now(group.status(leader.id()))).isEmpty();
    assertThat(now(group.propose(1L))).isEqualTo(2);
    assertThat(now(group.leader()).orElseThrow().term()).isGreaterThan(leader.term());
    now(group.stopPeer(leader.id())); // It is down already.
    now(group.startPeer(leader.id()));
    assertThat(now(group.status(leader.id())).orElseThrow().lastApplied())
        .isGreaterThan(leader.lastApplied());
    now(group.startPeer(leader.id())); // It runs already.
    for (var peer : group.peers()) {
      now(group.restartPeer(peer));
    }
    assertThat(now(group.propose(1L))).isEqualTo(3);
    assertThatThrownBy(() -> group.stopPeer(PeerId.of("stranger")))
        .isInstanceOf(IllegalArgumentException.class);
    now(group.stop());
  }

  @Test
  @DisplayName("peers that were spawned one by one are stopped by whoever spawned them")
  void notItsOwn() {
    var group = RaftGroup.of(kit.system(), "others", PeerId.setOf("p1"));
    assertThatThrownBy(() -> group.stopPeer(PeerId.of("p1")))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  @DisplayName("explains what is in the way, also for a peer that is down")
  void explain() throws Exception {
    var settings = settings("client.timeout = 5s");
    var group =
        RaftGroup.spawn(
            kit.system(), "explained", PeerId.setOf("p1", "p2", "p3"), Adding::new, settings);
    awaitLeader(group, "explained");
    now(group.propose(1L));
    assertThat(now(group.explain())).hasSize(3);
    var leader = now(group.leader()).orElseThrow().id();
    assertThat(now(group.explain()).get(leader).isProgressing()).isTrue();
    for (var peer : group.peers()) {
      if (!peer.equals(leader)) {
        now(group.stopPeer(peer));
      }
    }
    assertThatThrownBy(() -> now(group.propose(1L))).hasCauseInstanceOf(RaftException.class);
    var explained = now(group.explain());
    assertThat(explained.values()).noneMatch(Explanation::isProgressing);
    assertThat(explained.get(leader).findings().get(0))
        .isInstanceOfAny(Finding.NoLeader.class, Finding.NoQuorum.class);
    assertThat(explained)
        .allSatisfy(
            (peer, explanation) ->
                assertThat(explanation.findings().get(0) instanceof Finding.Down)
                    .isEqualTo(!peer.equals(leader)));
    now(group.stop());
  }

  @Test
  @DisplayName("§6 peers that are spawned later join, and others are removed, while it goes on")
  void membership() throws Exception {
    var group = RaftGroup.spawn(kit.system(), "open", PeerId.setOf("p1", "p2", "p3"), Adding::new);
    now(group.propose(2L));
    now(group.spawnPeer(PeerId.of("p4")));
    var before = settled(group, 3);
    var nobody = PeerId.setOf();
    var grown =
        now(
            group.changeMembership(
                new Change(PeerId.setOf("p4"), nobody, nobody, before.version())));
    assertThat(grown.configuration().voters()).isEqualTo(PeerId.setOf("p1", "p2", "p3", "p4"));
    assertThat(group.peers()).contains(PeerId.of("p4"));

    var leader = now(group.leader()).orElseThrow().id();
    var shrunk =
        now(
            group.changeMembership(
                new Change(nobody, PeerId.setOf(leader.value()), nobody, grown.version())));
    assertThat(shrunk.configuration().contains(leader)).isFalse();
    assertThat(now(group.propose(3L))).isEqualTo(5);
    assertThat(now(group.members())).isEqualTo(shrunk);
    assertThatThrownBy(
            () ->
                now(
                    group.changeMembership(
                        new Change(PeerId.setOf("p9"), nobody, nobody, before.version()))))
        .hasCauseInstanceOf(RaftException.ChangeRefused.class);
    now(group.stop());
  }

  /** The founders are named in the log soon after the first election, one after the other. */
  private static VersionedConfiguration settled(RaftGroup<?, ?> group, int peers) throws Exception {
    var members = now(group.members());
    while (members.configuration().met().size() < peers) {
      members = now(group.members());
    }
    return members;
  }

  @Test
  @DisplayName("many at once: each gets its own answer, and all of them count once")
  void manyAtOnce() throws Exception {
    var group = RaftGroup.spawn(kit.system(), "many", PeerId.setOf("p1", "p2", "p3"), Adding::new);
    var answers = new ArrayList<CompletionStage<Long>>();
    for (var i = 0; i < 5000; i++) {
      answers.add(group.propose(1L));
    }
    var sums = new ArrayList<Long>();
    for (var answer : answers) {
      sums.add(now(answer));
    }
    assertThat(sums).doesNotHaveDuplicates();
    assertThat(sums).contains(1L, 5000L);
    group.stop();
  }

  @Test
  @DisplayName("without a majority, surely nothing happens, and the caller learns it in time")
  void noMajority() throws Exception {
    var settings = settings("client.timeout = 2s");
    var peers = PeerId.setOf("p1", "p2", "p3");
    kit.spawn(Raft.create("alone", PeerId.of("p1"), peers, new Adding(), settings));
    var group = RaftGroup.<Long, Long>of(kit.system(), "alone", peers, settings);
    kit.createTestProbe()
        .awaitAssert(
            Duration.ofSeconds(20),
            () -> assertThat(now(group.status(PeerId.of("p1")))).isPresent());
    assertThatThrownBy(() -> now(group.propose(1L)))
        .hasCauseInstanceOf(RaftException.NotLeader.class);
  }

  @Test
  @DisplayName("a stopped group answers that nobody can tell, or that surely nothing happened")
  void stopped() throws Exception {
    var settings = settings("client.timeout = 2s");
    var group =
        RaftGroup.spawn(
            kit.system(), "stopped", PeerId.setOf("p1", "p2", "p3"), Adding::new, settings);
    awaitLeader(group, "stopped");
    now(group.propose(1L));
    now(group.stop());
    assertThatThrownBy(() -> now(group.propose(1L))).hasCauseInstanceOf(RaftException.class);
  }

  @Test
  @DisplayName("illegal names and settings are refused at once, and the error names them")
  void illegal() {
    assertThatThrownBy(() -> RaftGroup.spawn(kit.system(), "a/b", PeerId.setOf("p1"), Adding::new))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("a/b");
    assertThatThrownBy(() -> RaftGroup.spawn(kit.system(), "..", PeerId.setOf("p1"), Adding::new))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(
            () -> RaftGroup.spawn(kit.system(), "empty", Collections.emptySortedSet(), Adding::new))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("at least one peer");
    var config = ConfigFactory.load("in-memory.conf").getConfig("pekko-raft");
    for (var bad :
        new String[] {
          "heartbeat-interval = 100ms",
          "heartbeat-interval = 0s",
          "election-timeout.max = 100ms",
          "max-apply-batch = 0",
          "replication.max-batch-size = 3 GiB",
          "replication.max-in-flight-messages = 0",
          "proposals.max-pending = -1",
          "proposals.max-pending-size = 1",
          "sessions.max-sessions = 100000000",
          "sessions.max-reply-size = 2 GiB",
          "client.timeout = 0s",
          "group.restart-backoff.max = 1ms"
        }) {
      assertThatThrownBy(
              () -> RaftSettings.create(ConfigFactory.parseString(bad).withFallback(config)))
          .as(bad)
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  @DisplayName("a group can be spawned again as soon as it has stopped, and stopped twice")
  void spawnAgain() throws Exception {
    for (var i = 1; i <= 10; i++) {
      var group = RaftGroup.spawn(kit.system(), "again", PeerId.setOf("p1"), Adding::new);
      assertThat(now(group.propose(1L))).isEqualTo(i);
      now(group.stop());
      now(group.stop());
    }
  }

  @Test
  @DisplayName("a group that runs already is not spawned twice")
  void spawnTwice() throws Exception {
    var group = RaftGroup.spawn(kit.system(), "twice", PeerId.setOf("p1"), Adding::new);
    now(group.propose(1L));
    assertThatThrownBy(
            () -> RaftGroup.spawn(kit.system(), "twice", PeerId.setOf("p1"), Adding::new))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("runs already");
    now(group.stop());
  }

  @Test
  @DisplayName("every future ends: without a command, without a group, without an actor system")
  void everyFutureEnds() throws Exception {
    var brief = ActorTestKit.create(ConfigFactory.load("unhurried.conf"));
    var group = RaftGroup.spawn(brief.system(), "brief", PeerId.setOf("p1"), Adding::new);
    assertThatThrownBy(() -> group.propose(null)).isInstanceOf(NullPointerException.class);
    assertThat(now(group.propose(1L))).isEqualTo(1);
    brief.shutdownTestKit();
    assertThatThrownBy(() -> now(group.propose(1L)))
        .hasCauseInstanceOf(RaftException.class)
        .hasMessageContaining("has terminated");
    var nowhere =
        RaftGroup.<Long, Long>of(
            kit.system(), "nowhere", PeerId.setOf("p1"), settings("client.timeout = 100ms"));
    assertThatThrownBy(() -> now(nowhere.propose(1L)))
        .hasCauseInstanceOf(RaftException.NotLeader.class)
        .hasMessageContaining("No peer of group nowhere");
  }

  @Test
  @DisplayName("a journal that can't be opened is the spawner's error")
  void journalInUse(@TempDir Path directory) throws Exception {
    var config =
        ConfigFactory.parseString("pekko-raft.rocksdb.dir = \"" + directory + "\"")
            .withFallback(ConfigFactory.parseResources("patient.conf"))
            .withFallback(ConfigFactory.load());
    var first = ActorTestKit.create(config);
    var second = ActorTestKit.create(config);
    try {
      var group = RaftGroup.spawn(first.system(), "g", PeerId.setOf("p1"), Adding::new);
      assertThat(now(group.propose(1L))).isEqualTo(1);
      assertThatThrownBy(
              () -> RaftGroup.spawn(second.system(), "g", PeerId.setOf("p1"), Adding::new))
          .isInstanceOf(JournalException.NotOpened.class)
          .hasMessageContaining(directory.toString());
    } finally {
      second.shutdownTestKit();
      first.shutdownTestKit();
    }
  }
}
