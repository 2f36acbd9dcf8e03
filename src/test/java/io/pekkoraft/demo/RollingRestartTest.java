package io.pekkoraft.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.pekkoraft.demo.HttpEdge.Answer;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * All peers are stopped and started, one after the other, in the midst of work. The election
 * time-outs are long, so that a request which had to wait for one would show.
 */
class RollingRestartTest {
  private static final Duration ELECTION_TIMEOUT = Duration.ofSeconds(5);
  private static final int CLIENTS = 16;
  private static final int REQUESTS_BETWEEN = 300;

  @TempDir private Path data;

  private final ConcurrentLinkedQueue<Served> served = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean enough = new AtomicBoolean();
  private volatile CountDownLatch some = new CountDownLatch(REQUESTS_BETWEEN);

  private record Served(int status, Duration took) {}

  @Test
  @DisplayName("a rolling restart under load: every request is answered, no election waited for")
  void rollingRestart() throws Exception {
    try (var demo =
        DemoProcess.start(
            data,
            0,
            "-Dpekko-raft.election-timeout.min=" + ELECTION_TIMEOUT.toMillis() + "ms",
            "-Dpekko-raft.election-timeout.max=" + ELECTION_TIMEOUT.toMillis() * 2 + "ms",
            "-Dpekko-raft.leadership.disk-timeout=10s",
            "-Dpekko-raft.client.timeout=20s")) {
      var http = demo.http();
      http.putSurely("/kv/first", "x");
      var before = demo.lines().size();
      var term = http.get("/raft/status").json().get("term").longValue();
      var clients = IntStream.range(0, CLIENTS).mapToObj(i -> client(http, i, 0)).toList();
      var changes = 0;
      for (var peer : List.of("p1", "p2", "p3")) {
        someAreServed();
        var leader = http.get("/raft/status").json().get("leader").textValue();
        changes += leader.equals(peer) ? 1 : 0;
        http.send("POST", "/demo/peers/" + peer + "/restart", BodyPublishers.noBody()).is(204);
      }
      someAreServed();
      enough.set(true);
      clients.forEach(client -> client.orTimeout(60, TimeUnit.SECONDS).join());

      assertThat(served).allMatch(answer -> answer.status() / 100 == 2);
      assertThat(served).allMatch(answer -> answer.took().compareTo(ELECTION_TIMEOUT) < 0);
      assertThat(changes).isPositive();
      assertThat(http.get("/raft/status").json().get("term").longValue()).isEqualTo(term + changes);
      assertThat(demo.lines().subList(before, demo.lines().size()))
          .noneMatch(line -> line.contains("hears no leader"));
    }
  }

  private void someAreServed() throws InterruptedException {
    some = new CountDownLatch(REQUESTS_BETWEEN);
    assertThat(some.await(60, TimeUnit.SECONDS)).isTrue();
  }

  /** Puts a key, gets it from whichever peer, and so on. */
  private CompletableFuture<Void> client(HttpEdge http, int client, int number) {
    if (enough.get()) {
      return CompletableFuture.completedFuture(null);
    }
    var path = "/kv/client-" + client + "-" + number;
    return timed(http.putLater(path, path))
        .thenCompose(put -> timed(http.getLater(path + "?read=follower")))
        .thenCompose(get -> timed(http.getLater(path)))
        .thenCompose(get -> client(http, client, number + 1));
  }

  private CompletableFuture<Answer> timed(CompletableFuture<Answer> answer) {
    var began = System.nanoTime();
    return answer.thenApply(
        given -> {
          served.add(new Served(given.status(), Duration.ofNanos(System.nanoTime() - began)));
          some.countDown();
          return given;
        });
  }
}
