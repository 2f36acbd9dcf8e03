package io.pekkoraft;

import static io.pekkoraft.Nodes.now;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pekkoraft.membership.Change;
import io.pekkoraft.model.PeerId;
import io.pekkoraft.node.RaftNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Peers of one group in different actor systems, over Artery. */
class RaftGroupOverNodesTest {
  private static final PeerId P1 = PeerId.of("p1");
  private static final PeerId P4 = PeerId.of("p4");

  /** Artery is cold, and a handover has no more time than an election. */
  private static final String SETTINGS =
      """
      pekko-raft {
        election-timeout { min = 1s, max = 2s }
        leadership.disk-timeout = 10s
        node.silence = 3s
        client.timeout = 20s
      }
      """;

  private final Nodes nodes = new Nodes(SETTINGS, "p1", "p2", "p3");

  @AfterEach
  void end() {
    nodes.close();
  }

  private RaftGroup<Long, Long> spawn(String id) {
    return spawn(id, nodes.addresses());
  }

  private RaftGroup<Long, Long> spawn(String id, Map<PeerId, org.apache.pekko.actor.Address> all) {
    var system = nodes.system(id);
    return RaftGroup.spawn(
        system, "sum", PeerId.of(id), all, Adding::new, RaftSettings.create(system));
  }

  private List<RaftGroup<Long, Long>> spawnAll() {
    return List.of(spawn("p1"), spawn("p2"), spawn("p3"));
  }

  @Test
  @DisplayName("any node takes any request, and no answer goes to another one")
  void anyNode() throws Exception {
    var groups = spawnAll();
    var answers = new ArrayList<CompletionStage<Long>>();
    for (var i = 0; i < 300; i++) {
      answers.add(groups.get(i % 3).propose(1L));
    }
    var sums = new ArrayList<Long>();
    for (var answer : answers) {
      sums.add(now(answer));
    }
    assertThat(sums)
        .containsExactlyInAnyOrderElementsOf(
            IntStream.rangeClosed(1, 300).mapToObj(i -> (long) i).toList());
    for (var group : groups) {
      assertThat(now(group.read(0L))).isEqualTo(300);
      assertThat(now(group.read(0L, ReadConsistency.follower()))).isEqualTo(300);
      assertThat(now(group.status())).hasSize(3);
      assertThat(now(group.explain()))
          .hasSize(3)
          .allSatisfy((id, it) -> assertThat(it.role()).isPresent());
      assertThat(now(group.members()).configuration().peers()).hasSize(3);
      assertThatThrownBy(() -> now(group.read(7L)))
          .hasCauseInstanceOf(RaftException.CommandRefused.class);
    }
    for (var id : List.of("p1", "p2", "p3")) {
      assertThat(RaftNode.get(nodes.system(id)).counters().strangers()).isZero();
    }
  }

  @Test
  @DisplayName("leadership is handed over, and snapshots are taken, from any node")
  void administered() throws Exception {
    var groups = spawnAll();
    now(groups.get(0).propose(1L));
    await(() -> now(groups.get(0).leader()).isPresent());
    var leader = now(groups.get(0).leader()).orElseThrow().id();
    var successor = groups.get(0).peers().stream().filter(p -> !p.equals(leader)).findFirst().get();
    assertThat(now(groups.get(1).transferLeadership(Optional.of(successor)))).isEqualTo(successor);
    assertThat(now(groups.get(2).propose(1L))).isEqualTo(2);
    for (var peer : groups.get(0).peers()) {
      assertThat(now(groups.get(0).takeSnapshot(peer, Duration.ofSeconds(30))).index().value())
          .isPositive();
    }
  }

  @Test
  @DisplayName("a client's commands take effect once, whichever node it is on, as leaders change")
  void client() throws Exception {
    var groups = spawnAll();
    var clients =
        List.of("p1", "p2", "p3").stream()
            .map(id -> RaftClient.<Long, Long>start(nodes.system(id), "sum", groups.get(0).peers()))
            .toList();
    var answers = new ArrayList<CompletionStage<Long>>();
    for (var round = 0; round < 4; round++) {
      for (var i = 0; i < 30; i++) {
        answers.add(clients.get(i % 3).propose(1L));
      }
      now(groups.get(round % 3).transferLeadership(Optional.empty()));
    }
    for (var answer : answers) {
      now(answer);
    }
    assertThat(now(clients.get(1).read(0L))).isEqualTo(120);
  }

  @Test
  @DisplayName("a node that was stopped is missed by nobody, and is back under its old address")
  void nodeComesBack() throws Exception {
    var groups = spawnAll();
    now(groups.get(0).propose(1L));
    var port = nodes.address("p1").getPort().orElseThrow();
    nodes.stop("p1");
    assertThat(now(groups.get(1).propose(1L))).isEqualTo(2);
    assertThat(now(groups.get(2).propose(1L))).isEqualTo(3);
    nodes.start(P1, (int) port);
    // Its journal was in memory: it is another peer, by the group's book, and takes no part.
    var back = spawn("p1");
    assertThat(now(back.propose(1L))).isEqualTo(4);
    assertThat(now(back.read(0L))).isEqualTo(4);
  }

