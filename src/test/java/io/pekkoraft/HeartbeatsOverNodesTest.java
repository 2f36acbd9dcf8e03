package io.pekkoraft;

import static io.pekkoraft.Nodes.now;
import static org.assertj.core.api.Assertions.assertThat;

import io.pekkoraft.model.PeerId;
import io.pekkoraft.model.Term;
import io.pekkoraft.protocol.PeerMessage;
import io.pekkoraft.protocol.PeerMessage.AppendAccepted;
import io.pekkoraft.protocol.PeerMessage.AppendEntries;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Many groups over three nodes, over Artery: how much it takes to keep their followers quiet. */
class HeartbeatsOverNodesTest {
  private static final int GROUPS = 30;
  private static final List<String> IDS = List.of("p1", "p2", "p3");
  private static final String SETTINGS =
      GateTraffic.SETTING
          + """
          pekko-raft {
            election-timeout { min = 2s, max = 3s }
            heartbeat-interval = 200ms
            leadership.disk-timeout = 10s
            client.timeout = 20s
            node.silence = 3s
          }
          """;

  private final List<RaftGroup<Long, Long>> groups = new ArrayList<>();
  private final LongAdder letters = new LongAdder();

  /** Counts heartbeats and answers to them, of all groups. */
  private final class Counting implements RaftTap.Listener {
    @Override
    public void sent(String group, PeerId from, PeerId to, PeerMessage message) {
      if (message instanceof AppendAccepted
          || message instanceof AppendEntries append && append.entries().isEmpty()) {
        letters.increment();
      }
    }

    @Override
    public void applied(String group, PeerId leader, int entries, long nanos) {}
  }

  private void spawnAll(Nodes nodes) throws Exception {
    for (var i = 0; i < GROUPS; i++) {
      for (var id : IDS) {
        var system = nodes.system(id);
        var settings = RaftSettings.create(system);
        var self = PeerId.of(id);
        var group =
            RaftGroup.<Long, Long>spawn(
                system, "sum-" + i, self, nodes.addresses(), Adding::new, settings);
        if (id.equals("p1")) {
          groups.add(group);
        }
      }
    }
    for (var group : groups) {
      await(() -> now(group.leader()).isPresent());
      assertThat(now(group.propose(1L))).isEqualTo(1);
    }
    IDS.forEach(id -> RaftTap.of(nodes.system(id)).add(new Counting()));
  }

  private static long sent(Nodes nodes, String kind) {
    return IDS.stream().mapToLong(id -> GateTraffic.messages(nodes.system(id), kind)).sum();
  }

  private TreeMap<String, Term> termsOfLeaders() throws Exception {
    var terms = new TreeMap<String, Term>();
    for (var group : groups) {
      var leader = now(group.leader()).orElseThrow();
      terms.put(groups.indexOf(group) + " led by " + leader.id(), leader.term());
    }
    return terms;
  }

  @Test
  @DisplayName("heartbeats of many groups take a message a node pair and interval, not one each")
  void bundled() throws Exception {
    try (var nodes =
        new Nodes(SETTINGS + "pekko-raft.node.heartbeat-wait = 100ms", "p1", "p2", "p3")) {
      spawnAll(nodes);
      var leaders = termsOfLeaders();
      letters.reset();
      var bundles = sent(nodes, "Bundle");
      var alone = sent(nodes, "ForPeer");
      // Of each group, over ten intervals: two heartbeats, two answers.
      await(() -> letters.sum() > 10 * GROUPS * 4);
      bundles = sent(nodes, "Bundle") - bundles;
      alone = sent(nodes, "ForPeer") - alone;
      assertThat(bundles).isPositive();
      assertThat(bundles + alone).isLessThan(letters.sum() / 3);
      assertThat(termsOfLeaders()).isEqualTo(leaders);
    }
  }

  @Test
  @DisplayName("without a wait each goes alone")
  void off() throws Exception {
    try (var nodes =
        new Nodes(SETTINGS + "pekko-raft.node.heartbeat-wait = off", "p1", "p2", "p3")) {
      spawnAll(nodes);
      letters.reset();
      var before = sent(nodes, "ForPeer");
      await(() -> letters.sum() > 2 * GROUPS * 4);
      await(() -> sent(nodes, "ForPeer") - before >= 2 * GROUPS * 4);
      assertThat(sent(nodes, "Bundle")).isZero();
    }
  }

  private interface Check {
    boolean holds() throws Exception;
  }

  private static void await(Check check) throws Exception {
    var deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    while (!check.holds()) {
      assertThat(System.nanoTime()).describedAs("in time").isLessThan(deadline);
      now(
          CompletableFuture.runAsync(
              () -> {}, CompletableFuture.delayedExecutor(20, TimeUnit.MILLISECONDS)));
    }
  }
}
