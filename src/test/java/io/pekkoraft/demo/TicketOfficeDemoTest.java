package io.pekkoraft.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.typesafe.config.ConfigFactory;
import io.pekkoraft.demo.HttpEdge.Answer;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Three nodes in this process, one of which is killed. */
@Timeout(300)
class TicketOfficeDemoTest {
  private static final int SEATS = 20;

  @TempDir private Path data;

  private TicketOfficeDemo start() throws CannotStart {
    var settings =
        // A pause of a busy machine must not look like a dead leader.
        ConfigFactory.parseString(
            "pekko-raft { election-timeout { min = 1s, max = 2s }, leadership.disk-timeout = 10s"
                + " }");
    return TicketOfficeDemo.start(
        ConfigFactory.parseMap(
                Map.of(
                    "pekko-raft.demo.port",
                    0,
                    "pekko-raft.sharding.groups",
                    4,
                    "pekko-raft.rocksdb.dir",
                    data.toString()))
            .withFallback(settings)
            .withFallback(ConfigFactory.load()));
  }

  private static void stop(TicketOfficeDemo demo) throws Exception {
    demo.stop().toCompletableFuture().get(60, TimeUnit.SECONDS);
  }

  private static String seat(int number) {
    return "" + (char) ('A' + number / 10) + (number % 10 + 1);
  }

  private static String sale(int seat, String customer) {
    return "/shows/rush/seats/" + seat(seat) + "?customer=" + customer;
  }

  private static Answer post(HttpEdge office, String path) {
    return office.postLater(path).join();
  }

  /** Asks again for as long as there is no answer, as one may who asks for the same seat. */
  private static Answer sell(HttpEdge office, String path) throws Exception {
    return surely(() -> post(office, path));
  }

  private static Answer get(HttpEdge office, String path) throws Exception {
    return surely(() -> office.get(path));
  }

  private static Answer surely(Supplier<Answer> request) throws Exception {
    var answer = new AtomicReference<Answer>();
    await(
        "an answer",
        () -> {
          answer.set(request.get());
          return answer.get().status() < 503;
        });
    return answer.get();
  }

