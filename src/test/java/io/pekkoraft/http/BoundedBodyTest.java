package io.pekkoraft.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.http.javadsl.Http;
import org.apache.pekko.http.javadsl.server.Directives;
import org.apache.pekko.http.javadsl.unmarshalling.Unmarshaller;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BoundedBodyTest {
  private static final String CHUNKED =
      "PUT / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n";
  private static final String CLOSE = "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";

  private final ActorTestKit kit =
      ActorTestKit.create("bounded-body", ConfigFactory.load("in-memory.conf"));
  private int patient;
  private int hasty;

  @BeforeAll
  void serve() {
    patient = serve(Duration.ofSeconds(15));
    hasty = serve(Duration.ofMillis(300));
  }

  /** It answers with the body that it got; ten bytes at most. */
  private int serve(Duration patience) {
    var echo = Directives.entity(Unmarshaller.entityToString(), Directives::complete);
    var bounded = new BoundedBody(10, patience).around(echo);
    return Http.get(kit.system())
        .newServerAt("127.0.0.1", 0)
        .bind(new ProblemBoundary().around(bounded))
        .toCompletableFuture()
        .join()
        .localAddress()
        .getPort();
  }

  @AfterAll
  void shutdown() {
    kit.shutdownTestKit();
  }

  @Test
  @DisplayName("a body that comes in pieces is one to the route")
  void collects() throws IOException {
    assertThat(send(patient, CHUNKED + "3\r\nabc\r\n", "7\r\ndefghij\r\n0\r\n\r\n", CLOSE))
        .startsWith("HTTP/1.1 200 ")
        .contains("abcdefghij");
  }

  @Test
  @DisplayName("one that is a little too large is read to its end, and the connection goes on")
  void drains() throws IOException {
    assertThat(send(patient, CHUNKED + "3\r\nabc\r\n", "8\r\ndefghijk\r\n0\r\n\r\n", CLOSE))
        .startsWith("HTTP/1.1 413 ")
        .contains("A body may have 10 bytes at most.")
        .contains("HTTP/1.1 200 ");
  }

  @Test
  @DisplayName("one that is far too large is not, whether its size was announced or not")
  void losesPatience() throws IOException {
    assertThat(send(patient, CHUNKED + "51\r\n" + "x".repeat(81) + "\r\n0\r\n\r\n"))
        .startsWith("HTTP/1.1 413 ");
    assertThat(send(patient, "PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: 81\r\n\r\nx"))
        .startsWith("HTTP/1.1 413 ");
  }

  @Test
  @DisplayName("one that does not come is 408")
  void timesOut() throws IOException {
    assertThat(send(hasty, "PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nabc"))
        .startsWith("HTTP/1.1 408 ")
        .contains("application/problem+json");
  }

  @Test
  @DisplayName("one that is not even chunked as it says is 400")
  void malformed() throws IOException {
    assertThat(send(patient, CHUNKED + "zz\r\n"))
        .startsWith("HTTP/1.1 400 ")
        .contains("application/problem+json");
  }

  /** What the server says until it closes the connection. */
  private static String send(int port, String... parts) throws IOException {
    try (var socket = new Socket("127.0.0.1", port)) {
      socket.setSoTimeout((int) Duration.ofSeconds(20).toMillis());
      socket.setTcpNoDelay(true);
      for (var part : parts) {
        socket.getOutputStream().write(part.getBytes(StandardCharsets.US_ASCII));
      }
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
    }
  }
}
