package io.pekkoraft.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import io.pekkoraft.RaftGroup;
import io.pekkoraft.demo.HttpEdge.Answer;
import io.pekkoraft.demo.KeyValue.Command;
import io.pekkoraft.demo.KeyValue.Result;
import io.pekkoraft.http.RaftRoutes;
import io.pekkoraft.model.PeerId;
import java.net.http.HttpRequest.BodyPublishers;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.http.javadsl.server.Directives;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What those who run a group ask of it under {@code /raft}, and reads of each kind. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AdminHttpTest {
  private final ActorTestKit kit =
      ActorTestKit.create("kv-admin", ConfigFactory.load("unhurried.conf"));
  private HttpEdge http;

  @BeforeAll
  void serve() {
    RaftGroup<Command, Result> group =
        RaftGroup.spawn(kit.system(), "kv", PeerId.setOf("p1", "p2", "p3"), KeyValue::new);
    http =
        HttpEdge.serving(
            kit.system(),
            Directives.concat(KeyValueRoute.of(group), RaftRoutes.of(group, group::spawnPeer)));
  }

  @AfterAll
  void shutdown() {
    kit.shutdownTestKit();
  }

  private Answer post(String path, String body) {
    return http.send("POST", path, BodyPublishers.ofString(body));
  }

  @ParameterizedTest
  @DisplayName("a read of any kind but a stale one sees the write before it")
  @ValueSource(strings = {"", "?read=linearizable", "?read=lease", "?read=follower"})
  void freshReads(String how) {
    http.putSurely("/kv/fresh", how);
    for (var i = 0; i < 6; i++) { // Each peer in turn.
      assertThat(http.get("/kv/fresh" + how).is(200).text()).isEqualTo(how);
    }
  }

  @Test
  @DisplayName("a stale read is as stale as was allowed; nonsense is 400")
  void staleReads() {
    http.putSurely("/kv/stale", "x");
    for (var i = 0; i < 6; i++) {
      assertThat(http.get("/kv/stale?read=stale&max-age=0ms").is(200).text()).isEqualTo("x");
      assertThat(http.get("/kv/stale?read=stale").is(200).text()).isEqualTo("x");
    }
    http.get("/kv/stale?read=eventual").isProblem(400);
    http.get("/kv/stale?read=stale&max-age=soon").isProblem(400);
  }

  @Test
  @DisplayName("POST /raft/snapshot takes one, of the peer that is named or of all")
  void takesSnapshots() {
    http.put("/kv/snap", "shot").is(201);
    var one = post("/raft/snapshot", "{\"peer\": \"p2\"}").is(200).json();
    assertThat(one.size()).isEqualTo(1);
    assertThat(one.get("p2").get("index").longValue()).isPositive();
    var all = post("/raft/snapshot", "").is(200).json();
    assertThat(all.fieldNames()).toIterable().contains("p1", "p2", "p3");
    post("/raft/snapshot", "{\"peer\": \"p9\"}").isProblem(422);
    post("/raft/snapshot", "{\"peers\": []}").isProblem(400);
  }

  @Test
  @DisplayName("POST /raft/transfer hands the office over, to whoever is named or to the best")
  void transfer() {
    http.putSurely("/kv/transfer", "x");
    for (var i = 0; i < 3; i++) {
      var leader = http.get("/raft/status").json();
      var to = leader.get("peers").fieldNames().next();
      var done = post("/raft/transfer", "{\"to\": \"" + to + "\"}").is(200).json();
      assertThat(done.get("to").textValue()).isEqualTo(to);
      http.get("/kv/transfer").is(200);
      assertThat(http.get("/raft/status").json().get("leader").textValue()).isEqualTo(to);
      var next = post("/raft/transfer", "").is(200).json().get("to").textValue();
      assertThat(next).isNotEqualTo(to);
      http.get("/kv/transfer").is(200);
    }
  }

  @Test
  @DisplayName("/raft/members tells who belongs to the group, and changes it from that version on")
  void members() {
    var before = http.get("/raft/members").is(200).json();
    assertThat(before.get("voters").toString()).isEqualTo("[\"p1\",\"p2\",\"p3\"]");
    var version = before.get("version").longValue();
    var more =
        post("/raft/members", "{\"add\": [\"p4\"], \"learners\": [\"p5\"], \"from\": %d}", version)
            .is(200)
            .json();
    assertThat(more.get("voters").toString()).isEqualTo("[\"p1\",\"p2\",\"p3\",\"p4\"]");
    assertThat(more.get("learners").toString()).isEqualTo("[\"p5\"]");
    assertThat(more.get("outgoing")).isEmpty();

    post("/raft/members", "{\"remove\": [\"p4\"], \"from\": %d}", version).isProblem(409);
    var next = more.get("version").longValue();
    post("/raft/members", "{\"remove\": [\"p9\"], \"from\": %d}", next).isProblem(422);
    post("/raft/members", "{\"add\": [\"p4\"], \"from\": %d}", next).isProblem(422);
    post("/raft/members", "{\"from\": %d}", next).isProblem(422);
    post("/raft/members", "{\"remove\": [\"p4\"]}").isProblem(400);
    post("/raft/members", "{\"remove\": \"p4\", \"from\": %d}", next).isProblem(400);
    post("/raft/members", "{\"add\": [], \"form\": %d}", next).isProblem(400);

    var fewer =
        post("/raft/members", "{\"remove\": [\"p4\", \"p5\"], \"from\": %d}", next).is(200).json();
    assertThat(fewer.get("voters")).isEqualTo(before.get("voters"));
    assertThat(http.get("/raft/members").is(200).json()).isEqualTo(fewer);
    assertThat(http.get("/raft/status").json().get("configuration")).isEqualTo(fewer);
  }

  private Answer post(String path, String body, long number) {
    return post(path, body.formatted(number));
  }

  @Test
  @DisplayName("/raft/explain says of each peer what is in its way, in words and in parts")
  void explain() {
    http.putSurely("/kv/explain", "x");
    var explained = http.get("/raft/explain").is(200).json();
    assertThat(explained.get("progressing").booleanValue()).isTrue();
    var leader = http.get("/raft/status").json().get("id").textValue();
    var words = explained.get("peers").get(leader);
    assertThat(words.get("role").textValue()).isEqualTo("LEADER");
    assertThat(words.get("words").textValue()).startsWith(leader + " (LEADER)");
    assertThat(words.get("findings").isArray()).isTrue();
    assertThat(http.put("/raft/explain", "x").isProblem(405).header("Allow"))
        .isEqualTo("GET, HEAD");
  }

  @Test
  @DisplayName("a transfer to nobody who is there is 422, and what is no transfer is 400")
  void badTransfer() {
    http.putSurely("/kv/transfer", "x");
    var before = http.get("/raft/status").json().get("term");
    post("/raft/transfer", "{\"to\": \"p9\"}").isProblem(422);
    post("/raft/transfer", "{\"too\": \"p2\"}").isProblem(400);
    post("/raft/transfer", "{\"to\": \"a/b\"}").isProblem(400);
    post("/raft/transfer", "p2").isProblem(400);
    post("/raft/transfer", " ".repeat(100_000)).isProblem(413);
    assertThat(http.get("/raft/transfer").isProblem(405).header("Allow")).isEqualTo("POST");
    assertThat(http.get("/raft/status").json().get("term")).isEqualTo(before);
  }
}
