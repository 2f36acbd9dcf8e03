package io.pekkoraft.demo;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.stream.IntStream;

/**
 * Clients that each create one key after the other, until the server is gone. Of one that it could
 * not serve, or does not know the outcome of, they think no more.
 */
final class Writers {
  private static final int PATIENCE_SECONDS = 60;

  private final HttpEdge http;
  private final BiConsumer<String, String> acknowledged;
  private final List<CompletableFuture<Void>> writers;

  private Writers(
      HttpEdge http, int count, String prefix, BiConsumer<String, String> acknowledged) {
    this.http = http;
    this.acknowledged = acknowledged;
    this.writers =
        IntStream.range(0, count).mapToObj(i -> write(prefix + "writer-" + i + "-", 0)).toList();
  }

  /**
   * @param prefix of the paths, which are also the values
   * @param acknowledged hears the path and the tag of each write that was acknowledged
   */
  static Writers start(
      HttpEdge http, int count, String prefix, BiConsumer<String, String> acknowledged) {
    return new Writers(http, count, prefix, acknowledged);
  }

  private CompletableFuture<Void> write(String prefix, int number) {
    var path = prefix + number;
    return http.putLater(path, path)
        .handle(
            (answer, gone) -> {
              if (gone != null) {
                return CompletableFuture.<Void>completedFuture(null);
              }
              if (answer.status() < 503) {
                acknowledged.accept(path, answer.is(201).tag());
              }
              return write(prefix, number + 1);
            })
        .thenCompose(next -> next);
  }

  /** Waits for all; fails when one of them heard what it should not have. */
  void awaitEnd() {
    writers.forEach(writer -> writer.orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).join());
  }
}
