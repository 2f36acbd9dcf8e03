package io.pekkoraft.journal;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * A store that comes back by itself. After a write has failed, on a full disk for instance, what is
 * on the disk is unknown until it is read anew; so the store is closed and opened again, as if the
 * process had been started again, and whoever has something to read or write waits for that. While
 * it can't be opened, all that is asked of it fails with the reason.
 *
 * <p>What was read anew is written to files of its own and synced before anybody sees it, so that a
 * failed sync is not taken for a good one because the bytes are still in the system's memory.
 */
final class ReopeningStore implements AutoCloseable {
  private final BiFunction<Boolean, Consumer<JournalException.Failed>, Store> open;
  private final Executor readers;
  private final Duration backoff;
  private final Consumer<JournalException> trouble;
  private volatile CompletableFuture<Store> current;
  // Guarded by this.
  private long lastTry;
  private boolean closed;

  /**
   * Opens the store for the first time.
   *
   * @param open opens it; told whether for the first time, and who hears the first failed write
   * @param readers where it is opened anew, which blocks
   * @param backoff how long to wait after each try to open it anew
   * @param trouble hears why a write failed, and why it could not be opened anew
   */
  ReopeningStore(
      BiFunction<Boolean, Consumer<JournalException.Failed>, Store> open,
      Executor readers,
      Duration backoff,
      Consumer<JournalException> trouble) {
    this.open = open;
    this.readers = readers;
    this.backoff = backoff;
    this.trouble = trouble;
    this.current = CompletableFuture.completedFuture(open(true));
  }

  <T> CompletableFuture<T> use(Function<Store, CompletableFuture<T>> use) {
    var store = current;
    if (store.isCompletedExceptionally()) {
      store = openAgainInTime();
    }
    return store.isDone() && !store.isCompletedExceptionally()
        ? use.apply(store.join())
        : store.thenCompose(use);
  }

  /** What waits for the disk; nothing while the store is being opened. */
  GroupCommit.Queued queued() {
    var store = current;
    return store.isDone() && !store.isCompletedExceptionally()
        ? store.join().queued()
        : GroupCommit.Queued.NOTHING;
  }

  private Store open(boolean first) {
    var opened = new CompletableFuture<Store>();
    var store = open.apply(first, failed -> opened.thenAccept(broken -> failed(broken, failed)));
    opened.complete(store);
    return store;
  }

  /** On the thread that commits, before anybody hears of the failure. */
  private synchronized void failed(Store broken, JournalException.Failed reason) {
    trouble.accept(reason);
    if (!closed) {
      lastTry = System.nanoTime();
      current = CompletableFuture.supplyAsync(() -> openInsteadOf(broken), readers);
    }
  }

  private Store openInsteadOf(Store broken) {
    broken.close();
    return openAgain();
  }

  private Store openAgain() {
    try {
      return open(false);
    } catch (JournalException e) {
      trouble.accept(e);
      throw e;
    }
  }

  private synchronized CompletableFuture<Store> openAgainInTime() {
    var due = System.nanoTime() - lastTry >= backoff.toNanos();
    if (due && !closed && current.isCompletedExceptionally()) {
      lastTry = System.nanoTime();
      current = CompletableFuture.supplyAsync(this::openAgain, readers);
    }
    return current;
  }

  /** Writes what waits and closes the files; nothing opens them any more. */
  @Override
  public void close() {
    CompletableFuture<Store> last;
    synchronized (this) {
      closed = true;
      last = current;
    }
    try {
      last.join().close();
    } catch (CompletionException neverOpened) {
      // There is nothing to close.
    }
  }
}
