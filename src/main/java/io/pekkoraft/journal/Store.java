package io.pekkoraft.journal;

import java.nio.file.Files;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * The events and snapshots of one actor system, in one directory. It deals in bytes and futures,
 * and knows nothing of actors. Futures complete on the thread that commits: what depends on them
 * has to be short, or go elsewhere.
 */
final class Store implements AutoCloseable {
  private final Database database;
  private final GroupCommit commits;
  private final Events events;
  private final Snapshots snapshots;

  private Store(Database database, GroupCommit commits, Executor readers) {
    this.database = database;
    this.commits = commits;
    this.events = new Events(database, commits, readers);
    this.snapshots = new Snapshots(database, commits, readers);
  }

  /**
   * Opens the directory and makes it if there is none.
   *
   * @param name the beginning of the thread's name
   * @param readers where reading happens, which may block
   * @param metrics who counts and measures the writes
   * @param onFailure hears the first failed write, once; all writes fail from then on
   * @throws JournalException.NotOpened if someone else has it open, or its files cannot be read
   */
  static Store open(
      StoreSettings settings,
      String name,
      Executor readers,
      JournalMetrics metrics,
      Consumer<JournalException.Failed> onFailure) {
    Database database = Database.open(settings);
    var commits = new GroupCommit(database, settings, name + "-journal", metrics, onFailure);
    return new Store(database, commits, readers);
  }

  /**
   * Opens what was open before. A directory whose files are gone is not made anew: that would take
   * the loss of everything for a good beginning.
   *
   * @throws JournalException.NotOpened if they are gone, or as above
   */
  static Store reopen(
      StoreSettings settings,
      String name,
      Executor readers,
      JournalMetrics metrics,
      Consumer<JournalException.Failed> onFailure) {
    if (Files.notExists(settings.directory().resolve("CURRENT"))) {
      throw new JournalException.NotOpened(
          "the store in [" + settings.directory() + "] was there, and its files are gone", null);
    }
    return open(settings, name, readers, metrics, onFailure);
  }

  Events events() {
    return events;
  }

  Snapshots snapshots() {
    return snapshots;
  }

  GroupCommit.Queued queued() {
    return commits.queued();
  }

  /** How many batches were written and synced since it was opened. */
  long syncedWrites() {
    return commits.syncedWrites();
  }

  /** Writes what waits, waits for readers, and gives up the directory. */
  @Override
  public void close() {
    commits.close();
    database.close();
  }
}
