package io.pekkoraft.journal;

import static io.pekkoraft.journal.StoreFixture.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;

class GroupCommitTest {
  @TempDir Path directory;

  private final List<JournalException.Failed> failures = new CopyOnWriteArrayList<>();
  private final Counting metrics = new Counting();
  private Database database;
  private GroupCommit commits;

  private static final class Counting implements JournalMetrics {
    private final List<Integer> synced = new CopyOnWriteArrayList<>();
    private final AtomicInteger failed = new AtomicInteger();

    @Override
    public void synced(int writes, long bytes, long nanos) {
      assertThat(bytes).isPositive();
      assertThat(nanos).isPositive();
      synced.add(writes);
    }

    @Override
    public void failed() {
      failed.incrementAndGet();
    }
  }

  @BeforeEach
  void open() {
    var settings = new StoreSettings(directory, 1024 * 1024, 4, 3, 1000);
    database = Database.open(settings);
    commits = new GroupCommit(database, settings, "test", metrics, failures::add);
  }

  @AfterEach
  void close() {
    commits.close();
    database.close();
  }

  @Test
  @DisplayName("whoever counts hears of each sync how much was in it, and what waits meanwhile")
  void counts() {
    var blocker = new Blocker();
    var first = commits.commit(blocker);
    blocker.awaitReached();
    var second = commits.commit(put(10));
    var third = commits.commit(put(20));
    assertThat(commits.queued().writes()).isEqualTo(3);
    assertThat(commits.queued().bytes()).isGreaterThanOrEqualTo(30);

    blocker.letGo();
    await(first);
    await(second);
    await(third);
    assertThat(metrics.synced.get(metrics.synced.size() - 1)).isEqualTo(2);
    assertThat(metrics.failed).hasValue(0);
    assertThat(commits.queued()).isEqualTo(GroupCommit.Queued.NOTHING);
  }

  @Test
  @DisplayName("one write too many is refused, and there is room again when they are done")
  void tooManyWrites() {
    var blocker = new Blocker();
    var first = commits.commit(blocker);
    blocker.awaitReached();
    commits.commit(put(1));
    var third = commits.commit(put(1));

    assertThatThrownBy(() -> await(commits.commit(put(1))))
        .hasCauseInstanceOf(JournalException.Overloaded.class)
        .hasMessageContaining("max-queued-writes = 3");

    blocker.letGo();
    await(first);
    await(third);
    await(commits.commit(put(1)));
  }

  @Test
  @DisplayName("too many bytes are refused, but a change larger than the limit goes alone")
  void tooManyBytes() {
    await(commits.commit(put(5000)));
    var blocker = new Blocker();
    commits.commit(blocker);
    blocker.awaitReached();

    assertThatThrownBy(() -> await(commits.commit(put(5000))))
        .hasCauseInstanceOf(JournalException.Overloaded.class)
        .hasMessageContaining("max-queued-bytes = 1000");
    blocker.letGo();
  }

  @Test
  @DisplayName("a refused change leaves nothing behind and the rest of its group is written")
  void refused() {
    var blocker = new Blocker();
    commits.commit(blocker);
    blocker.awaitReached();
    var refused =
        commits.commit(
            change(
                batch -> {
                  batch.put("refused".getBytes(), new byte[1]);
                  throw new JournalException.OutOfSequence("a", 1, 3);
                }));
    var other = commits.commit(change(batch -> batch.put("other".getBytes(), new byte[1])));
    blocker.letGo();

    await(other);
    assertThatThrownBy(() -> await(refused))
        .hasCauseInstanceOf(JournalException.OutOfSequence.class);
    assertThat(commits.syncedWrites()).isEqualTo(2);
  }

  @Test
  @DisplayName("the first failed write is the last one, is reported once, and names its cause")
  void failedForGood() {
    var disk = new RocksDBException("the disk is gone");
    var failing =
        commits.commit(
            change(
                batch -> {
                  throw disk;
                }));

    assertThatThrownBy(() -> await(failing)).hasCauseInstanceOf(JournalException.Failed.class);
    CompletableFuture<Void> later = commits.commit(put(1));
    assertThat(later).isCompletedExceptionally();
    assertThatThrownBy(() -> await(later)).hasRootCause(disk).hasMessageContaining("is gone");
    assertThatThrownBy(() -> await(commits.barrier()))
        .hasCauseInstanceOf(JournalException.Failed.class);
    assertThat(failures).hasSize(1);
    assertThat(commits.syncedWrites()).isZero();
  }

  @Test
  @DisplayName("a barrier waits for what came before and writes nothing itself")
  void barrier() {
    var blocker = new Blocker();
    commits.commit(blocker);
    var barrier = commits.barrier();
    blocker.awaitReached();
    assertThat(barrier).isNotDone();

    blocker.letGo();
    await(barrier);
    long written = commits.syncedWrites();
    await(commits.barrier());
    assertThat(commits.syncedWrites()).isEqualTo(written);
  }

  @FunctionalInterface
  private interface Adding {
    void to(WriteBatch batch) throws RocksDBException;
  }

  private static Change change(Adding adding) {
    return change(adding, 1);
  }

  private static Change change(Adding adding, long bytes) {
    return new Change() {
      @Override
      public void addTo(WriteBatch batch) throws RocksDBException {
        adding.to(batch);
      }

      @Override
      public long bytes() {
        return bytes;
      }
    };
  }

  private static Change put(int bytes) {
    return change(batch -> batch.put("key".getBytes(), new byte[bytes]), bytes);
  }

  /** Holds up the thread that commits. */
  private static final class Blocker implements Change {
    private final CountDownLatch reached = new CountDownLatch(1);
    private final CountDownLatch letGo = new CountDownLatch(1);

    @Override
    public void addTo(WriteBatch batch) throws RocksDBException {
      reached.countDown();
      await(letGo);
      batch.put("blocker".getBytes(), new byte[1]);
    }

    @Override
    public long bytes() {
      return 1;
    }

    void awaitReached() {
      await(reached);
    }

    void letGo() {
      letGo.countDown();
    }

    private static void await(CountDownLatch latch) {
      try {
        assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
  }
}
