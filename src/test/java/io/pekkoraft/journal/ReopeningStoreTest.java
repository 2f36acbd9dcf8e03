package io.pekkoraft.journal;

import static io.pekkoraft.journal.StoreFixture.await;
import static io.pekkoraft.journal.StoreFixture.event;
import static io.pekkoraft.journal.StoreFixture.replayed;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ForkJoinPool;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A journal whose disk takes no new files for a while (trap 34): here the directory is moved away,
 * which a full disk looks like to whoever wants to make a file.
 */
class ReopeningStoreTest {
  private static final String LARGE = "x".repeat(50_000);

  @TempDir private Path temporary;

  private final List<JournalException> troubles = new CopyOnWriteArrayList<>();
  private Path directory;
  private ReopeningStore store;

  @BeforeEach
  void open() {
    directory = temporary.resolve("journal");
    var settings = new StoreSettings(directory, 64 * 1024, 1, 10_000, 16 * 1024 * 1024);
    var readers = ForkJoinPool.commonPool();
    store =
        new ReopeningStore(
            (first, onFailure) ->
                first
                    ? Store.open(settings, "test", readers, JournalMetrics.NONE, onFailure)
                    : Store.reopen(settings, "test", readers, JournalMetrics.NONE, onFailure),
            readers,
            Duration.ZERO,
            troubles::add);
  }

  @AfterEach
  void close() {
    store.close();
  }

  private CompletableFuture<Void> append(long sequenceNr) {
    return store.use(s -> s.events().append(List.of(event("id", sequenceNr, LARGE))));
  }

  private List<Long> read() {
    return await(store.use(s -> CompletableFuture.supplyAsync(() -> replayed(s, "id"))));
  }

  /**
   * Appends, from {@code first} on, until no more files can be made.
   *
   * @return the number of what failed
   */
  private long appendUntilItFails(long first) {
    for (var next = first; next < 1000; next++) {
      try {
        await(append(next));
      } catch (RuntimeException failed) {
        return next;
      }
    }
    throw new AssertionError("It never failed.");
  }

  @Test
  @DisplayName("it fails while there is no room, and goes on by itself when there is")
  void comesBack() throws IOException {
    await(append(1));
    var away = temporary.resolve("away");
    Files.move(directory, away);
    var failed = appendUntilItFails(2);
    assertThatThrownBy(() -> await(append(failed))).isInstanceOf(RuntimeException.class);
    assertThatThrownBy(this::read).hasMessageContaining("are gone");
    assertThat(directory).doesNotExist();

    Files.move(away, directory);
    var there = read();
    // The write that failed may be there or not; all that were acknowledged are.
    assertThat(there).hasSizeBetween((int) failed - 1, (int) failed);
    await(append(there.size() + 1L));
    assertThat(read()).hasSize(there.size() + 1);
    assertThat(troubles.get(0)).isInstanceOf(JournalException.Failed.class);
  }

  @Test
  @DisplayName("closed, it stays closed")
  void closed() {
    await(append(1));
    store.close();
    assertThatThrownBy(() -> await(append(2))).hasCauseInstanceOf(JournalException.Closed.class);
  }
}