  private static void await(String what, BooleanSupplier condition) throws Exception {
    var began = System.nanoTime();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime() - began)
          .describedAs(what)
          .isLessThan(Duration.ofSeconds(60).toNanos());
      new CountDownLatch(1).await(50, TimeUnit.MILLISECONDS);
    }
  }

  private static JsonNode node(HttpEdge office, String id) {
    return StreamSupport.stream(
            office.get("/demo/nodes").is(200).json().get("nodes").spliterator(), false)
        .filter(node -> node.get("id").textValue().equals(id))
        .findFirst()
        .orElseThrow();
  }

  private static String busiest(HttpEdge office) {
    var nodes = office.get("/demo/nodes").is(200).json().get("nodes");
    return StreamSupport.stream(nodes.spliterator(), false)
        .max((a, b) -> a.get("leads").intValue() - b.get("leads").intValue())
        .orElseThrow()
        .get("id")
        .textValue();
  }

  @Test
  @DisplayName(
      "the node that leads most is killed: seats are sold soon, none twice, none lost; it comes"
          + " back")
  void killed() throws Exception {
    var demo = start();
    var office = new HttpEdge(demo.port());
    sell(office, "/plain/shows/hamlet/seats/A1?customer=ann").is(200);
    sell(office, "/plain/shows/hamlet/seats/A1?customer=bob").is(409);
    sell(office, "/shows/hamlet/seats/A1?customer=ann").is(200);
    var victim = busiest(office);

    var before = rush(office, "before");
    var killed = office.postLater("/demo/nodes/" + victim + "/kill");
    var meanwhile = rush(office, "meanwhile");
    var said = killed.join().is(200).json();
    assertThat(said.get("then").textValue()).contains("majority");
    post(office, "/demo/nodes/" + victim + "/kill").isProblem(409);
    requireOneHolderEach(office, before, meanwhile);
    assertThat(get(office, "/shows/hamlet").is(200).json().at("/taken/A1").textValue())
        .isEqualTo("ann");

    await(
        "the outage is measured",
        () ->
            office
                .get("/demo/outages")
                .json()
                .at("/outages/0/replicated/state")
                .asText()
                .equals("over"));
    var outage = office.get("/demo/outages").json().at("/outages/0");
    assertThat(outage.get("node").textValue()).isEqualTo(victim);
    assertThat(outage.at("/replicated/seconds").doubleValue()).isLessThan(40);
    assertThat(outage.at("/replicated/shows").intValue()).isPositive();
    assertThat(node(office, victim).get("state").textValue()).isEqualTo("down");

    post(office, "/demo/nodes/" + victim + "/start").is(204);
    post(office, "/demo/nodes/" + victim + "/start").isProblem(409);
    post(office, "/demo/nodes/n9/start").isProblem(404);
    await(
        "it is a member again",
        () ->
            node(office, victim).get("state").textValue().equals("up")
                && node(office, victim).get("member").textValue().equals("up"));
    var other = victim.equals("n1") ? "n2" : "n1";
    post(office, "/demo/nodes/" + other + "/kill").is(200);
    requireOneHolderEach(office, before, rush(office, "after"));
    stop(demo);
  }

  /** Three customers want each of some seats, all at once. */
  private static Map<Integer, Map<String, CompletableFuture<Answer>>> rush(
      HttpEdge office, String round) {
    var asked = new TreeMap<Integer, Map<String, CompletableFuture<Answer>>>();
    for (var seat = 0; seat < SEATS; seat++) {
      for (var name : new String[] {"ann", "bob", "eve"}) {
        var customer = name + "-" + round;
        asked
            .computeIfAbsent(seat, none -> new TreeMap<>())
            .put(customer, office.postLater(sale(seat, customer)));
      }
    }
    return asked;
  }

  @SafeVarargs
  private static void requireOneHolderEach(
      HttpEdge office, Map<Integer, Map<String, CompletableFuture<Answer>>>... rushes)
      throws Exception {
    var holders = new ArrayList<HashSet<String>>();
    for (var seat = 0; seat < SEATS; seat++) {
      holders.add(new HashSet<>());
    }
    for (var rush : rushes) {
      rush.forEach(
          (seat, customers) ->
              customers.forEach(
                  (customer, asked) -> {
                    var answer = asked.join();
                    assertThat(answer.status()).isIn(200, 409, 503, 504);
                    if (answer.status() == 200) {
                      holders.get(seat).add(customer);
                    }
                  }));
    }
    var taken = get(office, "/shows/rush").is(200).json().get("taken");
    for (var seat = 0; seat < SEATS; seat++) {
      var holder = taken.at("/" + seat(seat)).textValue();
      assertThat(holder).describedAs("of " + seat(seat)).isNotNull();
      assertThat(holders.get(seat)).hasSizeLessThanOrEqualTo(1);
      assertThat(holders.get(seat)).isSubsetOf(holder);
    }
  }

  @Test
  @DisplayName("a seat that was sold is sold after a restart; a second demo on its data says so")
  void survives() throws Exception {
    var demo = start();
    var office = new HttpEdge(demo.port());
    sell(office, "/shows/hamlet/seats/B2?customer=ann").is(200);
    sell(office, "/plain/shows/hamlet/seats/B2?customer=bob").is(200);
    assertThatThrownBy(this::start).isInstanceOf(CannotStart.class);
    var console = URI.create(node(office, "n1").get("console").textValue());
    var node = new HttpEdge(console.getPort());
    assertThat(node.get("/dashboard").is(200).text()).contains("<html");
    assertThat(node.get("/raft/disks").is(200).json().get("disks")).hasSize(3);
    stop(demo);

    var again = start();
    var after = new HttpEdge(again.port());
    assertThat(get(after, "/shows/hamlet").is(200).json().at("/taken/B2").textValue())
        .isEqualTo("ann");
    assertThat(get(after, "/plain/shows/hamlet").is(200).json().at("/taken/B2").textValue())
        .isEqualTo("bob");
    stop(again);
  }
}
