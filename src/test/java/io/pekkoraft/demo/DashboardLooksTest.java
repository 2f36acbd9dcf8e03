package io.pekkoraft.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import io.pekkoraft.RaftGroup;
import io.pekkoraft.demo.KeyValue.Command;
import io.pekkoraft.demo.KeyValue.Result;
import io.pekkoraft.model.PeerId;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.http.javadsl.model.ContentType;
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

/**
 * How the dashboard shows what a node says, in a real browser; the node says what it is told to.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(120)
class DashboardLooksTest {
  private final ActorTestKit kit =
      ActorTestKit.create("kv-looks", ConfigFactory.load("in-memory.conf"));
  private final AtomicReference<String> groups = new AtomicReference<>();
  private final AtomicReference<String> events = new AtomicReference<>();

  private Browser browser;
  private HttpEdge http;

  @BeforeAll
  void serve() {
    browser = Browser.open();
    RaftGroup<Command, Result> group =
        RaftGroup.spawn(kit.system(), "kv", PeerId.setOf("p1"), KeyValue::new);
    http =
        HttpEdge.serving(
            kit.system(),
            Directives.concat(
                path("groups", () -> told(ContentTypes.APPLICATION_JSON, groups)),
                path("events", () -> told(ContentTypes.TEXT_PLAIN_UTF8, events)),
                DemoRoutes.of(kit.system(), "kv", group)));
  }

  private static Route path(String name, Supplier<Route> inner) {
    return Directives.path(PathMatchers.segment("raft").slash(name), inner);
  }

  /** What it is told to say, or the truth. */
  private static Route told(ContentType.NonBinary type, AtomicReference<String> what) {
    var said = what.get();
    return said == null
        ? Directives.reject()
        : Directives.complete(HttpEntities.create(type, said));
  }

  @AfterAll
  void shutdown() {
    if (browser != null) {
      browser.close();
    }
    kit.shutdownTestKit();
  }

  @BeforeEach
  void truth() {
    groups.set(null);
    events.set(null);
  }

  @AfterEach
  void noComplaints() {
    assertThat(browser.complaints()).isEmpty();
  }

  private void visit(int width) {
    browser.resize(width, 900);
    browser.visit("http://127.0.0.1:" + http.port() + "/");
  }

  private static String row(String peer) {
    return ".peer[data-peer=" + peer + "]";
  }

  private static String peer(String id, String role, String leader, String more) {
    return """
    {"id":"%s","isolated":false,"role":"%s","term":7,"leader":"%s","votedFor":"%s","commit":9,\
    "applied":9,"first":1,"last":9,"disowned":false,"quiet":false,"learner":false,\
    "member":true%s}\
    """
        .formatted(id, role, leader, leader, more);
  }

  private static String here(String id, String role, String leader) {
    return peer(id, role, leader, ",\"tailFirst\":9,\"tail\":[7]");
  }

  /**
   * A hello and one frame: of a node that is not a demo, and of a group that {@code leader} leads.
   */
  private static String frame(String leader, List<String> voters, String... peers) {
    return """
    event:hello
    data:{"group":"orders","keyValue":false,"peerControls":false,"logEntries":40}

    event:frame
    data:{"group":"orders","at":1700000000000,"leader":"%s","peers":[%s],\
    "entries":[{"index":9,"term":7,"kind":"COMMAND","size":3}],\
    "followers":{},"batches":{"count":0,"median":0,"p99":0},"members":{"version":2,\
    "voters":[%s],"outgoing":[],"learners":[]}}

    """
        .formatted(
            leader,
            String.join(",", peers),
            voters.stream().map(id -> '"' + id + '"').collect(Collectors.joining(",")));
  }

  private static String happened(String peer, String role, long at) {
    return """
    event:event
    data:{"at":%d,"peer":"%s","kind":"RoleChanged","words":"","trouble":false,"role":"%s",\
    "term":7,"leader":null}

    """
        .formatted(at, peer, role);
  }

  /** A thousand groups: a third led here, some without a leader, some quiet. */
  private static String thousand() {
    return IntStream.range(0, 1000)
        .mapToObj(
            i ->
                """
                {"group":"shard-%d","leader":%s,"leads":%s,"quiet":%s,"term":%d,"commit":%d,\
                "last":%d,"lag":null,"here":["p1"]}\
                """
                    .formatted(
                        i, i % 97 == 0 ? null : "\"p1\"", i % 3 == 0, i % 2 == 0, 1 + i % 4, i, i))
        .collect(Collectors.joining(",", "{\"groups\":[", "]}"));
  }

  private void awaitThousand() {
    browser.await(
        "the heat map counts them",
        () -> browser.text("#groups-sum").startsWith("1,000 groups, 334 led here, 500 quiet"));
  }

  @Test
  @DisplayName("of a peer in another process its status is shown, and said that its log is not")
  void otherProcesses() {
    events.set(
        frame(
            "n2",
            List.of("n1", "n2", "n3"),
            here("n1", "FOLLOWER", "n2"),
            peer("n2", "LEADER", "n2", ""),
            "{\"id\":\"n3\",\"isolated\":false}"));
    visit(1280);
    browser.await("the leader", () -> browser.text("h1").equals("n2 leads"));
    assertThat(browser.text("#log tr[data-peer=n1]")).endsWith("7");
    assertThat(browser.text("#log tr[data-peer=n2]")).contains("It runs in another process");
    assertThat(browser.text("#log tr[data-peer=n3]")).contains("No answer");
    assertThat(browser.text(row("n3"))).contains("no answer");
    assertThat(browser.find("#latency-note").isDisplayed()).isTrue();
    assertThat(browser.find("#put-form").isDisplayed()).isFalse();
    assertThat(browser.find(row("n1") + " [data-action=power]").isDisplayed()).isFalse();
  }

  @ParameterizedTest
  @DisplayName("peers with long names that begin alike, as Kubernetes has them, are told apart")
  @ValueSource(ints = {390, 1280})
  void longNames(int width) {
    var names = List.of("pekko-raft-0", "pekko-raft-1", "pekko-raft-2");
    events.set(
        frame(
            names.get(0),
            names,
            here(names.get(0), "LEADER", names.get(0)),
            here(names.get(1), "FOLLOWER", names.get(0)),
            here(names.get(2), "FOLLOWER", names.get(0))));
    visit(width);
    browser.await("the leader", () -> browser.text("h1").equals("pekko-raft-0 leads"));
    for (var i = 0; i < 3; i++) {
      var name = names.get(i);
      assertThat(browser.text(".node[data-peer=" + name + "] .id")).isEqualTo("\u2026-" + i);
      assertThat(browser.text("#log tr[data-peer=" + name + "] th")).isEqualTo("\u2026-" + i);
      assertThat(browser.text(row(name) + " .peer-id")).isEqualTo(name);
    }
    assertThat(
            browser.run(
                """
                return import('/dashboard/names.js').then(({ shorten }) =>
                  [['n1', 'n2'], ['pekko-raft-0', 'pekko-raft-10', 'n4'], ['frankfurt'], ['a', 'aaaaaaaa']]
                    .map((ids) => [...shorten(ids).values()].join(' ')).join('; '));
                """))
        .isEqualTo("n1 n2; \u2026-0 \u2026-10 n4; frank\u2026; a aaaaa\u2026");
    noWiderThanTheScreen();
  }

  @Test
  @DisplayName("what a peer says again is counted, and does not push out what others have said")
  void countsEvents() {
    var said = new StringBuilder();
    said.append(happened("p3", "LEADER", 1_700_000_000_000L));
    for (var i = 1; i <= 200; i++) {
      said.append(happened("p1", "PRE_CANDIDATE", 1_700_000_000_000L + i));
      said.append(happened("p2", "PRE_CANDIDATE", 1_700_000_000_000L + i));
    }
    events.set(said.toString());
    visit(1280);
    browser.await(
        "all came", () -> browser.text("#events li:first-child").matches("(?s).*p2.*\u00d7\\d{3}"));
    assertThat(browser.count("#events li")).isEqualTo(3);
    assertThat(browser.text("#events li:last-child")).contains("p3", "leads");
  }

  @ParameterizedTest
  @DisplayName("nothing is wider than the screen, in light and dark, at 1000 groups as well")
  @ValueSource(ints = {360, 390, 768, 1280, 1920})
  void fits(int width) {
    groups.set(thousand());
    visit(width);
    browser.await("one peer", () -> browser.text("#subline").startsWith("1 voter."));
    awaitThousand();
    for (var theme = 0; theme < 3; theme++) {
      browser.click("#theme");
      noWiderThanTheScreen();
    }
    browser.run("document.getElementById('groups').focus()");
    browser.find("#groups").sendKeys(Keys.ARROW_RIGHT);
    browser.await("a group is told", () -> browser.text("#groups-detail").startsWith("shard-"));
  }

  @Test
  @DisplayName("a thousand groups are drawn within a frame, and what one is told of is kept up")
  void thousandGroups() {
    groups.set(thousand());
    visit(1280);
    awaitThousand();
    var millis =
        (Number)
            browser.run(
                """
                return import('/dashboard/groups.js').then(({ drawGroups }) => {
                  const took = Array.from({ length: 100 }, () => {
                    const began = performance.now();
                    drawGroups();
                    return performance.now() - began;
                  });
                  return Math.min(...took);
                });
                """);
    assertThat(millis.doubleValue()).isLessThan(33); // Of 30 a second, on a slow machine.
    browser.run("document.getElementById('groups').focus()");
    browser.find("#groups").sendKeys(Keys.ARROW_RIGHT, Keys.ARROW_RIGHT);
    browser.await(
        "the second",
        () -> browser.text("#groups-detail").startsWith("shard-1: p1 leads in term 2"));
    groups.set(thousand().replace("\"term\":2", "\"term\":12"));
    browser.await(
        "the news of it",
        () -> browser.text("#groups-detail").startsWith("shard-1: p1 leads in term 12"));
  }

  @Test
  @DisplayName("a finger that has touched a group, or an entry, can be lifted to read about it")
  void touch() {
    groups.set(thousand());
    visit(390);
    awaitThousand();
    browser.tap("#groups", 5, 5);
    browser.await("a group", () -> browser.text("#groups-detail").startsWith("shard-0: no leader"));
    browser.await("a log", () -> browser.count("#log td[data-index='1']") > 0);
    browser.tap("#log td[data-index='1']", 5, 5);
    browser.await("an entry", () -> browser.text("#log-detail").startsWith("Entry 1: term "));
  }

  private void noWiderThanTheScreen() {
    assertThat(
            browser.run(
                "const root = document.documentElement;"
                    + " return root.scrollWidth <= root.clientWidth"))
        .isEqualTo(true);
  }

  @Test
  @DisplayName("text stands out from what is behind it: 4.5 to 1, in light and in dark")
  void contrast() {
    visit(1280);
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
                ['muted', 'raised'],
                ['faint', 'bg'], ['faint', 'surface'], ['faint', 'raised'], ['on-accent', 'accent'], ['amber', 'amber-soft'],
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
