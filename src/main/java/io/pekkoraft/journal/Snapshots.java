package io.pekkoraft.journal;

import io.pekkoraft.journal.Database.Family;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Predicate;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.WriteBatch;

/** The snapshots of all persistence ids. */
final class Snapshots {
  /** Which snapshots are meant; all bounds are included. */
  record Selection(long minSequenceNr, long maxSequenceNr, long minTimestamp, long maxTimestamp) {

    private boolean matches(byte[] key) {
      long timestamp = Keys.snapshotTimestamp(key);
      return minTimestamp <= timestamp && timestamp <= maxTimestamp;
    }
  }

  private final Database database;
  private final GroupCommit commits;
  private final Executor readers;

  Snapshots(Database database, GroupCommit commits, Executor readers) {
    this.database = database;
    this.commits = commits;
    this.readers = readers;
  }

  /**
   * Saves a snapshot, in place of any other with its sequence number; done when it is on the disk,
   * whole.
   *
   * @throws IllegalArgumentException if it cannot be encoded
   */
  CompletableFuture<Void> save(SnapshotRecord snapshot) {
    String id = snapshot.persistenceId();
    byte[] key = Keys.snapshot(id, snapshot.sequenceNr(), snapshot.timestamp());
    byte[] value = RecordFormat.encode(key, snapshot);
    var sameSequenceNr =
        new Selection(snapshot.sequenceNr(), snapshot.sequenceNr(), 0, Long.MAX_VALUE);
    return selected(id, sameSequenceNr)
        .thenCompose(
            replaced ->
                commits.commit(new Replacement(database, replaced, Optional.of(key), value)));
  }

  /**
   * The youngest of those selected, or nothing.
   *
   * @return fails if that one is damaged, for an older one would not tell that events after it may
   *     have been deleted already
   */
  CompletableFuture<Optional<SnapshotRecord>> load(String persistenceId, Selection selection) {
    return commits.barrier().thenApplyAsync(ready -> youngest(persistenceId, selection), readers);
  }

  /** Deletes all of those selected; done when that is on the disk. */
  CompletableFuture<Void> delete(String persistenceId, Selection selection) {
    return selected(persistenceId, selection)
        .thenCompose(
            keys ->
                keys.isEmpty()
                    ? CompletableFuture.completedFuture(null)
                    : commits.commit(
                        new Replacement(database, keys, Optional.empty(), new byte[0])));
  }

  private Optional<SnapshotRecord> youngest(String persistenceId, Selection selection) {
    List<SnapshotRecord> found = new ArrayList<>(1);
    backwards(
        persistenceId,
        selection,
        iterator -> {
          byte[] key = iterator.key();
          found.add(
              RecordFormat.decodeSnapshot(
                  persistenceId,
                  Keys.snapshotSequenceNr(key),
                  Keys.snapshotTimestamp(key),
                  key,
                  iterator.value()));
          return false;
        });
    return found.stream().findFirst();
  }

  private CompletableFuture<List<byte[]>> selected(String persistenceId, Selection selection) {
    return commits
        .barrier()
        .thenApplyAsync(
            ready -> {
              List<byte[]> keys = new ArrayList<>();
              backwards(persistenceId, selection, iterator -> keys.add(iterator.key()));
              return keys;
            },
            readers);
  }

  /** Visits those selected, the youngest first, until {@code goesOn} says no. */
  private void backwards(
      String persistenceId, Selection selection, Predicate<RocksIterator> goesOn) {
    try (View view = database.view()) {
      RocksIterator iterator =
          view.between(
              Family.SNAPSHOTS,
              Keys.snapshot(persistenceId, selection.minSequenceNr(), 0),
              Keys.snapshot(persistenceId, selection.maxSequenceNr(), Long.MAX_VALUE));
      for (iterator.seekToLast(); iterator.isValid(); iterator.prev()) {
        database.checkOpen();
        if (selection.matches(iterator.key()) && !goesOn.test(iterator)) {
          return;
        }
      }
      iterator.status();
    } catch (RocksDBException e) {
      throw new JournalException.Damaged(
          "the snapshots of persistence id ["
              + persistenceId
              + "] cannot be read: "
              + e.getMessage(),
          e);
    }
  }

  /** Takes snapshots away and puts one in, if there is one to put. */
  private record Replacement(
      Database database, List<byte[]> deleted, Optional<byte[]> key, byte[] value)
      implements Change {
    @Override
    public void addTo(WriteBatch batch) throws RocksDBException {
      for (byte[] old : deleted) {
        batch.delete(database.family(Family.SNAPSHOTS), old);
      }
      if (key.isPresent()) {
        batch.put(database.family(Family.SNAPSHOTS), key.get(), value);
      }
    }

    @Override
    public long bytes() {
      return value.length;
    }
  }
}
