package io.pekkoraft.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.pekkoraft.demo.HttpEdge.Answer;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code -Dkill9.tries=20} tries harder. */
class KillNineTest {
  private static final int TRIES = Integer.getInteger("kill9.tries", 3);
  private static final long SEED = Long.getLong("kill9.seed", System.nanoTime());
  private static final int WRITERS = 16;
  private static final int READERS = 64;
  private static final int MOST_BEFORE_THE_KILL = 600;

  @TempDir private Path data;

  /** The tags of the writes that were acknowledged, by their keys. */
  private final Map<String, String> acknowledged = new ConcurrentHashMap<>();

  @Test
  @DisplayName("kill -9 in the middle of concurrent writes loses none that was acknowledged")
  void losesNothing() throws InterruptedException {
    var random = new Random(SEED);
    for (var attempt = 0; attempt < TRIES; attempt++) {
      try (var demo = DemoProcess.start(data, 0, DemoProcess.UNHURRIED)) {
        var http = demo.http();
        verify(http, prefix(attempt - 1));
        var enough = new CountDownLatch(1 + random.nextInt(MOST_BEFORE_THE_KILL));
        var writers =
            Writers.start(
                http,
                WRITERS,
                prefix(attempt),
                (key, tag) -> {
                  acknowledged.put(key, tag);
                  enough.countDown();
                });
        assertThat(enough.await(60, TimeUnit.SECONDS)).describedAs("enough writes").isTrue();
        demo.killHard();
        writers.awaitEnd();
      }
    }
    try (var demo = DemoProcess.start(data, 0, DemoProcess.UNHURRIED)) {
      verify(demo.http(), "");
    }
  }

  private static String prefix(int attempt) {
    return "/kv/try-" + attempt + "-";
  }

  private void verify(HttpEdge http, String prefix) {
    var keys = acknowledged.keySet().stream().filter(key -> key.startsWith(prefix)).toList();
    for (var from = 0; from < keys.size(); from += READERS) {
      var some = keys.subList(from, Math.min(from + READERS, keys.size()));
      var answers = some.stream().map(http::getLater).toList();
      for (var i = 0; i < some.size(); i++) {
        isThere(some.get(i), answers.get(i).join());
      }
    }
  }

  private void isThere(String key, Answer answer) {
    assertThat(answer.status()).describedAs("%s, seed %d", key, SEED).isEqualTo(200);
    assertThat(answer.text()).isEqualTo(key);
    assertThat(answer.tag()).isEqualTo(acknowledged.get(key));
  }
}
