package io.pekkoraft.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three nodes in processes of their own, whose links are cut. */
class PartitionTest {
  private static final long SEED = Long.getLong("nodes.seed", System.nanoTime());
  private static final Duration BOUND = Duration.ofSeconds(10);

  @TempDir private Path data;

  @Test
  @DisplayName("the leader alone, deaf, dumb; a follower alone: the others go on, all linearizable")
  void story() throws Exception {
    try (var cluster = NodeCluster.withLinks(data)) {
      cluster.startAll();
      cluster.timeToWrite(cluster.ids());
      var load = new NodeLoad(cluster, SEED);
      var links = cluster.links();

      var leader = cluster.leader("n1");
      links.isolate(leader);
      soon("the leader is alone", cluster.timeToWrite(cluster.without(leader)));
      requireNothingWritten(cluster, leader);
      heal(cluster, leader);

      leader = cluster.leader("n1");
      for (var other : cluster.without(leader)) {
        links.cut(other, leader);
      }
      soon("the leader is deaf", cluster.timeToWrite(cluster.without(leader)));
      heal(cluster, leader);

      leader = cluster.leader("n1");
      for (var other : cluster.without(leader)) {
        links.cut(leader, other);
      }
      soon("the leader is dumb", cluster.timeToWrite(cluster.without(leader)));
      heal(cluster, leader);

      leader = cluster.leader("n1");
      var follower = cluster.without(leader).get(0);
      links.isolate(follower);
      soon("a follower is alone", cluster.timeToWrite(cluster.without(follower)));
      heal(cluster, follower);

      assertThat(load.acknowledged()).isPositive();
      load.requireLinearizable();
    }
  }

  private static void soon(String what, Duration took) {
    System.out.println("partition: " + what + ", the next write after " + took.toMillis() + " ms");
    assertThat(took).isLessThan(BOUND);
  }

  private static void requireNothingWritten(NodeCluster cluster, String alone) throws Exception {
    var status = cluster.send(alone, "PUT", "/kv/alone", "x", BOUND).statusCode();
    assertThat(status).as("a write where there is no majority").isIn(503, 504);
  }

  private static void heal(NodeCluster cluster, String id) throws Exception {
    cluster.links().heal();
    cluster.timeToWrite(List.of(id));
  }
}
