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
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.http.javadsl.server.Directives;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The contract of {@code /kv} and {@code /raft/status}, over a real server and a real group. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class KeyValueHttpTest {
  private final ActorTestKit kit =
      ActorTestKit.create("kv-http", ConfigFactory.load("unhurried.conf"));
  private final AtomicInteger keys = new AtomicInteger();
  private HttpEdge http;

  @BeforeAll
  void serve() {
    RaftGroup<Command, Result> group =
        RaftGroup.spawn(kit.system(), "kv", PeerId.setOf("p1", "p2", "p3"), KeyValue::new);
    http =
        HttpEdge.serving(
            kit.system(), Directives.concat(KeyValueRoute.of(group), RaftRoutes.of(group)));
  }

  @AfterAll
  void shutdown() {
    kit.shutdownTestKit();
  }

  private String newKey() {
    return "/kv/key-" + keys.incrementAndGet();
  }

  @Test
  @DisplayName("PUT is 201, then 204; GET gives the value and its tag; DELETE is 204, then 404")
  void life() {
    var key = newKey();
    http.get(key).isProblem(404);
    var created = http.put(key, "one").is(201);
    var replaced = http.put(key, "two").is(204);
    assertThat(created.tag()).matches("\"[1-9][0-9]*\"").isNotEqualTo(replaced.tag());

    var found = http.get(key).is(200);
    assertThat(found.text()).isEqualTo("two");
    assertThat(found.tag()).isEqualTo(replaced.tag());
    assertThat(found.header("Content-Type")).isEqualTo("application/octet-stream");

    assertThat(http.delete(key).is(204).tag()).isNull();
    http.delete(key).isProblem(404);
    http.get(key).isProblem(404);
  }

  @Test
  @DisplayName("the tag is the log index of the last write")
  void tagIsIndex() {
    var tag = http.put(newKey(), "x").is(201).tag();
    var committed = http.get("/raft/status").json().get("commitIndex").longValue();
    assertThat(Long.parseLong(tag.replace("\"", ""))).isPositive().isLessThanOrEqualTo(committed);
  }

  @Test
  @DisplayName("HEAD is GET without the value")
  void head() {
    var key = newKey();
    var tag = http.put(key, "value").tag();
    var head = http.send("HEAD", key, BodyPublishers.noBody()).is(200);
    assertThat(head.tag()).isEqualTo(tag);
    assertThat(head.header("Content-Length")).isEqualTo("5");
    assertThat(head.text()).isEmpty();
    http.send("HEAD", newKey(), BodyPublishers.noBody()).is(404);
  }

  @Test
  @DisplayName("If-Match is compare-and-set; the loser gets 412 and changes nothing")
  void ifMatch() {
    var key = newKey();
    http.put(key, "x", "If-Match", "\"1\"").isProblem(412);
    http.put(key, "x", "If-Match", "*").isProblem(412);
    http.get(key).isProblem(404);
    var first = http.put(key, "one").tag();
    var second = http.put(key, "two", "If-Match", first).is(204).tag();
    http.put(key, "three", "If-Match", first).isProblem(412);
    http.put(key, "three", "If-Match", "W/" + second).isProblem(412);
    http.delete(key, "If-Match", first).isProblem(412);
    assertThat(http.get(key).text()).isEqualTo("two");
    http.get(key, "If-Match", first).isProblem(412);
    http.get(key, "If-Match", second).is(200);
    http.put(key, "three", "If-Match", first + ", \"x\"", "If-Match", second).is(204);
    http.put(key, "four", "If-Match", "*").is(204);
    http.delete(key, "If-Match", http.get(key).tag()).is(204);
    http.delete(key, "If-Match", "*").isProblem(404);
  }

  @Test
  @DisplayName("If-None-Match: * creates only; GET with the tag that is known is 304")
  void ifNoneMatch() {
    var key = newKey();
    var tag = http.put(key, "one", "If-None-Match", "*").is(201).tag();
    http.put(key, "two", "If-None-Match", "*").isProblem(412);
    http.put(key, "two", "If-None-Match", "W/" + tag).isProblem(412);
    http.delete(key, "If-None-Match", tag).isProblem(412);
    for (var known : List.of(tag, "W/" + tag, "\"x\", " + tag, "*")) {
      var unchanged = http.get(key, "If-None-Match", known).is(304);
      assertThat(unchanged.tag()).isEqualTo(tag);
      assertThat(unchanged.text()).isEmpty();
    }
    http.get(key, "If-None-Match", "\"x\"").is(200);
    http.put(key, "two", "If-None-Match", "\"x\"").is(204);
    http.get(newKey(), "If-None-Match", "*").isProblem(404);
  }

  @ParameterizedTest
  @DisplayName("a malformed precondition is 400, and nothing is written")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\'',
      value = {
        "If-Match|5",
        "If-Match|\"5",
        "If-Match|*,\"5\"",
        "If-Match|''",
        "If-None-Match|*x",
        "If-None-Match|w/\"5\"",
        "If-None-Match|\"1\" \"2\""
      })
  void malformedPrecondition(String name, String value) {
    var key = newKey();
    http.put(key, "x", name, value).isProblem(400);
    http.get(key).isProblem(404);
    http.put(key, "x");
    http.get(key, name, value).isProblem(400);
    http.delete(key, name, value).isProblem(400);
    http.get(key).is(200);
  }

  @Test
  @DisplayName("of many that create one key at once, one does")
  void createRace() {
    var key = newKey();
    var answers = atOnce(24, i -> http.putLater(key, "from " + i, "If-None-Match", "*"));
    assertThat(answers).filteredOn(answer -> answer.status() == 201).hasSize(1);
    assertThat(answers).filteredOn(answer -> answer.status() == 412).hasSize(23);
  }

  @Test
  @DisplayName("of many that replace one version at once, one does, round after round")
  void compareAndSetRace() {
    var key = newKey();
    var tag = http.put(key, "0").tag();
    for (var round = 1; round <= 5; round++) {
      var expected = tag;
      var answers = atOnce(8, i -> http.putLater(key, "from " + i, "If-Match", expected));
      var won = answers.stream().filter(answer -> answer.status() == 204).toList();
      assertThat(won).hasSize(1);
      assertThat(answers).filteredOn(answer -> answer.status() == 412).hasSize(7);
      tag = http.get(key).tag();
      assertThat(tag).isEqualTo(won.get(0).tag());
    }
  }

  private static List<Answer> atOnce(int count, IntFunction<CompletableFuture<Answer>> request) {
    var sent = new ArrayList<>(IntStream.range(0, count).mapToObj(request).toList());
    return sent.stream().map(CompletableFuture::join).toList();
  }

  @Test
  @DisplayName("the status is the leader's, or that of the peer that is named")
  void status() {
    http.put(newKey(), "x").is(201);
    var leader = http.get("/raft/status").is(200).json();
    assertThat(leader.fieldNames())
        .toIterable()
        .containsExactlyInAnyOrder(
            "id",
            "group",
            "role",
            "term",
            "leader",
            "votedFor",
            "commitIndex",
            "lastApplied",
            "firstIndex",
            "lastIndex",
            "configuration",
            "quiet",
            "disowned",
            "peers");
    var id = leader.get("id").textValue();
    assertThat(leader.get("group").textValue()).isEqualTo("kv");
    assertThat(leader.get("role").textValue()).isEqualTo("LEADER");
    assertThat(leader.get("leader").textValue()).isEqualTo(id);
    assertThat(leader.get("peers")).hasSize(2);
    var other = leader.get("peers").fieldNames().next();
    assertThat(leader.get("peers").get(other).fieldNames())
        .toIterable()
        .containsExactlyInAnyOrder("matchIndex", "nextIndex", "state");

    var follower = http.get("/raft/status?peer=" + other).is(200).json();
    assertThat(follower.get("id").textValue()).isEqualTo(other);
    assertThat(follower.get("role").textValue()).isEqualTo("FOLLOWER");
    assertThat(follower.has("peers")).isFalse();
    http.get("/raft/status?peer=p4").isProblem(404);
    http.get("/raft/status?peer=").isProblem(404);
  }
}
