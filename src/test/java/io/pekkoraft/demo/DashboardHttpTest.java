package io.pekkoraft.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.typesafe.config.ConfigFactory;
import io.pekkoraft.RaftGroup;
import io.pekkoraft.demo.KeyValue.Command;
import io.pekkoraft.demo.KeyValue.Result;
import io.pekkoraft.model.PeerId;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a browser gets of the dashboard, without one. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(60)
class DashboardHttpTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final ActorTestKit kit =
      ActorTestKit.create(
          "kv-dashboard",
          ConfigFactory.parseString("pekko-raft.dashboard.max-viewers = 2")
              .withFallback(ConfigFactory.load("unhurried.conf")));
  private HttpEdge http;

  @BeforeAll
  void serve() {
    RaftGroup<Command, Result> group =
        RaftGroup.spawn(kit.system(), "kv", PeerId.setOf("p1", "p2", "p3"), KeyValue::new);
    http = HttpEdge.serving(kit.system(), DemoRoutes.of(kit.system(), "kv", group));
    http.putSurely("/kv/first", "x");
  }

  @AfterAll
  void shutdown() {
    kit.shutdownTestKit();
  }

  /** A page that looks on. */
  private final class Page implements AutoCloseable {
    private final BufferedReader lines;

    private record Event(String type, String id, JsonNode data) {}

    private Page(String... headers) throws Exception {
      var request =
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + http.port() + "/raft/events"));
      var response =
          HttpClient.newHttpClient()
              .send(
                  (headers.length == 0 ? request : request.headers(headers)).build(),
                  BodyHandlers.ofInputStream());
      assertThat(response.statusCode()).isEqualTo(200);
      assertThat(response.headers().firstValue("Content-Type").orElseThrow())
          .startsWith("text/event-stream");
      assertThat(response.headers().firstValue("Cache-Control")).contains("no-store");
      lines = new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8));
    }

    private Event await(String type) throws IOException {
      return await(type, data -> true);
    }

    private Event next() throws IOException {
      var type = "";
      var id = "";
      var data = "";
      for (var line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.isEmpty() && !data.isEmpty()) {
          return new Event(type, id, JSON.readTree(data));
        }
        var colon = line.indexOf(':');
        var value = colon < 0 ? "" : line.substring(colon + 1).strip();
        if (line.startsWith("event")) {
          type = value;
        } else if (line.startsWith("id")) {
          id = value;
        } else if (line.startsWith("data")) {
          data = value;
        }
      }
      throw new IOException("The stream has ended.");
    }

    private Event await(String type, Predicate<JsonNode> wanted) throws IOException {
      for (; ; ) {
        var event = next();
        if (event.type().equals(type) && wanted.test(event.data())) {
          return event;
        }
      }
    }

    @Override
    public void close() throws IOException {
      lines.close();
    }
  }

  /** A page that has heard hello: who left a moment ago is counted until it is noticed. */
  private Page enter(String... headers) {
    return kit.createTestProbe()
        .awaitAssert(
            Duration.ofSeconds(20),
            () -> {
              try {
                var page = new Page(headers);
                assertThat(page.next().type()).isEqualTo("hello");
                return page;
              } catch (Exception e) {
                throw new AssertionError(e);
              }
            });
  }

  /** The first election may have been over before anybody listened to what happens. */
  private void changeLeaders() {
    kit.createTestProbe()
        .awaitAssert(
            Duration.ofSeconds(20),
            () -> http.send("POST", "/raft/transfer", BodyPublishers.noBody()).is(200));
    http.putSurely("/kv/first", "x");
  }

  @Test
  @DisplayName("the page comes with a strict policy, and is not sent twice")
  void page() {
    var page = http.get("/").is(200);
    assertThat(page.header("Content-Type")).isEqualTo("text/html; charset=UTF-8");
    assertThat(page.header("Content-Security-Policy"))
        .contains("default-src 'none'", "script-src 'self'")
        .doesNotContain("unsafe");
    assertThat(page.header("X-Content-Type-Options")).isEqualTo("nosniff");
    assertThat(page.header("Cache-Control")).isEqualTo("no-cache");
    assertThat(page.text()).doesNotContain("style=").doesNotContain("onclick");
    var again = http.get("/", "If-None-Match", "\"other\", " + page.tag()).is(304);
    assertThat(again.text()).isEmpty();
    http.get("/", "If-None-Match", "\"other\"").is(200);
    http.get("/", "If-None-Match", "nonsense").is(200);
    assertThat(http.get("/dashboard").is(200).tag()).isEqualTo(page.tag());
  }

  @Test
  @DisplayName("every file that the page names is there, and every script that a script imports")
  void files() {
    var text = http.get("/").text();
    var files = Pattern.compile("/dashboard/([a-z-]+\\.[a-z]+)").matcher(text);
    var count = 0;
    while (files.find()) {
      http.get(files.group()).is(200);
      count++;
    }
    assertThat(count).isGreaterThan(4);
    var imports =
        Pattern.compile("from '\\./([a-z]+\\.js)'")
            .matcher(http.get("/dashboard/main.js").is(200).text());
    while (imports.find()) {
      assertThat(http.get("/dashboard/" + imports.group(1)).is(200).header("Content-Type"))
          .startsWith("application/javascript");
    }
    assertThat(http.get("/dashboard/vendor-uplot-LICENSE.txt").is(200).text()).contains("MIT");
  }

  @ParameterizedTest
  @DisplayName("no other file is served")
  @ValueSource(
      strings = {
        "/dashboard/",
        "/dashboard/Dashboard.class",
        "/dashboard/..%2Fapplication.conf",
        "/dashboard/%2e%2e/reference.conf",
        "/index.html"
      })
  void noOtherFile(String path) {
    http.get(path).isProblem(404);
  }

  @Test
  @DisplayName("a page hears who there is, what happens, what was written and what is sent")
  void events() throws Exception {
    try (var page = enter()) {
      changeLeaders();
      page.await("event", data -> data.path("role").asText().equals("LEADER"));
      http.putSurely("/kv/seen", "value");
      var frame =
          page.await(
              "frame",
              data -> data.get("entries").findValuesAsText("label").contains("put seen (5 B)"));
      assertThat(frame.data().get("peers")).hasSize(3);
      assertThat(frame.data().get("leader").isTextual()).isTrue();
      var flights = page.await("flights", data -> !data.get("flights").isEmpty());
      assertThat(flights.data().get("total").intValue()).isPositive();
    }
  }

  @Test
  @DisplayName("a page that comes back hears only what it has not heard")
  void resumes() throws Exception {
    String last;
    try (var page = enter()) {
      changeLeaders();
      last = page.await("event", data -> data.path("role").asText().equals("LEADER")).id();
    }
    var number = Long.parseLong(last.substring(last.lastIndexOf('-') + 1));
    try (var page = enter("Last-Event-ID", last)) {
      http.send("POST", "/demo/peers/p2/restart", BodyPublishers.noBody()).is(204);
      var next = page.await("event").id();
      assertThat(Long.parseLong(next.substring(next.lastIndexOf('-') + 1))).isEqualTo(number + 1);
    }
  }

  @Test
  @DisplayName("of more pages than may look on, the last is told so, until another leaves")
  void full() throws Exception {
    var one = enter();
    var two = enter();
    one.await("frame");
    two.await("frame");
    try (var three = new Page()) {
      assertThat(three.next().type()).isEqualTo("full");
    }
    one.close();
    two.close();
    enter().close();
  }

  @Test
  @DisplayName("the groups with a peer in here are told, and who leads them")
  void groups() {
    http.putSurely("/kv/first", "x");
    var groups = http.get("/raft/groups").is(200).json().get("groups");
    assertThat(groups.findValuesAsText("group")).contains("kv");
    var kv = groups.get(groups.findValuesAsText("group").indexOf("kv"));
    assertThat(kv.get("leads").booleanValue()).isTrue();
    assertThat(kv.get("here")).hasSize(3);
  }

  @Test
  @DisplayName("they come packed to who can unpack them, for there may be thousands")
  void packedGroups() throws Exception {
    var packed = http.get("/raft/groups", "Accept-Encoding", "deflate, gzip;q=0.8").is(200);
    assertThat(packed.header("Content-Encoding")).isEqualTo("gzip");
    try (var unpacked = new GZIPInputStream(new ByteArrayInputStream(packed.response().body()))) {
      assertThat(JSON.readTree(unpacked).get("groups")).isNotEmpty();
    }
    var refused = http.get("/raft/groups", "Accept-Encoding", "deflate, gzip;q=0").is(200);
    assertThat(refused.header("Content-Encoding")).isNull();
  }

  @Test
  @DisplayName("an isolated peer is told as such until it is healed; of a stranger, 404")
  void isolates() throws Exception {
    http.send("POST", "/demo/peers/p3/isolate", BodyPublishers.noBody()).is(204);
    try (var page = enter()) {
      page.await("frame", data -> data.get("peers").get(2).get("isolated").booleanValue());
      http.send("POST", "/demo/peers/p3/heal", BodyPublishers.noBody()).is(204);
      page.await("frame", data -> !data.get("peers").get(2).get("isolated").booleanValue());
    }
    http.send("POST", "/demo/peers/p9/isolate", BodyPublishers.noBody()).isProblem(404);
  }
}
