package io.pekkoraft.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import io.pekkoraft.RaftGroup;
import io.pekkoraft.demo.KeyValue.Command;
import io.pekkoraft.demo.KeyValue.Result;
import io.pekkoraft.http.RaftHttp;
import io.pekkoraft.model.PeerId;
import java.time.Duration;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.http.javadsl.ServerBinding;
import org.apache.pekko.http.javadsl.server.Route;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

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

  private Browser browser;
  private Route route;
  private ServerBinding binding;

  @BeforeAll
  void serve() {
    browser = Browser.open();
    RaftGroup<Command, Result> group =
        RaftGroup.spawn(kit.system(), "kv", PeerId.setOf("p1", "p2", "p3"), KeyValue::new);
    route = DemoRoutes.of(kit.system(), "kv", group);
    binding = bind(0);
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

  /** That nobody led for a moment is nothing that the page did. */
  @AfterEach
  void noComplaints() {
    assertThat(browser.complaints())
        .filteredOn(line -> !line.contains("401") && !line.contains("net::ERR"))
        .filteredOn(line -> !line.matches("(?s).*a status of 50[34] .*"))
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
}
