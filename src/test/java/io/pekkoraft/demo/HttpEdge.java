package io.pekkoraft.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.pekkoraft.http.RaftHttp;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.http.javadsl.server.Route;

/** A server over HTTP, and a client that talks to it. */
final class HttpEdge {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpClient client = HttpClient.newBuilder().connectTimeout(PATIENCE).build();
  private final int port;

  HttpEdge(int port) {
    this.port = port;
  }

  /** Serves {@code route} on a port of its own, until the actor system ends. */
  static HttpEdge serving(ActorSystem<?> system, Route route) {
    var binding =
        RaftHttp.bind(system, "127.0.0.1", 0, route, KeyValueRoute.MAX_VALUE_BYTES)
            .toCompletableFuture()
            .join();
    return new HttpEdge(binding.localAddress().getPort());
  }

  int port() {
    return port;
  }

  Answer get(String path, String... headers) {
    return send("GET", path, BodyPublishers.noBody(), headers);
  }

  Answer put(String path, String body, String... headers) {
    return send("PUT", path, BodyPublishers.ofString(body), headers);
  }

  /**
   * Puts again for as long as the outcome is not known, as one may with a value that is the same
   * each time: on a busy machine a leader may lose its office.
   */
  Answer putSurely(String path, String body, String... headers) {
    var began = System.nanoTime();
    var answer = put(path, body, headers);
    while (answer.status() >= 503 && System.nanoTime() - began < PATIENCE.toNanos()) {
      answer = put(path, body, headers);
    }
    assertThat(answer.status()).describedAs(answer.text()).isBetween(200, 204);
    return answer;
  }

  Answer delete(String path, String... headers) {
    return send("DELETE", path, BodyPublishers.noBody(), headers);
  }

  Answer send(String method, String path, BodyPublisher body, String... headers) {
    try {
      return new Answer(
          client.send(request(method, path, body, headers), BodyHandlers.ofByteArray()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  CompletableFuture<Answer> putLater(String path, String body, String... headers) {
    return later(request("PUT", path, BodyPublishers.ofString(body), headers));
  }

  CompletableFuture<Answer> postLater(String path) {
    return later(request("POST", path, BodyPublishers.noBody()));
  }

  CompletableFuture<Answer> getLater(String path) {
    return later(request("GET", path, BodyPublishers.noBody()));
  }

  private CompletableFuture<Answer> later(HttpRequest request) {
    return client.sendAsync(request, BodyHandlers.ofByteArray()).thenApply(Answer::new);
  }

  private HttpRequest request(String method, String path, BodyPublisher body, String... headers) {
    var request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
            .timeout(PATIENCE)
            .method(method, body);
    return headers.length == 0 ? request.build() : request.headers(headers).build();
  }

  /** What the server said, and what can be expected of it. */
  record Answer(HttpResponse<byte[]> response) {
    int status() {
      return response.statusCode();
    }

    String header(String name) {
      return response.headers().firstValue(name).orElse(null);
    }

    /** The version, in quotes. */
    String tag() {
      return header("ETag");
    }

    String text() {
      return new String(response.body(), StandardCharsets.UTF_8);
    }

    JsonNode json() {
      try {
        return JSON.readTree(response.body());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    Answer is(int status) {
      assertThat(status()).describedAs(text()).isEqualTo(status);
      return this;
    }

    /** An error is a problem document and tells nothing of the inside. */
    Answer isProblem(int status) {
      is(status);
      assertThat(header("Content-Type")).isEqualTo("application/problem+json");
      assertThat(json().get("type").textValue()).isEqualTo("about:blank");
      assertThat(json().get("title").textValue()).isNotBlank();
      assertThat(json().get("status").intValue()).isEqualTo(status);
      assertThat(json().get("detail").textValue()).isNotBlank();
      assertThat(text()).doesNotContain("\\tat ").doesNotContain("Exception");
      return this;
    }
  }
}
