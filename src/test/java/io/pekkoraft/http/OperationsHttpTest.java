package io.pekkoraft.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.typesafe.config.ConfigFactory;
import io.pekkoraft.RaftGroup;
import io.pekkoraft.demo.KeyValue;
import io.pekkoraft.model.PeerId;
import io.pekkoraft.tls.Certificates;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.http.javadsl.server.Directives;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What who watches over a node sees, on a port of its own that wants no certificate. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OperationsHttpTest {
  @TempDir static Path directory;
  private ActorTestKit kit;
  private int probes;

  @BeforeAll
  void serve() throws IOException {
    try (var free = new ServerSocket(0)) {
      probes = free.getLocalPort();
    }
    var tls = Certificates.in(directory, "--node", "n1=127.0.0.1").settings("n1");
    kit =
        ActorTestKit.create(
            ConfigFactory.parseString(
                    tls
                        + ", pekko-raft.http.probes-port = "
                        + probes
                        + ", pekko-raft.insight.metrics = io.pekkoraft.metrics.MicrometerMetrics")
                .withFallback(ConfigFactory.load("unhurried.conf")));
    RaftHttp.bind(kit.system(), "127.0.0.1", 0, Directives.complete("secret"), 1024)
        .toCompletableFuture()
        .join();
  }

  @AfterAll
  void stop() {
    kit.shutdownTestKit();
  }

  private HttpResponse<String> get(String path) throws Exception {
    var request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + probes + path))
            .timeout(Duration.ofSeconds(20))
            .build();
    return HttpClient.newHttpClient().send(request, BodyHandlers.ofString());
  }

  @Test
  @DisplayName("ready and alive, with the reason why not; the meters; and nothing else")
  void watches() throws Exception {
    var json = new ObjectMapper();
    var before = get("/health/ready");
    assertThat(before.statusCode()).isEqualTo(503);
    assertThat(json.readTree(before.body()))
        .isEqualTo(
            json.readTree(
                "{\"status\": \"not ready\", \"peers\": 0, \"why\": [\"No peer runs here.\"]}"));
    assertThat(get("/health/alive").statusCode()).isEqualTo(200);

    RaftGroup.spawn(kit.system(), "kv", PeerId.setOf("p1", "p2", "p3"), KeyValue::new)
        .members()
        .toCompletableFuture()
        .get(20, TimeUnit.SECONDS);
    kit.createTestProbe()
        .awaitAssert(
            Duration.ofSeconds(20),
            () -> {
              var ready = get("/health/ready");
              assertThat(ready.statusCode()).isEqualTo(200);
              assertThat(ready.body()).contains("\"peers\":3");
              return null;
            });

    var metrics = get("/metrics");
    assertThat(metrics.statusCode()).isEqualTo(200);
    assertThat(metrics.headers().firstValue("Content-Type").orElseThrow())
        .startsWith("text/plain; version=0.0.4");
    assertThat(metrics.body()).contains("pekko_raft_commands_total{group=\"kv\",peer=\"p1\"}");

    assertThat(get("/").statusCode()).isEqualTo(404);
    assertThat(get("/raft/status").statusCode()).isEqualTo(404);
  }
}
