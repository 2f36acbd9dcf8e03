package io.pekkoraft.sharding;

import static io.pekkoraft.sharding.ClusterNodes.now;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pekkoraft.LocalPeers;
import io.pekkoraft.http.DisksRoute;
import io.pekkoraft.http.RaftHttp;
import io.pekkoraft.sharding.Account.Balance;
import io.pekkoraft.sharding.Account.Deposit;
import io.pekkoraft.sharding.Account.Get;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.apache.pekko.cluster.ddata.GSet;
import org.apache.pekko.cluster.ddata.GSetKey;
import org.apache.pekko.cluster.ddata.typed.javadsl.DistributedData;
import org.apache.pekko.cluster.ddata.typed.javadsl.Replicator;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Trap 47: peers run where their journals are, and nowhere else. */
class PlacementOverNodesTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final String FOUR_GROUPS = "pekko-raft.sharding.groups = 4";

  @TempDir private Path directory;

  private static Balance deposit(ClusterNodes nodes, String node, String id) throws Exception {
    return now(
        nodes
            .account(node, id)
            .<Balance>askWithStatus(replyTo -> new Deposit(1, replyTo), PATIENCE));
  }

  private static Balance balance(ClusterNodes nodes, String node, String id) throws Exception {
    return now(nodes.account(node, id).<Balance>askWithStatus(Get::new, PATIENCE));
  }

  private static SortedSet<String> peersOn(ClusterNodes nodes, String node) throws Exception {
    var peers = new TreeSet<String>();
    now(LocalPeers.ask(nodes.system(node), PATIENCE))
        .forEach(answer -> peers.add(answer.group() + "/" + answer.peer()));
    return peers;
  }

  private static SortedSet<String> awaitPeersOn(ClusterNodes nodes, String node, int count)
      throws Exception {
    var deadline = System.nanoTime() + PATIENCE.toNanos();
    var peers = peersOn(nodes, node);
    while (peers.size() != count && System.nanoTime() < deadline) {
      peers = peersOn(nodes, node);
    }
    assertThat(peers).as("those on %s", node).hasSize(count);
    return peers;
  }

  @Test
  @DisplayName("an empty disk under an old role gets no peer; two nodes of three go on without it")
  void emptyDisk() throws Exception {
    try (var nodes = new ClusterNodes(directory, FOUR_GROUPS)) {
      for (var i = 1; i <= 3; i++) {
        nodes.start("n" + i, "replica-" + i);
      }
      nodes.initAll();
      for (var i = 0; i < 8; i++) {
        deposit(nodes, "n1", "e" + i);
      }
      for (var i = 1; i <= 3; i++) {
        nodes.kill("n" + i);
      }
      // n1, which had founded the cluster, is lost.
      nodes.start("n2", "replica-2");
      nodes.start("n3", "replica-3");
      nodes.initAll();
      nodes.start("n1", "replica-1", directory.resolve("empty"));
      assertThatThrownBy(() -> now(nodes.init("n1")))
          .isInstanceOf(ExecutionException.class)
          .hasCauseInstanceOf(IllegalStateException.class)
          .hasMessageContaining("holds nothing of type Account");
      assertThat(peersOn(nodes, "n1")).isEmpty();
      for (var i = 0; i < 8; i++) {
        assertThat(deposit(nodes, "n2", "e" + i)).isEqualTo(new Balance(2, 2));
        assertThat(balance(nodes, "n3", "e" + i)).isEqualTo(new Balance(2, 2));
      }
      assertThat(peersOn(nodes, "n2"))
          .containsExactly("Account-0/r2", "Account-1/r2", "Account-2/r2", "Account-3/r2");
      // The node with the journals is back.
      nodes.kill("n1");
      nodes.start("n1", "replica-1");
      now(nodes.init("n1"));
      assertThat(balance(nodes, "n1", "e0")).isEqualTo(new Balance(2, 2));
    }
  }

  private String diskOf(String node) throws Exception {
    return Files.readString(directory.resolve(node).resolve("sharding/disk")).strip();
  }

  @Test
  @DisplayName("an empty disk takes the place of a lost one when it is told to, and votes then")
  void replacesALostDisk() throws Exception {
    try (var nodes = new ClusterNodes(directory, FOUR_GROUPS)) {
      for (var i = 1; i <= 3; i++) {
        nodes.start("n" + i, "replica-" + i);
      }
      nodes.initAll();
      for (var i = 0; i < 8; i++) {
        deposit(nodes, "n1", "e" + i);
      }
      nodes.kill("n1");
      nodes.start("n1", "replica-1", directory.resolve("empty"));
      assertThatThrownBy(() -> now(nodes.init("n1"))).hasMessageContaining(diskOf("n1"));
      var disks = serve(nodes.system("n2"));
      assertThat(ask(disks, "GET", "").body()).contains(diskOf("n1"));
      assertThat(ask(disks, "POST", "{\"lost\": \"?\"}").statusCode()).isEqualTo(400);
      assertThat(replacing(disks, diskOf("empty"), diskOf("n1"))).contains("holds nothing");
      assertThat(replacing(disks, "no disk", diskOf("empty"))).contains("names no disk");
      assertThat(replacing(disks, diskOf("n1"), diskOf("empty"))).contains("\"done\"");
      assertThat(ask(disks, "GET", "").body()).contains(diskOf("empty")).contains("true");
      nodes.kill("n1");
      nodes.start("n1", "replica-1", directory.resolve("empty"));
      now(nodes.init("n1"));
      nodes.kill("n3");
      for (var i = 0; i < 8; i++) {
        awaitBalance(nodes, "n1", "e" + i);
        assertThat(deposit(nodes, "n1", "e" + i)).isEqualTo(new Balance(2, 2));
      }
    }
  }

  /** A node was just killed: who was asked of it meanwhile is told that nobody can tell. */
  private static void awaitBalance(ClusterNodes nodes, String node, String id) throws Exception {
    for (var tries = 0; ; tries++) {
      try {
        balance(nodes, node, id);
        return;
      } catch (ExecutionException e) {
        if (tries > 20) {
          throw e;
        }
      }
    }
  }

  private static URI serve(ActorSystem<?> system) throws Exception {
    var route = DisksRoute.of(RaftSharding.get(system), Account.KEY);
    var binding = now(RaftHttp.bind(system, "127.0.0.1", 0, route, 1024));
    return URI.create("http://127.0.0.1:" + binding.localAddress().getPort() + "/raft/disks");
  }

  private static HttpResponse<String> ask(URI disks, String method, String body) throws Exception {
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(disks)
                .method(method, HttpRequest.BodyPublishers.ofString(body))
                .build(),
            HttpResponse.BodyHandlers.ofString());
  }

  /** What came of it. */
  private static String replacing(URI disks, String lost, String next) throws Exception {
    var body = "{\"lost\": \"" + lost + "\", \"next\": \"" + next + "\"}";
    assertThat(ask(disks, "POST", body).statusCode()).isEqualTo(202);
    var deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(2);
    while (true) {
      var answer = ask(disks, "GET", "").body();
      if (!answer.contains("under way") || System.nanoTime() - deadline > 0) {
        return answer;
      }
    }
  }

  @Test
  @DisplayName("the peers of a replica are spread over its nodes; any node reaches every entity")
  void spread() throws Exception {
    try (var nodes = new ClusterNodes(directory, FOUR_GROUPS + ", pekko-raft.sharding.nodes = 4")) {
      nodes.start("n1", "replica-1");
      nodes.start("n2", "replica-2");
      nodes.start("n3", "replica-3");
      nodes.start("n4", "replica-1");
      nodes.initAll();
      for (var i = 0; i < 8; i++) {
        deposit(nodes, "n1", "e" + i);
        assertThat(balance(nodes, "n4", "e" + i)).isEqualTo(new Balance(1, 1));
      }
      var all = new TreeSet<String>();
      for (var i = 1; i <= 4; i++) {
        // Two of three peers of a group take writes: the others may begin later.
        for (var peer : awaitPeersOn(nodes, "n" + i, i == 2 || i == 3 ? 4 : 2)) {
          assertThat(all.add(peer)).as("%s runs once", peer).isTrue();
        }
      }
      assertThat(all).hasSize(12);
      // The peers of a node that is away begin nowhere else.
      nodes.kill("n4");
      for (var i = 0; i < 8; i++) {
        awaitBalance(nodes, "n1", "e" + i);
        deposit(nodes, "n1", "e" + i);
      }
      assertThat(peersOn(nodes, "n1")).hasSize(2);
    }
  }

  @Test
  @DisplayName("a copy of a data directory that is in use is refused")
  void copiedDisk() throws Exception {
    try (var nodes = new ClusterNodes(directory, FOUR_GROUPS)) {
      for (var i = 1; i <= 3; i++) {
        nodes.start("n" + i, "replica-" + i);
      }
      nodes.initAll();
      var copy = directory.resolve("copy");
      Files.createDirectories(copy.resolve("sharding"));
      for (var file : new String[] {"sharding/disk", "sharding/Account.placement"}) {
        Files.copy(directory.resolve("n1").resolve(file), copy.resolve(file));
      }
      nodes.start("n4", "replica-1", copy);
      assertThatThrownBy(() -> now(nodes.init("n4"))).hasMessageContaining("copy of the other");
      assertThat(peersOn(nodes, "n4")).isEmpty();
      assertThat(deposit(nodes, "n2", "a")).isEqualTo(new Balance(1, 1));
    }
  }

  @Test
  @DisplayName("a node that was replaced while it could not be seen gives its shards away")
  void givesWay() throws Exception {
    try (var nodes = new ClusterNodes(directory, FOUR_GROUPS)) {
      for (var i = 1; i <= 3; i++) {
        nodes.start("n" + i, "replica-" + i);
      }
      nodes.initAll();
      awaitPeersOn(nodes, "n1", 4);
      nodes.start("n4", "replica-1");
      assertThatThrownBy(() -> now(nodes.init("n4"))).hasMessageContaining("holds nothing");
      var placement = Files.readString(directory.resolve("n1/sharding/Account.placement")).strip();
      tell(
          nodes.system("n2"),
          placement
              .replace("\"version\":1", "\"version\":2")
              .replace(diskOf("n1"), diskOf("n4"))
              .replace("\"newcomers\":[]", "\"newcomers\":[\"" + diskOf("n4") + "\"]"));
      awaitPeersOn(nodes, "n4", 4);
      assertThat(peersOn(nodes, "n1")).isEmpty();
      assertThat(deposit(nodes, "n2", "a")).isEqualTo(new Balance(1, 1));
    }
  }

  /** What another node has settled. */
  private static void tell(ActorSystem<?> system, String placement) throws Exception {
    var key = GSetKey.<String>create("pekko-raft-placement-Account");
    var told =
        AskPattern.<Replicator.Command, Replicator.UpdateResponse<GSet<String>>>ask(
            DistributedData.get(system).replicator(),
            replyTo ->
                new Replicator.Update<>(
                    key, GSet.empty(), Replicator.writeLocal(), replyTo, all -> all.add(placement)),
            PATIENCE,
            system.scheduler());
    assertThat(now(told)).isInstanceOf(Replicator.UpdateSuccess.class);
  }
}
