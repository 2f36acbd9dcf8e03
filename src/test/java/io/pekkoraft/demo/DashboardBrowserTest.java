package io.pekkoraft.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import io.pekkoraft.RaftGroup;
import io.pekkoraft.demo.KeyValue.Command;
import io.pekkoraft.demo.KeyValue.Result;
import io.pekkoraft.http.RaftHttp;
import io.pekkoraft.model.PeerId;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.http.javadsl.ServerBinding;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.server.Directives;
import org.apache.pekko.http.javadsl.server.PathMatchers;
import org.apache.pekko.http.javadsl.server.Route;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openqa.selenium.Keys;

/** The dashboard in a real browser. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(120)
class DashboardBrowserTest {
  private static final String TOKEN = "a-token-of-sixteen-characters-and-more";

  private final ActorTestKit kit =
      ActorTestKit.create(
          "kv-browser",
          // On a machine that runs a browser as well, a pause must not look like a dead leader.
          ConfigFactory.parseString(
                  """
                  pekko-raft {
                    http.admin-token = "%s"
                    election-timeout { min = 800ms, max = 1600ms }
                  }
                  """
                      .formatted(TOKEN))
              .withFallback(ConfigFactory.load("in-memory.conf")));

  /** What /raft/groups says instead of the truth, if anything. */
  private final AtomicReference<String> groups = new AtomicReference<>();

  /** What /raft/events says instead of the truth, if anything. */
  private final AtomicReference<String> events = new AtomicReference<>();

  private Browser browser;
  private Route route;
  private ServerBinding binding;

  @BeforeAll
  void serve() {
    browser = Browser.open();
    RaftGroup<Command, Result> group =
        RaftGroup.spawn(kit.system(), "kv", PeerId.setOf("p1", "p2", "p3"), KeyValue::new);
    route =
        Directives.concat(
            Directives.path(
                PathMatchers.segment("raft").slash("groups"),
                () -> groups.get() == null ? Directives.reject() : told(groups.get())),
            Directives.path(
                PathMatchers.segment("raft").slash("events"),
                () -> events.get() == null ? Directives.reject() : stream(events.get())),
            DemoRoutes.of(kit.system(), "kv", group));
    binding = bind(0);
  }

  private static Route told(String json) {
    return Directives.complete(HttpEntities.create(ContentTypes.APPLICATION_JSON, json));
  }

  private static Route stream(String events) {
    return Directives.complete(HttpEntities.create(ContentTypes.TEXT_PLAIN_UTF8, events));
  }

  private ServerBinding bind(int port) {
    return RaftHttp.bind(kit.system(), "127.0.0.1", port, route, KeyValueRoute.MAX_VALUE_BYTES)
        .toCompletableFuture()
        .join();
  }

  @AfterAll
  void shutdown() {
    if (browser != null) {
      browser.close();
    }
    kit.shutdownTestKit();
  }

  @BeforeEach
  void visit() {
    browser.resize(1280, 900);
    browser.visit("http://127.0.0.1:" + binding.localAddress().getPort() + "/");
    browser.run("sessionStorage.setItem('pekko-raft-token', arguments[0])", TOKEN);
    awaitLeader();
  }

  @AfterEach
  void noComplaints() {
    assertThat(browser.complaints())
        .filteredOn(line -> !line.contains("401") && !line.contains("net::ERR"))
        .isEmpty();
  }

  private String awaitLeader() {
    browser.await("somebody leads", () -> browser.text("h1").endsWith(" leads"));
    return browser.text("h1").replace(" leads", "");
  }

  private static String row(String peer) {
    return ".peer[data-peer=" + peer + "]";
  }

  private void press(String peer, String action) {
    browser.click(row(peer) + " [data-action=" + action + "]:not([disabled])");
  }

  private boolean plays(String peer, String role) {
    return role.equals(browser.find(row(peer)).getAttribute("data-role"));
  }

  private void put(String key, String value) {
    browser.run(
        """
        document.getElementById('put-key').value = arguments[0];
        document.getElementById('put-value').value = arguments[1];
        """,
        key,
        value);
    browser.click("#put-form button");
  }

  @Test
  @DisplayName("the page shows who leads, and each peer with its role, its vote and its time-out")
  void shows() {
    var leader = awaitLeader();
    browser.await("three peers", () -> browser.count(".peer") == 3);
    browser.await("it leads in its row, too", () -> plays(leader, "leader"));
    assertThat(browser.text("#ring-svg")).contains("p1", "p2", "p3", "leader", "3 of 3");
    assertThat(browser.text(row(leader))).contains("voted " + leader);
    browser.await("a time-out", () -> browser.text("#peers").matches("(?s).*time-out \\d+ ms.*"));
    browser.await(
        "messages are sampled, and it says so",
        () -> browser.text("#sampled").matches("A sample: about \\d+ of [\\d,]+ messages .*"));
    assertThat(browser.text("#connection")).isEqualTo("Live");
  }

  @Test
  @DisplayName("a leader is stopped in the page and a new one appears; started, it follows")
  void stopsTheLeader() {
    var old = awaitLeader();
    press(old, "power");
    browser.await("it is down", () -> plays(old, "down"));
    browser.await("another leads", () -> browser.text("h1").matches("p\\d leads"));
    var next = awaitLeader();
    assertThat(next).isNotEqualTo(old);
    browser.await("the ring knows", () -> browser.text("#ring-svg").contains("2 of 3"));
    browser.await("it has stopped", () -> browser.text("#toasts").contains(old + " has stopped"));
    press(old, "power");
    browser.await("it follows", () -> plays(old, "follower"));
    browser.await("the ring sees it", () -> browser.text("#ring-svg").contains("3 of 3"));
  }

  @Test
  @DisplayName("a put appears in all logs, applied, and by its name among the latest entries")
  void putAppears() {
    put("seat-12A", "taken");
    browser.await(
        "the entry is among the latest",
        () -> browser.text("#latest").contains("put seat-12A (5 B)"));
    var index =
        browser.run(
            "return [...document.querySelectorAll('#latest li')]"
                + ".find(li => li.textContent.includes('seat-12A')).dataset.index");
    for (var peer : PeerId.setOf("p1", "p2", "p3")) {
      browser.await(
          "applied at " + peer,
          () ->
              browser.count(
                      "#log tr[data-peer=%s] td.applied[data-index='%s']".formatted(peer, index))
                  == 1);
    }
    browser.await("the toast says so", () -> browser.text("#toasts").contains("seat-12A is new"));
  }

  @Test
  @DisplayName("an isolated leader is left behind, and catches up when it is healed")
  void isolatesTheLeader() {
    var old = awaitLeader();
    press(old, "isolate");
    browser.await(
        "another leads",
        () -> browser.text("h1").matches("p\\d leads") && !browser.text("h1").startsWith(old));
    browser.await("it says isolated", () -> browser.text(row(old)).contains("isolated"));
    press(old, "isolate");
    browser.await("it follows", () -> plays(old, "follower"));
    browser.await("no more", () -> !browser.text(row(old)).contains("isolated"));
  }

  @Test
  @DisplayName("leadership moves, a snapshot is taken, a peer joins and leaves again")
  void administers() {
    var old = awaitLeader();
    var heir = old.equals("p1") ? "p2" : "p1";
    browser.click(row(heir) + " .peer-buttons .quiet");
    press(heir, "transfer");
    browser.await("it leads", () -> browser.text("h1").equals(heir + " leads"));
    press(heir, "snapshot");
    browser.await("it has one", () -> browser.text("#toasts").contains(heir + " has a snapshot"));
    browser.await(
        "the boundary is shown",
        () -> browser.count("#log tr[data-peer=" + heir + "] td.snapend") == 1);
    browser.run("document.getElementById('add-id').value = 'p4'");
    browser.click("#add-form button");
    browser.await("four", () -> browser.text("#subline").startsWith("4 voters"));
    browser.click(row("p4") + " .peer-buttons .quiet");
    press("p4", "remove");
    browser.await("it asks first", () -> browser.text(row("p4")).contains("Remove p4 from the"));
    press("p4", "remove");
    browser.await("three", () -> browser.text("#subline").startsWith("3 voters"));
    press("p4", "power");
    browser.await("p4 ends", () -> plays("p4", "down"));
  }

  @Test
  @DisplayName("who has no token is asked for it once, and the action is done")
  void asksForTheToken() {
    browser.run("sessionStorage.clear()");
    var peer = awaitLeader().equals("p3") ? "p2" : "p3";
    press(peer, "restart");
    browser.await("it asks", () -> browser.find("#token-dialog").isDisplayed());
    browser.find("#token").sendKeys(TOKEN);
    browser.click("#token-form .primary");
    browser.await("it is done", () -> browser.text("#toasts").contains(peer + " has restarted"));
    assertThat(browser.run("return sessionStorage.getItem('pekko-raft-token')")).isEqualTo(TOKEN);
  }

  @Test
  @DisplayName("without its node the page says so and comes back by itself")
  void disconnected() {
    var port = binding.localAddress().getPort();
    binding.terminate(Duration.ofMillis(100)).toCompletableFuture().join();
    browser.await("it says so", () -> browser.text("#connection").equals("Disconnected"));
    assertThat(browser.text("#banner")).contains("The connection to the node is lost");
    binding = bind(port);
    browser.await("it is back", () -> browser.text("#connection").equals("Live"));
    assertThat(browser.find("#banner").isDisplayed()).isFalse();
  }

  @Test
  @DisplayName("of a peer in another process its status is shown, and said that its log is not")
  void otherProcesses() {
    var peer =
        """
        {"id":"%s","isolated":false,"role":"%s","term":7,"leader":"n2","votedFor":"n2","commit":9,\
        "applied":9,"first":1,"last":9,"disowned":false,"quiet":false,"learner":false,"member":true}\
        """;
    var here = peer.formatted("n1", "FOLLOWER").strip();
    var inside = here.substring(0, here.length() - 1) + ",\"tailFirst\":9,\"tail\":[7]}";
    events.set(
        """
        event:hello
        data:{"group":"orders","keyValue":false,"peerControls":false,"logEntries":40}

        event:frame
        data:{"group":"orders","at":1700000000000,"leader":"n2","peers":[%s,%s,{"id":"n3",\
        "isolated":false}],"entries":[{"index":9,"term":7,"kind":"COMMAND","size":3}],\
        "followers":{},"batches":{"count":0,"median":0,"p99":0},"members":{"version":2,\
        "voters":["n1","n2","n3"],"outgoing":[],"learners":[]}}

        """
            .formatted(inside, peer.formatted("n2", "LEADER").strip()));
    try {
      browser.run("location.reload()");
      browser.await("the leader", () -> browser.text("h1").equals("n2 leads"));
      assertThat(browser.text("#log tr[data-peer=n1]")).endsWith("7");
      assertThat(browser.text("#log tr[data-peer=n2]")).contains("It runs in another process");
      assertThat(browser.text("#log tr[data-peer=n3]")).contains("No answer");
      assertThat(browser.text(row("n3"))).contains("no answer");
      assertThat(browser.find("#latency-note").isDisplayed()).isTrue();
      assertThat(browser.find("#put-form").isDisplayed()).isFalse();
      assertThat(browser.find(row("n1") + " [data-action=power]").isDisplayed()).isFalse();
    } finally {
      events.set(null);
    }
  }

  @ParameterizedTest
  @DisplayName("nothing is wider than the screen, in light and dark, at 1000 groups as well")
  @ValueSource(ints = {360, 390, 768, 1280, 1920})
  void fits(int width) {
    var json = new StringBuilder("{\"groups\":[");
    for (var i = 0; i < 1000; i++) {
      json.append(i == 0 ? "" : ",")
          .append(
              "{\"group\":\"shard-%d\",\"leader\":%s,\"leads\":%s,\"term\":%d,"
                  .formatted(i, i % 97 == 0 ? "null" : "\"p1\"", i % 3 == 0, 1 + i % 4))
          .append("\"commit\":%d,\"last\":%d,\"lag\":null,\"here\":[\"p1\"]}".formatted(i, i));
    }
    groups.set(json.append("]}").toString());
    try {
      browser.resize(width, 900);
      browser.await(
          "the heat map counts them",
          () -> browser.text("#groups-sum").startsWith("1,000 groups, 334 led here"));
      for (var theme = 0; theme < 3; theme++) {
        browser.click("#theme");
        assertThat(
                browser.run(
                    "const root = document.documentElement;"
                        + " return root.scrollWidth <= root.clientWidth"))
            .isEqualTo(true);
      }
      browser.run("document.getElementById('groups').focus()");
      browser.find("#groups").sendKeys(Keys.ARROW_RIGHT);
      browser.await("a group is told", () -> browser.text("#groups-detail").startsWith("shard-"));
    } finally {
      groups.set(null);
    }
  }

  @Test
  @DisplayName("text stands out from what is behind it: 4.5 to 1, in light and in dark")
  void contrast() {
    for (var theme = 0; theme < 3; theme++) {
      browser.click("#theme");
      var worst =
          browser.run(
              """
              const css = getComputedStyle(document.documentElement);
              const light = (name) => {
                const hex = css.getPropertyValue('--' + name).trim().slice(1);
                const [r, g, b] = [0, 2, 4].map((i) => parseInt(hex.slice(i, i + 2), 16) / 255)
                  .map((c) => (c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
                return 0.2126 * r + 0.7152 * g + 0.0722 * b;
              };
              const pairs = [['ink', 'bg'], ['ink', 'surface'], ['muted', 'bg'], ['muted', 'surface'],
                ['muted', 'raised'], ['on-accent', 'accent'], ['amber', 'amber-soft'],
                ['red', 'red-soft'], ['accent', 'surface'],
                ...[0, 1, 2, 3, 4].map((t) => ['ink', 't' + t])];
              return Math.min(...pairs.map(([a, b]) => {
                const [x, y] = [light(a), light(b)].sort((p, q) => q - p);
                return (x + 0.05) / (y + 0.05);
              }));
              """);
      assertThat(((Number) worst).doubleValue()).isGreaterThan(4.5);
    }
  }
}
