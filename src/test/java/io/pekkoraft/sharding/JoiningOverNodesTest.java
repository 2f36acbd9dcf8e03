package io.pekkoraft.sharding;

import static io.pekkoraft.sharding.ClusterNodes.now;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pekkoraft.sharding.Account.Balance;
import io.pekkoraft.sharding.Account.Deposit;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import org.apache.pekko.cluster.MemberStatus;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.remote.RARP;
import org.apache.pekko.remote.transport.ThrottlerTransportAdapter;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nodes come back into the cluster while others are away. */
class JoiningOverNodesTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final String SETTINGS =
      """
      pekko-raft.sharding { groups = 4, make-room-after = 500ms }
      pekko.remote.artery.advanced.test-mode = on
      """;

  @TempDir private Path directory;

  private ClusterNodes three() throws Exception {
    var nodes = new ClusterNodes(directory, SETTINGS);
    for (var i = 1; i <= 3; i++) {
      nodes.start("n" + i, "replica-" + i);
    }
    nodes.initAll();
    return nodes;
  }

  /** Of each group one account, as there are more accounts than groups. */
  private static void deposit(ClusterNodes nodes, String node, long changes) throws Exception {
    for (var i = 0; i < 8; i++) {
      assertThat(deposit(nodes, node, "e" + i).changes()).isGreaterThanOrEqualTo(changes);
    }
  }

  /** Asked again when nobody can tell: a node was just killed. */
  private static Balance deposit(ClusterNodes nodes, String node, String id) throws Exception {
    for (var tries = 0; ; tries++) {
      try {
        return now(
            nodes
                .account(node, id)
                .<Balance>askWithStatus(replyTo -> new Deposit(1, replyTo), PATIENCE));
      } catch (ExecutionException e) {
        if (tries > 5) {
          throw e;
        }
      }
    }
  }

  @Test
  @DisplayName(
      "a node is lost and another one stops: it comes back all the same, and so does the first")
  void comesBack() throws Exception {
    try (var nodes = three()) {
      deposit(nodes, "n1", 1);
      nodes.kill("n3");
      nodes.kill("n2");
      nodes.start("n2", "replica-2");
      now(nodes.init("n2"));
      deposit(nodes, "n1", 2);
      deposit(nodes, "n2", 3);
      nodes.start("n3", "replica-3");
      now(nodes.init("n3"));
      deposit(nodes, "n3", 4);
      // It votes, too.
      nodes.kill("n1");
      deposit(nodes, "n3", 5);
    }
  }

  @Test
  @DisplayName("the disk of a node that is lost comes back under another address")
  void comesBackElsewhere() throws Exception {
    try (var nodes = three()) {
      deposit(nodes, "n1", 1);
      nodes.kill("n3");
      awaitUnreachable(nodes, "n1", 1); // A disk is at one place.
      nodes.start("elsewhere", "replica-3", directory.resolve("n3"));
      now(nodes.init("elsewhere"));
      assertThat(nodes.address("elsewhere")).isNotEqualTo(nodes.address("n3"));
      deposit(nodes, "elsewhere", 2);
      nodes.kill("n1");
      deposit(nodes, "elsewhere", 3);
    }
  }

  @Test
  @DisplayName("an empty disk that is to take the place of a lost one comes into the cluster")
  void emptyDisk() throws Exception {
    try (var nodes = three()) {
      nodes.kill("n3");
      nodes.start("empty", "replica-3");
      assertThatThrownBy(() -> now(nodes.init("empty")))
          .hasMessageContaining("holds nothing of type Account");
    }
  }

  @Test
  @DisplayName("a node that was cut off when another one wanted to join ends, and is started anew")
  void cutOff() throws Exception {
    try (var nodes = three()) {
      deposit(nodes, "n1", 1);
      cut(nodes, "n3", "Blackhole$");
      nodes.kill("n2");
      nodes.start("n2", "replica-2");
      now(nodes.init("n2"));
      deposit(nodes, "n2", 2);
      cut(nodes, "n3", "Unthrottled$");
      now(nodes.system("n3").getWhenTerminated());
      nodes.kill("n3");
      nodes.start("n3", "replica-3");
      now(nodes.init("n3"));
      deposit(nodes, "n3", 3);
    }
  }

  @Test
  @DisplayName("a node that was cut off while nobody wanted to join is back when the network is")
  void nobodyWaits() throws Exception {
    try (var nodes = three()) {
      cut(nodes, "n3", "Blackhole$");
      awaitUnreachable(nodes, "n1", 1);
      deposit(nodes, "n1", 1);
      // Several times longer than somebody would have had to wait.
      var missed = System.nanoTime();
      while (System.nanoTime() - missed < Duration.ofSeconds(3).toNanos()) {
        deposit(nodes, "n1", "e0");
      }
      cut(nodes, "n3", "Unthrottled$");
      awaitUnreachable(nodes, "n1", 0);
      deposit(nodes, "n3", 2);
      assertThat(nodes.system("n3").getWhenTerminated().toCompletableFuture()).isNotDone();
      assertThat(Cluster.get(nodes.system("n1")).state().getMembers())
          .hasSize(3)
          .allMatch(member -> member.status() == MemberStatus.up());
    }
  }

  private static void awaitUnreachable(ClusterNodes nodes, String node, int count) {
    var deadline = System.nanoTime() + PATIENCE.toNanos();
    var cluster = Cluster.get(nodes.system(node));
    while (cluster.state().getUnreachable().size() != count) {
      assertThat(System.nanoTime() - deadline).as("until %d are missed", count).isNegative();
      Thread.onSpinWait();
    }
  }

  /** Takes the network between a node and all others away, or gives it back. */
  @SuppressWarnings(
      "deprecation") // What it tells the transport is named in an older one, which is.
  private static void cut(ClusterNodes nodes, String node, String how) throws Exception {
    var transport = ((RARP) RARP.get(nodes.system(node))).provider().transport();
    var names = ThrottlerTransportAdapter.class.getName();
    var direction = (ThrottlerTransportAdapter.Direction) object(names + "$Direction$Both$");
    var mode = (ThrottlerTransportAdapter.ThrottleMode) object(names + "$" + how);
    for (var other : List.of("n1", "n2", "n3")) {
      if (!other.equals(node)) {
        transport.managementCommand(
            new ThrottlerTransportAdapter.SetThrottle(nodes.address(other), direction, mode));
      }
    }
  }

  /** An object of Scala, which has no name in Java. */
  private static Object object(String name) throws ReflectiveOperationException {
    return Class.forName(name).getField("MODULE$").get(null);
  }
}