  @Test
  @DisplayName("a node that is on no list joins")
  void joins() throws Exception {
    nodes.close();
    try (var open =
        new Nodes(SETTINGS + "pekko-raft.node.accept-newcomers = on", "p1", "p2", "p3")) {
      var founders = open.addresses();
      var groups = new ArrayList<RaftGroup<Long, Long>>();
      for (var id : founders.keySet()) {
        var system = open.system(id.value());
        groups.add(
            RaftGroup.spawn(system, "sum", id, founders, Adding::new, RaftSettings.create(system)));
      }
      now(groups.get(0).propose(1L));
      var system = open.start(P4, 0);
      var newcomer =
          RaftGroup.join(
              system, "sum", P4, open.addresses(), Adding::new, RaftSettings.create(system));
      var group = groups.get(0);
      await(() -> group.peers().contains(P4));
      var members = now(group.members());
      var changed =
          now(
              group.changeMembership(
                  new Change(
                      PeerId.setOf("p4"), PeerId.setOf(), PeerId.setOf(), members.version())));
      assertThat(changed.configuration().isVoter(P4)).isTrue();
      assertThat(now(newcomer.propose(1L))).isEqualTo(2);
    }
  }

  @Test
  @DisplayName("a group goes quiet over nodes, and misses its leader's node when that ends")
  void quiet() throws Exception {
    nodes.close();
    try (var drowsy = new Nodes(SETTINGS + "pekko-raft.quiet.after = 300ms", "p1", "p2", "p3")) {
      var groups = new LinkedHashMap<PeerId, RaftGroup<Long, Long>>();
      for (var id : drowsy.addresses().keySet()) {
        var system = drowsy.system(id.value());
        groups.put(
            id,
            RaftGroup.spawn(
                system, "sum", id, drowsy.addresses(), Adding::new, RaftSettings.create(system)));
      }
      var any = groups.get(P1);
      now(any.propose(1L));
      await(() -> now(any.status()).values().stream().filter(RaftStatus::quiet).count() == 3);
      var leader = now(any.leader()).orElseThrow().id();
      var other = groups.get(PeerId.of(leader.value().equals("p3") ? "p2" : "p3"));
      drowsy.stop(leader.value());
      await(() -> now(other.leader()).filter(now -> !now.id().equals(leader)).isPresent());
      assertThat(now(other.propose(1L))).isEqualTo(2);
    }
  }

  @Test
  @DisplayName("a node alone waits, and says so")
  void alone() throws Exception {
    var system = nodes.system("p1");
    var group =
        RaftGroup.<Long, Long>spawn(
            system,
            "sum",
            P1,
            nodes.addresses(),
            Adding::new,
            RaftSettings.create(
                com.typesafe.config.ConfigFactory.parseString("client.timeout = 2s")
                    .withFallback(system.settings().config().getConfig("pekko-raft"))));
    await(() -> now(group.status(P1)).isPresent());
    assertThatThrownBy(() -> now(group.propose(1L)))
        .hasCauseInstanceOf(RaftException.NotLeader.class);
    spawn("p2");
    await(() -> now(group.leader()).isPresent());
    assertThat(now(group.propose(1L))).isEqualTo(1);
  }

  @Test
  @DisplayName("what can't be is refused at once")
  void refused() {
    var elsewhere = new LinkedHashMap<>(nodes.addresses());
    elsewhere.put(P1, nodes.address("p2"));
    assertThatThrownBy(() -> spawn("p1", elsewhere))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("canonical");
    assertThatThrownBy(() -> spawn("p1", Map.of(PeerId.of("p2"), nodes.address("p2"))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("founders");
    var system = nodes.system("p1");
    var large =
        RaftSettings.create(
            com.typesafe.config.ConfigFactory.parseString("proposals.max-command-size = 3 MiB")
                .withFallback(system.settings().config().getConfig("pekko-raft")));
    assertThatThrownBy(
            () -> RaftGroup.spawn(system, "sum", P1, nodes.addresses(), Adding::new, large))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("maximum-large-frame-size");
  }

  private interface Check {
    boolean holds() throws Exception;
  }

  private static void await(Check check) throws Exception {
    var deadline = System.nanoTime() + Duration.ofSeconds(40).toNanos();
    while (!check.holds()) {
      assertThat(System.nanoTime()).describedAs("in time").isLessThan(deadline);
      now(
          CompletableFuture.runAsync(
              () -> {},
              CompletableFuture.delayedExecutor(20, java.util.concurrent.TimeUnit.MILLISECONDS)));
    }
  }
}
