package io.pekkoraft.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The ticket office on three processes, with its plain twin over a database in a fourth. */
@Timeout(600)
class TicketOfficeNodesTest {
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  private static final long SEED = Long.getLong("nodes.seed", System.nanoTime());
  private static final long SECONDS = Long.getLong("nodes.seconds", 10);

  private static final String FEW_GROUPS = "-Dpekko-raft.sharding.groups=2";

  @TempDir private Path data;

  @Test
  @DisplayName("any node sells; one is killed, and the others sell what it has not sold")
  void killed() throws Exception {
    try (var database = TicketDatabase.serve(data.resolve("database"), 0);
        var cluster = new NodeCluster(data, FEW_GROUPS)) {
      cluster.startAll("--sharding", "--plain", database.url());
      sell(cluster, "n1", "/plain/shows/hamlet/seats/A1?customer=ann", 200);
      sell(cluster, "n2", "/plain/shows/hamlet/seats/A1?customer=bob", 409);
      sell(cluster, "n1", "/shows/hamlet/seats/A1?customer=ann", 200);
      cluster.kill("n1");
      sell(cluster, "n2", "/shows/hamlet/seats/A1?customer=bob", 409);
      sell(cluster, "n3", "/shows/hamlet/seats/A2?customer=bob", 200);
      cluster.start("n1", "--sharding", "--plain", database.url());
      cluster.awaitStarted("n1");
      sell(cluster, "n1", "/shows/hamlet/seats/A2?customer=ann", 409);
    }
  }

  /** Until there is an answer, for who asks again does no harm. */
  private static void sell(NodeCluster cluster, String node, String path, int expected)
      throws Exception {
    var began = System.nanoTime();
    for (; ; ) {
      var status = status(cluster, node, path);
      if (status == 200 || status == 409) {
        assertThat(status).describedAs(path).isEqualTo(expected);
        return;
      }
      assertThat(System.nanoTime() - began)
          .describedAs(cluster.logs())
          .isLessThan(PATIENCE.toNanos());
      NodeCluster.pause();
    }
  }

  private static int status(NodeCluster cluster, String node, String path)
      throws InterruptedException {
    try {
      return cluster.send(node, "POST", path, "", Duration.ofSeconds(10)).statusCode();
    } catch (IOException e) {
      return 0;
    }
  }

  @Test
  @DisplayName("a node that was paused until it was thrown out ends, and sells when started anew")
  void thrownOut() throws Exception {
    var soon = "-Dpekko.cluster.split-brain-resolver.stable-after=2s";
    try (var cluster = new NodeCluster(data, FEW_GROUPS, soon)) {
      cluster.startAll("--sharding");
      sell(cluster, "n3", "/shows/hamlet/seats/A1?customer=ann", 200);
      cluster.signal("n3", "STOP");
      cluster.awaitLine("n1", "Cluster member removed, previous status \\[Down");
      cluster.signal("n3", "CONT");
      cluster.awaitLine("n3", "n3 .* was thrown out of the cluster");
      assertThat(cluster.exitCode("n3")).isEqualTo(6);
      cluster.start("n3", "--sharding");
      cluster.awaitStarted("n3");
      sell(cluster, "n3", "/shows/hamlet/seats/A1?customer=bob", 409);
    }
  }

  @Test
  @DisplayName("nodes are killed one after the other under load: each seat stays linearizable")
  void killAfterKill() throws Exception {
    var random = new Random(SEED);
    try (var cluster = new NodeCluster(data, FEW_GROUPS)) {
      cluster.startAll("--sharding");
      sell(cluster, "n1", "/shows/probe/seats/A1?customer=ann", 200);
      var load = new SeatLoad(cluster, SEED);
      var deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
      for (var round = 2; round <= 3 || System.nanoTime() < deadline; round++) {
        var victim = cluster.ids().get(random.nextInt(3));
        var seat = "/seats/" + (char) ('A' + round / 10 % 10) + (round % 10 + 1);
        cluster.kill(victim);
        var began = System.nanoTime();
        var other = cluster.without(victim).get(random.nextInt(2));
        sell(cluster, other, "/shows/probe-" + round / 100 + seat + "?customer=ann", 200);
        System.out.println(
            victim + " is killed: " + (System.nanoTime() - began) / 1_000_000 + " ms");
        cluster.start(victim, "--sharding");
        cluster.awaitStarted(victim);
        // When it takes part again, the next one may go.
        sell(cluster, victim, "/shows/probe-" + round / 100 + seat + "?customer=bob", 409);
      }
      assertThat(load.acknowledged()).isPositive();
      System.out.println("acknowledged: " + load.acknowledged() + ", seed " + SEED);
      load.requireLinearizable();
    }
  }

  @Test
  @DisplayName("a node says so when there is no database, and how to come to one")
  void noDatabase() {
    try (var cluster = new NodeCluster(data)) {
      var said =
          cluster.failure(
              "n1",
              data.resolve("n1"),
              cluster.freeHttp(),
              "--sharding",
              "--plain",
              "jdbc:h2:tcp://127.0.0.1:1/./tickets");
      assertThat(said).contains("can't start").contains("pekko-raft database");
    }
  }
}
