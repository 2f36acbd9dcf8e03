package io.pekkoraft.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoProcessTest {
  private static final String INSIDE = "^(SLF4J.*|\\s+at .*|.*(Exception|Error|WARN|ERROR).*)$";

  @TempDir private Path data;

  @Test
  @DisplayName("what was written is there after a kill -9, and the second demo is turned away")
  void keepsItsData() {
    String tag;
    String first;
    try (var demo = DemoProcess.start(data, 0, DemoProcess.UNHURRIED)) {
      var http = demo.http();
      first = http.putSurely("/kv/seat-12A", "free", "Idempotency-Key", "free-12A").is(201).tag();
      tag = http.put("/kv/seat-12A", "taken", "If-Match", first).is(204).tag();
      http.put("/kv/seat-12A", "taken twice", "If-Match", first).isProblem(412);
      http.putSurely("/kv/gone", "x");
      http.delete("/kv/gone").is(204);
      assertThat(http.get("/raft/status").is(200).json().get("group").textValue()).isEqualTo("kv");

      try (var second = DemoProcess.start(data, 0, DemoProcess.UNHURRIED)) {
        assertThat(second.exitCode()).isEqualTo(1);
        assertThat(second.lines())
            .singleElement()
            .asString()
            .startsWith("The demo can't start: ")
            .contains("in use by another process", data.toString(), "pekko-raft.rocksdb.dir");
      }
      assertThat(demo.lines()).noneMatch(line -> line.matches(INSIDE));
      demo.killHard();
    }
    try (var again = DemoProcess.start(data, 0, DemoProcess.UNHURRIED)) {
      var http = again.http();
      var found = http.get("/kv/seat-12A").is(200);
      assertThat(found.text()).isEqualTo("taken");
      assertThat(found.tag()).isEqualTo(tag);
      http.get("/kv/gone").isProblem(404);
      var again12A = http.put("/kv/seat-12A", "free", "Idempotency-Key", "free-12A").is(201);
      assertThat(again12A.tag()).isEqualTo(first);
      http.put("/kv/seat-12A", "free", "If-Match", tag).is(204);
    }
  }

  @Test
  @DisplayName("SIGTERM ends it in the middle of writes, without a word of trouble")
  void endsInOrder() throws InterruptedException {
    try (var demo = DemoProcess.start(data, 0, DemoProcess.UNHURRIED)) {
      var http = demo.http();
      demo.awaitLine(Pattern.compile(" p[123] leads, term \\d+$"));
      var some = new CountDownLatch(50);
      var writers = Writers.start(http, 4, "/kv/", (key, tag) -> some.countDown());
      assertThat(some.await(60, TimeUnit.SECONDS)).isTrue();
      var begin = System.nanoTime();
      demo.terminate();
      assertThat(demo.exitCode()).isEqualTo(143);
      assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(20));
      writers.awaitEnd();
      assertThat(demo.lines()).noneMatch(line -> line.matches(INSIDE));
    }
  }

  @Test
  @DisplayName("a port that is in use is one line, with what to do about it")
  void portInUse() throws IOException {
    try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        var demo = DemoProcess.start(data, taken.getLocalPort())) {
      assertThat(demo.exitCode()).isEqualTo(1);
      assertThat(demo.lines())
          .singleElement()
          .asString()
          .startsWith("The demo can't start: it can't listen on 127.0.0.1:" + taken.getLocalPort())
          .contains("already in use", "-Dpekko-raft.demo.port=", "PEKKO_RAFT_PORT=");
    }
  }
}
