package io.pekkoraft.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import io.pekkoraft.RaftGroup;
import io.pekkoraft.demo.KeyValue.Command;
import io.pekkoraft.demo.KeyValue.Result;
import io.pekkoraft.model.PeerId;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The header {@code Idempotency-Key}, over a real server and a real group. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class IdempotencyHttpTest {
  private static final String HEADER = "Idempotency-Key";

  private final ActorTestKit kit =
      ActorTestKit.create("idempotency", ConfigFactory.load("unhurried.conf"));
  private final AtomicInteger keys = new AtomicInteger();
  private RaftGroup<Command, Result> group;
  private HttpEdge http;

  @BeforeAll
  void serve() {
    group =
        RaftGroup.spawn(
            kit.system(), "kv", PeerId.setOf("p1", "p2", "p3"), IdempotentKeyValue::new);
    http = HttpEdge.serving(kit.system(), KeyValueRoute.of(group));
  }

  @AfterAll
  void shutdown() {
    kit.shutdownTestKit();
  }

  private String newKey() {
    return "/kv/key-" + keys.incrementAndGet();
  }

  @Test
  @DisplayName("the same request under the same key has the original answer, and no second effect")
  void replayed() {
    var key = newKey();
    var first = http.put(key, "one", HEADER, "\"put-1\"").is(201);
    http.put(key, "two").is(204);
    assertThat(http.put(key, "one", HEADER, "put-1").is(201).tag()).isEqualTo(first.tag());
    assertThat(http.get(key).text()).isEqualTo("two");
    http.delete(key, HEADER, "delete-1").is(204);
    http.delete(key, HEADER, "delete-1").is(204);
    http.delete(key).isProblem(404);
  }

  @Test
  @DisplayName("what was refused under a key stays refused under it")
  void refusalReplayed() {
    var key = newKey();
    http.put(key, "one", HEADER, "cas-1", "If-Match", "\"1\"").isProblem(412);
    var tag = http.put(key, "one").is(201).tag();
    http.put(key, "one", HEADER, "cas-1", "If-Match", "\"1\"").isProblem(412);
    http.put(key, "two", HEADER, "cas-2", "If-Match", tag).is(204);
  }

  @Test
  @DisplayName("another request under a key that was used is 422, and nothing is done")
  void otherRequest() {
    var key = newKey();
    http.put(key, "one", HEADER, "used").is(201);
    http.put(key, "two", HEADER, "used").isProblem(422);
    http.put(newKey(), "one", HEADER, "used").isProblem(422);
    http.put(key, "one", HEADER, "used", "If-None-Match", "*").isProblem(422);
    http.delete(key, HEADER, "used").isProblem(422);
    assertThat(http.get(key).text()).isEqualTo("one");
  }

  @Test
  @DisplayName("the answer is remembered by the group, not by its leader")
  void otherLeader() throws Exception {
    var key = newKey();
    var tag = http.put(key, "one", HEADER, "before").is(201).tag();
    group.transferLeadership(Optional.empty()).toCompletableFuture().get(20, TimeUnit.SECONDS);
    assertThat(http.put(key, "one", HEADER, "before").is(201).tag()).isEqualTo(tag);
  }

  @Test
  @DisplayName("of many copies at once, one takes effect, and all have its answer")
  void atOnce() {
    var key = newKey();
    var sent =
        IntStream.range(0, 20).mapToObj(i -> http.putLater(key, "one", HEADER, "race")).toList();
    var answers = sent.stream().map(answer -> answer.join().is(201).tag()).distinct();
    assertThat(answers).hasSize(1);
  }

  @ParameterizedTest
  @DisplayName("a malformed key is 400, and nothing is written")
  @ValueSource(strings = {"", "\"\"", "two words", "a\"b", "back\\slash", "\"open"})
  void malformed(String value) {
    var key = newKey();
    http.put(key, "x", HEADER, value).isProblem(400);
    http.delete(key, HEADER, value).isProblem(400);
    http.get(key).isProblem(404);
  }

  @Test
  @DisplayName("a key of 200 characters is legal, a longer one or two of them are not")
  void length() {
    var key = newKey();
    http.put(key, "x", HEADER, "x".repeat(200)).is(201);
    http.put(key, "x", HEADER, "x".repeat(201)).isProblem(400);
    http.put(key, "x", HEADER, "a", HEADER, "b").isProblem(400);
  }
}
