package io.pekkoraft.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import io.pekkoraft.RaftGroup;
import io.pekkoraft.demo.KeyValue.Command;
import io.pekkoraft.demo.KeyValue.Result;
import io.pekkoraft.http.RaftRoutes;
import io.pekkoraft.model.PeerId;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.http.javadsl.server.Directives;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which requests are let in: how large, to which paths, and in which form. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RequestsHttpTest {
  private static final int MIB = 1024 * 1024;

  private final ActorTestKit kit =
      ActorTestKit.create("kv-requests", ConfigFactory.load("unhurried.conf"));
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

  @Test
  @DisplayName("a value has any bytes, none of them, or 1 MiB; one more is 413, announced or not")
  void sizes() {
    var key = "/kv/value";
    http.put(key, "").is(201);
    assertThat(http.get(key).is(200).response().body()).isEmpty();

    var largest = new byte[MIB];
    largest[0] = -1;
    largest[MIB - 1] = 13;
    var tag = http.send("PUT", key, BodyPublishers.ofByteArray(largest)).is(204).tag();
    assertThat(http.get(key).is(200).response().body()).isEqualTo(largest);

    var tooLarge = new byte[MIB + 1];
    http.send("PUT", key, BodyPublishers.ofByteArray(tooLarge)).isProblem(413);
    http.send("PUT", key, chunked(tooLarge)).isProblem(413);
    http.send("PUT", key, chunked(new byte[3 * MIB])).isProblem(413);
    assertThat(http.get(key).tag()).isEqualTo(tag);
    http.send("PUT", key, chunked(largest)).is(204);
  }

  @Test
  @DisplayName("a page of another origin changes nothing")
  void foreignPage() {
    http.put("/kv/foreign", "x", "Origin", "http://elsewhere.example").isProblem(403);
    http.get("/kv/foreign", "Origin", "http://elsewhere.example").isProblem(404);
    http.put("/kv/foreign", "x", "Origin", "http://127.0.0.1:" + http.port()).is(201);
  }

  @Test
  @DisplayName("a client that waits for 100 Continue is told before it sends too much")
  void expectContinue() throws IOException {
    var answer =
        raw(
            "PUT /kv/large HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: "
                + (MIB + 1)
                + "\r\n\r\n");
    assertThat(answer).startsWith("HTTP/1.1 413 ").contains("application/problem+json");
  }

  private static BodyPublisher chunked(byte[] body) {
    return BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body));
  }

  @ParameterizedTest
  @DisplayName("a key may have a slash, percent-encoded, and any other character")
  @ValueSource(strings = {"a%2Fb", "%C3%A4%20%3F%23", "%00", "a+b", "%25", ";=,@:", "%F0%9F%9A%A3"})
  void keys(String key) {
    http.delete("/kv/" + key);
    http.put("/kv/" + key, key).is(201);
    assertThat(http.get("/kv/" + key).is(200).text()).isEqualTo(key);
  }

  @Test
  @DisplayName("a key has 1024 bytes at most, decoded")
  void keySize() {
    http.put("/kv/" + "k".repeat(1024), "x").is(201);
    http.put("/kv/" + "k".repeat(1025), "x").isProblem(400);
    http.put("/kv/" + "%C3%A4".repeat(512), "x").is(201);
    http.put("/kv/" + "%C3%A4".repeat(512) + "k", "x").isProblem(400);
    http.put("/kv/" + "%6B".repeat(1024), "x").is(204);
    http.get("/kv/" + "k".repeat(20_000)).isProblem(414);
  }

  @Test
  @DisplayName("a key that is empty or no UTF-8 is 400; nothing else is served")
  void paths() throws IOException {
    http.get("/kv/").isProblem(400);
    http.put("/kv/", "x").isProblem(400);
    http.get("/kv/%FF").isProblem(400);
    http.get("/kv/%C3").isProblem(400);
    assertThat(raw("GET /kv/%zz HTTP/1.1\r\nHost: x\r\n\r\n"))
        .startsWith("HTTP/1.1 400 ")
        .contains("application/problem+json");
    for (var path : List.of("/", "/kv", "/kvx", "/kv/a/b", "/kv/a/", "/raft", "/raft/status/x")) {
      http.get(path).isProblem(404);
    }
  }

  @Test
  @DisplayName("another method is 405 and hears which are allowed")
  void methods() {
    for (var method : List.of("POST", "PATCH", "OPTIONS")) {
      var refused = http.send(method, "/kv/k", BodyPublishers.ofString("x")).isProblem(405);
      assertThat(refused.header("Allow")).isEqualTo("DELETE, GET, HEAD, PUT");
    }
    var refused = http.put("/raft/status", "x").isProblem(405);
    assertThat(refused.header("Allow")).isEqualTo("GET, HEAD");
  }

  @ParameterizedTest
  @DisplayName("what is not HTTP gets a problem and no stack trace")
  @ValueSource(
      strings = {
        "garbage\r\n\r\n",
        "\u0016\u0003\u0001\u0002\u0000\u0001\r\n\r\n",
        "GET /kv/a HTTP/1.1\r\n\r\n",
        "GET /kv/a HTTP/1.1\r\nHost: x\r\nBad Header: 1\r\n\r\n",
        "PUT /kv/a HTTP/1.1\r\nHost: x\r\nContent-Length: x\r\n\r\n",
        "PUT /kv/a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"
      })
  void garbage(String request) throws IOException {
    assertThat(raw(request))
        .matches("(?s)HTTP/1\\.1 (400|501) .*")
        .contains("application/problem+json")
        .doesNotContain("Exception")
        .doesNotContain("\tat ");
    http.get("/raft/status").is(200);
  }

  /** What the server says until it closes the connection, or has nothing more to say. */
  private String raw(String request) throws IOException {
    try (var socket = new Socket("127.0.0.1", http.port())) {
      socket.setSoTimeout((int) Duration.ofSeconds(20).toMillis());
      socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
      socket.shutdownOutput();
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
