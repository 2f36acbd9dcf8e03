package io.pekkoraft.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.Keys;

/** The page of the ticket office in a real browser. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(180)
class TicketOfficeBrowserTest {
  private Browser browser;
  private TicketOfficeDemo demo;

  @BeforeAll
  void serve(@TempDir Path data) throws CannotStart {
    browser = Browser.open();
    demo =
        TicketOfficeDemo.start(
            ConfigFactory.parseMap(
                    Map.of(
                        "pekko-raft.demo.port",
                        0,
                        "pekko-raft.sharding.groups",
                        4,
                        "pekko-raft.rocksdb.dir",
                        data.toString()))
                // On a machine that runs a browser as well, a pause must not look like a dead
                // leader.
                .withFallback(
                    ConfigFactory.parseString(
                        "pekko-raft.election-timeout { min = 800ms, max = 1600ms }"))
                .withFallback(ConfigFactory.load()));
  }

  @AfterAll
  void shutdown() throws Exception {
    if (browser != null) {
      browser.close();
    }
    if (demo != null) {
      demo.stop().toCompletableFuture().get(30, TimeUnit.SECONDS);
    }
  }

  @BeforeEach
  void visit() {
    browser.resize(1280, 900);
    browser.visit("http://127.0.0.1:" + demo.port() + "/");
    browser.run("sessionStorage.setItem('customer', 'ann')");
    browser.visit("http://127.0.0.1:" + demo.port() + "/");
    browser.await("who is sold is known", () -> browser.text("#count").endsWith("sold"));
  }

  @AfterEach
  void noComplaints() {
    // That a seat belongs to somebody else is a complaint to a browser.
    assertThat(browser.complaints()).filteredOn(line -> !line.contains("409")).isEmpty();
  }

  private static String seat(String number) {
    return "[data-seat=" + number + "]";
  }

  private boolean is(String seat, String what) {
    return browser.find(seat(seat)).getAttribute("class").contains(what);
  }

  private void choose(String variant) {
    browser.click("input[value=" + variant + "]");
  }

  @Test
  @DisplayName("a press sells a seat, is seen by others, and another gives it back")
  void sells() {
    assertThat(browser.count(".seat")).isEqualTo(100);
    browser.click(seat("C4"));
    browser.await("C4 is mine", () -> is("C4", "mine"));
    browser.await("it is said", () -> browser.text("#says").startsWith("C4 is yours"));
    new HttpEdge(demo.port()).postLater("/shows/hamlet/seats/C5?customer=bob").join().is(200);
    browser.await("C5 is taken, live", () -> is("C5", "taken"));
    browser.click(seat("C5"));
    browser.await("whose is said", () -> browser.text("#says").startsWith("C5 belongs to bob"));
    browser.click(seat("C4"));
    browser.await("C4 is free", () -> !is("C4", "mine"));
  }

  @Test
  @DisplayName("it works by keyboard, and on a phone nothing is wider than the screen")
  void byKeyboard() {
    browser.run("document.querySelector('[data-seat=A1]').focus()");
    browser.find(seat("A1")).sendKeys(Keys.ARROW_RIGHT);
    browser.find(seat("A2")).sendKeys(Keys.ARROW_DOWN);
    browser.find(seat("B2")).sendKeys(Keys.ENTER);
    browser.await("B2 is mine", () -> is("B2", "mine"));
    assertThat(browser.find(seat("B2")).getAttribute("aria-label")).isEqualTo("B2, yours");
    assertThat(browser.find(seat("A1")).getAttribute("tabindex")).isEqualTo("-1");
    browser.resize(360, 740);
    assertThat(browser.run("return document.documentElement.scrollWidth")).isEqualTo(360L);
  }

  @Test
  @DisplayName("the twin has seats of its own; a node is killed, and the outage is told; it starts")
  void killed() {
    choose("plain");
    browser.await("the twin answers", () -> browser.text("#count").endsWith("sold"));
    browser.click(seat("J10"));
    browser.await("J10 is mine", () -> is("J10", "mine"));
    choose("replicated");
    browser.await("J10 is not sold here", () -> !is("J10", "mine"));

    browser.click("[data-node=n2] button");
    assertThat(browser.text("[data-node=n2] .then")).contains("majority");
    browser.click("[data-node=n2] button.sure");
    browser.await(
        "n2 is down",
        () -> "down".equals(browser.find("[data-node=n2]").getAttribute("data-state")));
    browser.await(
        "the replicated shows are back",
        () ->
            "over"
                .equals(browser.find(".bar[data-variant=replicated]").getAttribute("data-state")));
    assertThat(browser.text(".bar[data-variant=replicated] .long")).matches("\\d+\\.\\d+ s *");
    browser.click(seat("D5"));
    browser.await("D5 is mine", () -> is("D5", "mine"));
    browser.click("[data-node=n2] button");
    browser.await(
        "n2 is up", () -> "up".equals(browser.find("[data-node=n2]").getAttribute("data-state")));
  }
}
