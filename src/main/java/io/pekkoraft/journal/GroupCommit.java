package io.pekkoraft.journal;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;

/**
 * Writes everything that waits in one batch with one sync, again and again, on a thread of its own.
 * While one sync is under way the next batch gathers, so that the slower the disk is, the more goes
 * into one sync.
 *
 * <p>The first write that fails is the last one. What a failed sync leaves on the disk is unknown,
 * and a second one that succeeds proves nothing about the first one's bytes; only reading them anew
 * does, when the store is opened again.
 */
final class GroupCommit implements AutoCloseable {
  private record Waiting(Change change, CompletableFuture<Void> done) {}

  /** What waits, and what is being written. */
  record Queued(int writes, long bytes) {
    static final Queued NOTHING = new Queued(0, 0);
  }

  private static final Change NOTHING =
      new Change() {
        @Override
        public void addTo(WriteBatch batch) {}

        @Override
        public long bytes() {
          return 0;
        }
      };

  private final Database database;
  private final StoreSettings settings;
  private final JournalMetrics metrics;
  private final Consumer<JournalException.Failed> onFailure;
  private final Thread thread;
  private final AtomicLong syncedWrites = new AtomicLong();

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition arrived = lock.newCondition();
  // All of these are guarded by the lock. Writes and bytes count from arrival until the sync is
  // done.
  private List<Waiting> queue = new ArrayList<>();
  private int writes;
  private long bytes;
  private boolean closed;
  private JournalException.Failed failure;

  /**
   * Starts the thread.
   *
   * @param onFailure hears the first failed write, once
   */
  GroupCommit(
      Database database,
      StoreSettings settings,
      String threadName,
      JournalMetrics metrics,
      Consumer<JournalException.Failed> onFailure) {
    this.database = database;
    this.settings = settings;
    this.metrics = metrics;
    this.onFailure = onFailure;
    this.thread = new Thread(this::run, threadName);
    // Whoever ends without closing the store loses nothing that was acknowledged.
    thread.setDaemon(true);
    thread.start();
  }

  /**
   * Queues a change; done when it is on the disk. A change larger than the bound on the bytes is
   * taken when it is alone.
   */
  CompletableFuture<Void> commit(Change change) {
    lock.lock();
    try {
      if (writes >= settings.maxQueuedWrites()
          || (writes > 0 && bytes + change.bytes() > settings.maxQueuedBytes())) {
        return CompletableFuture.failedFuture(overloaded());
      }
      return queue(change);
    } finally {
      lock.unlock();
    }
  }

  /** Done when all that was queued before is on the disk or has failed. */
  CompletableFuture<Void> barrier() {
    lock.lock();
    try {
      return queue(NOTHING);
    } finally {
      lock.unlock();
    }
  }

  Queued queued() {
    lock.lock();
    try {
      return new Queued(writes, bytes);
    } finally {
      lock.unlock();
    }
  }

  /** How many times a batch was written and synced. */
  long syncedWrites() {
    return syncedWrites.get();
  }

  /** Refuses what comes from now on, writes what waits, and returns when that is done. */
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      arrived.signal();
    } finally {
      lock.unlock();
    }
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        // The files must not be closed while the thread may use them.
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private CompletableFuture<Void> queue(Change change) {
    if (failure != null) {
      return CompletableFuture.failedFuture(failure);
    }
    if (closed) {
      return CompletableFuture.failedFuture(
          new JournalException.Closed(settings.directory().toString()));
    }
    var waiting = new Waiting(change, new CompletableFuture<>());
    queue.add(waiting);
    if (change != NOTHING) {
      writes++;
      bytes += change.bytes();
    }
    arrived.signal();
    return waiting.done();
  }

  private JournalException.Overloaded overloaded() {
    return new JournalException.Overloaded(
        writes
            + " writes with "
            + bytes
            + " bytes wait for the disk already; the limits are"
            + " pekko-raft.rocksdb.max-queued-writes = "
            + settings.maxQueuedWrites()
            + " and max-queued-bytes = "
            + settings.maxQueuedBytes());
  }

  private void run() {
    for (List<Waiting> group = take(); !group.isEmpty(); group = take()) {
      write(group);
    }
  }

  /** Waits for what comes next; empty when closed and nothing is left. */
  private List<Waiting> take() {
    lock.lock();
    try {
      while (queue.isEmpty() && !closed) {
        arrived.awaitUninterruptibly();
      }
      List<Waiting> group = queue;
      queue = new ArrayList<>();
      return group;
    } finally {
      lock.unlock();
    }
  }

  private void write(List<Waiting> group) {
    JournalException.Failed before = failure();
    if (before != null) {
      release(group);
      group.forEach(waiting -> waiting.done().completeExceptionally(before));
      return;
    }
    var included = new ArrayDeque<Waiting>(group.size());
    try (WriteBatch batch = new WriteBatch()) {
      for (Waiting waiting : group) {
        if (add(waiting, batch)) {
          included.add(waiting);
        }
      }
      if (batch.count() > 0) {
        var began = System.nanoTime();
        database.write(batch);
        syncedWrites.incrementAndGet();
        metrics.synced(included.size(), batch.getDataSize(), System.nanoTime() - began);
      }
    } catch (RocksDBException | RuntimeException | Error e) {
      var failed = new JournalException.Failed(settings.directory().toString(), e);
      metrics.failed();
      fail(failed);
      release(group);
      group.forEach(waiting -> waiting.done().completeExceptionally(failed));
      return;
    }
    release(group);
    included.forEach(waiting -> waiting.done().complete(null));
  }

  private static boolean add(Waiting waiting, WriteBatch batch) throws RocksDBException {
    batch.setSavePoint();
    try {
      waiting.change().addTo(batch);
      batch.popSavePoint();
      return true;
    } catch (JournalException refused) {
      batch.rollbackToSavePoint();
      waiting.done().completeExceptionally(refused);
      return false;
    }
  }

  private void release(List<Waiting> group) {
    lock.lock();
    try {
      for (Waiting waiting : group) {
        if (waiting.change() != NOTHING) {
          writes--;
          bytes -= waiting.change().bytes();
        }
      }
    } finally {
      lock.unlock();
    }
  }

  private JournalException.Failed failure() {
    lock.lock();
    try {
      return failure;
    } finally {
      lock.unlock();
    }
  }

  private void fail(JournalException.Failed failed) {
    lock.lock();
    try {
      failure = failed;
    } finally {
      lock.unlock();
    }
    onFailure.accept(failed);
  }
}
