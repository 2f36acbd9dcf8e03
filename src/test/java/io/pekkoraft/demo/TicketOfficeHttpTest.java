package io.pekkoraft.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import io.pekkoraft.http.RaftHttp;
import io.pekkoraft.sharding.RaftSharding;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.http.javadsl.ServerBinding;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TicketOfficeHttpTest {
  private final ActorTestKit kit =
      ActorTestKit.create(
          ConfigFactory.parseString("pekko-raft.sharding.groups = 2")
              .withFallback(ConfigFactory.load("unhurried.conf")));
  private final HttpClient client = HttpClient.newHttpClient();
  private ServerBinding binding;

  @BeforeAll
  void bind() throws Exception {
    var sharding = RaftSharding.get(kit.system());
    sharding.init(TicketOffice.entity()).toCompletableFuture().get(20, TimeUnit.SECONDS);
    binding =
        RaftHttp.bind(
                kit.system(),
                "127.0.0.1",
                0,
                TicketOfficeRoutes.of(Shows.replicated(kit.system()), Optional.empty(), false),
                1024)
            .toCompletableFuture()
            .get(20, TimeUnit.SECONDS);
  }

  @AfterAll
  void shutdown() {
    kit.shutdownTestKit();
  }

  private HttpRequest.Builder at(String path) {
    return HttpRequest.newBuilder(
            URI.create("http://127.0.0.1:" + binding.localAddress().getPort() + path))
        .timeout(Duration.ofSeconds(20));
  }

  private HttpResponse<String> send(String method, String path) throws Exception {
    return client.send(
        at(path).method(method, HttpRequest.BodyPublishers.noBody()).build(),
        BodyHandlers.ofString());
  }

  @Test
  @DisplayName("a seat is sold once, told who has it, given back by who has it, and sold again")
  void sells() throws Exception {
    var seat = "/shows/hamlet/seats/A1?customer=";
    assertThat(send("POST", seat + "ann").statusCode()).isEqualTo(200);
    assertThat(send("POST", seat + "ann").statusCode()).isEqualTo(200);
    var refused = send("POST", seat + "bob");
    assertThat(refused.statusCode()).isEqualTo(409);
    assertThat(refused.body()).isEqualTo("{\"seat\":\"A1\",\"customer\":\"ann\"}");
    assertThat(send("DELETE", seat + "bob").statusCode()).isEqualTo(409);
    assertThat(send("GET", "/shows/hamlet").body())
        .isEqualTo("{\"show\":\"hamlet\",\"taken\":{\"A1\":\"ann\"}}");
    assertThat(send("DELETE", seat + "ann").statusCode()).isEqualTo(200);
    assertThat(send("POST", seat + "bob").statusCode()).isEqualTo(200);
  }

  @Test
  @DisplayName("what is not a seat or nobody's name is refused, with what would do")
  void refuses() throws Exception {
    assertThat(send("POST", "/shows/hamlet/seats/Z9?customer=ann").statusCode()).isEqualTo(404);
    assertThat(send("POST", "/shows/hamlet/seats/A2").statusCode()).isEqualTo(400);
    assertThat(send("POST", "/shows/" + "x".repeat(65) + "/seats/A2?customer=ann").statusCode())
        .isEqualTo(400);
  }

  @Test
  @DisplayName(
      "the page has its files, and is told that there is no twin here, and no nodes to kill")
  void page() throws Exception {
    assertThat(send("GET", "/").body()).contains("Ticket office");
    assertThat(send("GET", "/office/office.js").statusCode()).isEqualTo(200);
    assertThat(send("GET", "/office/other.js").statusCode()).isEqualTo(404);
    assertThat(send("GET", "/office").body())
        .isEqualTo("{\"variants\":[\"replicated\"],\"nodes\":false}");
    assertThat(send("GET", "/plain/shows/hamlet").statusCode()).isEqualTo(404);
    assertThat(send("GET", "/demo/nodes").statusCode()).isEqualTo(404);
  }

  @Test
  @DisplayName("of many who want a seat at once, one gets it")
  void oneOfMany() throws Exception {
    var answers = new ArrayList<CompletableFuture<HttpResponse<String>>>();
    for (var i = 0; i < 30; i++) {
      answers.add(
          client.sendAsync(
              at("/shows/rush/seats/B2?customer=c" + i)
                  .POST(HttpRequest.BodyPublishers.noBody())
                  .build(),
              BodyHandlers.ofString()));
    }
    var sold = 0;
    for (var answer : answers) {
      var status = answer.get(20, TimeUnit.SECONDS).statusCode();
      assertThat(status).isIn(200, 409);
      sold += status == 200 ? 1 : 0;
    }
    assertThat(sold).isEqualTo(1);
  }

  @Test
  @DisplayName("who listens hears of a seat that is sold")
  void live() throws Exception {
    var response =
        client.send(at("/shows/live/events").GET().build(), BodyHandlers.ofInputStream());
    try (var lines =
        new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
      assertThat(lines.readLine()).contains("\"taken\":{}");
      send("POST", "/shows/live/seats/C3?customer=ann");
      var next = lines.readLine();
      while (!next.startsWith("data:") || next.length() < 6) {
        next = lines.readLine();
      }
      assertThat(next).contains("\"C3\":\"ann\"");
    }
  }
}
