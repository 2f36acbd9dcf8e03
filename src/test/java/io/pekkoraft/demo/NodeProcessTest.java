package io.pekkoraft.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * Three nodes in processes of their own, and clients at all of them. {@code -Dnodes.seconds=60}
 * kills or pauses one every 3 s for so long, and says how long the next write took.
 */
class NodeProcessTest {
  private static final long SEED = Long.getLong("nodes.seed", System.nanoTime());
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private Path data;

  @Test
  @DisplayName("killed, paused, restarted, without its disk, and one more: all stays linearizable")
  void story() throws Exception {
    try (var cluster = new NodeCluster(data)) {
      cluster.startAll();
      cluster.timeToWrite(cluster.ids());
      var load = new NodeLoad(cluster, SEED);

      var leader = cluster.leader("n1");
      var others = cluster.without(leader);
      cluster.kill(leader);
      soon("the leader is killed", cluster.timeToWrite(others));
      cluster.start(leader);
      cluster.awaitStarted(leader);

      leader = cluster.leader(others.get(0));
      others = cluster.without(leader);
      cluster.signal(leader, "STOP");
      soon("the leader is paused", cluster.timeToWrite(others));
      cluster.signal(leader, "CONT");
      cluster.timeToWrite(List.of(leader));

      leader = cluster.leader("n1");
      var follower = cluster.without(leader).get(0);
      cluster.kill(follower);
      soon("a follower is killed", cluster.timeToWrite(cluster.without(follower)));
      cluster.loseDisk(follower);
      cluster.start(follower);
      cluster.awaitStarted(follower);
      readmit(cluster, leader, follower);

      for (var id : cluster.ids()) {
        cluster.stop(id);
        soon(id + " is restarted", cluster.timeToWrite(cluster.without(id)));
        cluster.start(id);
        cluster.awaitStarted(id);
        cluster.timeToWrite(List.of(id));
      }

      cluster.ids().forEach(cluster::kill);
      cluster.startAll();
      cluster.timeToWrite(cluster.ids());

      cluster.add("n4");
      cluster.start("n4", "--join");
      cluster.awaitStarted("n4");
      change(cluster, "n1", "add", "n4");
      cluster.timeToWrite(List.of("n4"));

      assertThat(load.acknowledged()).isPositive();
      load.requireLinearizable();
    }
  }

  private static void soon(String what, Duration took) {
    System.out.println("After " + what + " a write succeeds within " + took.toMillis() + " ms");
    assertThat(took).describedAs(what + ", seed " + SEED).isLessThan(Duration.ofSeconds(15));
  }

  /** It goes by its old name and has lost what it promised: it is removed, and added anew. */
  private static void readmit(NodeCluster cluster, String asked, String lost) throws Exception {
    change(cluster, asked, "remove", lost);
    change(cluster, asked, "add", lost);
  }

  /** Asks until it is so: who was not told what came of it looks, and does not do it twice. */
  private static void change(NodeCluster cluster, String asked, String what, String peer)
      throws Exception {
    var deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    var said = "nothing";
    while (System.nanoTime() - deadline < 0) {
      try {
        var patience = Duration.ofSeconds(15);
        var members = cluster.send(asked, "GET", "/raft/members", "", patience);
        said = members.body();
        if (members.statusCode() == 200) {
          var now = JSON.readTree(members.body());
          if (isVoter(now, peer) == what.equals("add") && now.get("outgoing").isEmpty()) {
            return;
          }
          var body =
              "{\"%s\": [\"%s\"], \"from\": %s}".formatted(what, peer, now.get("version").asText());
          var changed = cluster.send(asked, "POST", "/raft/members", body, patience);
          said = changed.statusCode() + " " + changed.body();
        }
      } catch (IOException e) {
        said = e.toString();
      }
      NodeCluster.pause();
    }
    throw new AssertionError(what + " " + peer + ": " + said + "\n" + cluster.logs());
  }

  private static boolean isVoter(JsonNode members, String peer) {
    return StreamSupport.stream(members.get("voters").spliterator(), false)
        .anyMatch(voter -> voter.textValue().equals(peer));
  }

  @Test
  @EnabledIfSystemProperty(named = "nodes.seconds", matches = "\\d+")
  @DisplayName("a kill or a pause every 3 s: no violation, and the next write succeeds soon")
  void faultAfterFault() throws Exception {
    var random = new Random(SEED);
    var took = new ArrayList<Long>();
    try (var cluster = new NodeCluster(data)) {
      cluster.startAll();
      cluster.timeToWrite(cluster.ids());
      var load = new NodeLoad(cluster, SEED);
      for (var round = 0; round < Integer.getInteger("nodes.seconds") / 3; round++) {
        var next = System.nanoTime() + TimeUnit.SECONDS.toNanos(3);
        var victim =
            random.nextBoolean()
                ? cluster.leader(cluster.ids().get(random.nextInt(3)))
                : cluster.ids().get(random.nextInt(3));
        var isKill = random.nextBoolean();
        if (isKill) {
          cluster.kill(victim);
        } else {
          cluster.signal(victim, "STOP");
        }
        var millis = cluster.timeToWrite(cluster.without(victim)).toMillis();
        took.add(millis);
        System.out.println((isKill ? "kill " : "pause ") + victim + ": " + millis + " ms");
        if (isKill) {
          cluster.start(victim);
          cluster.awaitStarted(victim);
        } else {
          cluster.signal(victim, "CONT");
        }
        new CountDownLatch(1).await(next - System.nanoTime(), TimeUnit.NANOSECONDS);
      }
      load.requireLinearizable();
      System.out.println("acknowledged: " + load.acknowledged());
    }
    took.sort(null);
    var median = took.get(took.size() / 2);
    System.out.println(
        "faults "
            + took.size()
            + ", median "
            + median
            + " ms, worst "
            + took.get(took.size() - 1)
            + " ms, seed "
            + SEED);
    assertThat(took.get(took.size() - 1)).isLessThan(2000);
    assertThat(median).isLessThan(600);
  }
}
