package io.pekkoraft.journal;

import io.pekkoraft.journal.Database.Family;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.WriteBatch;

/**
 * The events of all persistence ids. The sequence numbers of an id have neither holes nor doubles:
 * a write that would make one is refused, and a replay that meets one fails.
 */
final class Events {
  /** As many persistence ids are known without a look into the database. */
  private static final int KNOWN_IDS = 100_000;

  private final Database database;
  private final GroupCommit commits;
  private final Executor readers;

  /** The last sequence number of each id; only the thread that commits uses it. */
  private final Map<String, Long> last = new HashMap<>();

  Events(Database database, GroupCommit commits, Executor readers) {
    this.database = database;
    this.commits = commits;
    this.readers = readers;
  }

  /**
   * Appends all of these or none; done when they are on the disk. An id that is new here may begin
   * with any sequence number, so that events can be brought over from elsewhere; after that each
   * follows the one before.
   *
   * @throws IllegalArgumentException if one of them cannot be encoded
   */
  CompletableFuture<Void> append(List<EventRecord> events) {
    return commits.commit(Append.of(this, events));
  }

  /**
   * The last sequence number ever used, deleted or not, or 0 if the id is new. Writes that came
   * before are waited for, so that an actor that restarts does not miss what it wrote in its
   * earlier life.
   */
  CompletableFuture<Long> highest(String persistenceId) {
    return commits.barrier().thenApplyAsync(ready -> extent(persistenceId).highest(), readers);
  }

  /**
   * Reads the events {@code from} to {@code to}, both included, at most {@code max} of them, one at
   * a time on a thread of the readers. Those that were deleted are left out.
   *
   * @return fails if an event is damaged or missing; the reader may have got some before it by then
   */
  CompletableFuture<Void> replay(
      String persistenceId, long from, long to, long max, Consumer<EventRecord.Stored> reader) {
    return CompletableFuture.runAsync(
        () -> {
          try (View view = database.view()) {
            Extent extent = extent(view, persistenceId);
            long first = Math.max(from, extent.deletedThrough() + 1);
            long through = Math.min(to, extent.highest());
            if (first <= through && max > 0) {
              replay(view, persistenceId, first, through, max, reader);
            }
          } catch (RocksDBException e) {
            throw unreadable(persistenceId, e);
          }
        },
        readers);
  }

  /** Deletes the events up to {@code to}, included; done when that is on the disk. */
  CompletableFuture<Void> deleteThrough(String persistenceId, long to) {
    return commits
        .barrier()
        .thenApplyAsync(ready -> extent(persistenceId), readers)
        .thenCompose(
            extent -> {
              // No further than what there is: events that come later are not meant.
              long through = Math.min(to, extent.highest());
              return through <= extent.deletedThrough()
                  ? CompletableFuture.completedFuture(null)
                  : commits.commit(
                      new Deletion(database, persistenceId, extent.deletedThrough() + 1, through));
            });
  }

  private void replay(
      View view,
      String persistenceId,
      long first,
      long through,
      long max,
      Consumer<EventRecord.Stored> reader)
      throws RocksDBException {
    byte[] from = Keys.event(persistenceId, first);
    byte[] to = Keys.event(persistenceId, through);
    RocksIterator iterator = view.between(Family.EVENTS, from, to);
    long expected = first;
    long left = max;
    for (iterator.seekToFirst(); iterator.isValid() && left > 0; iterator.next()) {
      database.checkOpen();
      byte[] key = iterator.key();
      long sequenceNr = Keys.eventSequenceNr(key);
      if (sequenceNr != expected) {
        throw new JournalException.Missing(persistenceId, expected, sequenceNr - 1);
      }
      var event = RecordFormat.decodeEvent(persistenceId, sequenceNr, key, iterator.value());
      if (event instanceof EventRecord.Stored stored) {
        reader.accept(stored);
        left--;
      }
      expected++;
    }
    iterator.status();
    if (left > 0 && expected <= through) {
      throw new JournalException.Missing(persistenceId, expected, through);
    }
  }

  /** Which sequence numbers of an id are deleted, and which is the last event that is not. */
  private record Extent(long deletedThrough, long last) {
    long highest() {
      return Math.max(deletedThrough, last);
    }
  }

  private Extent extent(String persistenceId) {
    try (View view = database.view()) {
      return extent(view, persistenceId);
    } catch (RocksDBException e) {
      throw unreadable(persistenceId, e);
    }
  }

  private static Extent extent(View view, String persistenceId) throws RocksDBException {
    long deletedThrough =
        view.get(Family.META, Keys.meta(persistenceId))
            .map(bytes -> ByteBuffer.wrap(bytes).getLong())
            .orElse(0L);
    // Beginning behind what is deleted spares the iterator the graves of the deleted events.
    RocksIterator iterator =
        view.between(
            Family.EVENTS,
            Keys.event(persistenceId, deletedThrough + 1),
            Keys.event(persistenceId, Long.MAX_VALUE));
    iterator.seekToLast();
    long last = iterator.isValid() ? Keys.eventSequenceNr(iterator.key()) : 0;
    iterator.status();
    return new Extent(deletedThrough, last);
  }

  private static JournalException.Damaged unreadable(String persistenceId, RocksDBException e) {
    return new JournalException.Damaged(
        "the events of persistence id [" + persistenceId + "] cannot be read: " + e.getMessage(),
        e);
  }

  private static void putDeleted(
      Database database, WriteBatch batch, String persistenceId, long through)
      throws RocksDBException {
    byte[] value = ByteBuffer.allocate(Long.BYTES).putLong(through).array();
    batch.merge(database.family(Family.META), Keys.meta(persistenceId), value);
  }

  private record Encoded(String persistenceId, long sequenceNr, byte[] key, byte[] value) {}

  private record Append(Events events, List<Encoded> records, long bytes) implements Change {
    static Append of(Events events, List<EventRecord> given) {
      List<Encoded> records = new ArrayList<>(given.size());
      long bytes = 0;
      for (EventRecord event : given) {
        byte[] key = Keys.event(event.persistenceId(), event.sequenceNr());
        byte[] value = RecordFormat.encode(key, event);
        records.add(new Encoded(event.persistenceId(), event.sequenceNr(), key, value));
        bytes += key.length + value.length;
      }
      return new Append(events, records, bytes);
    }

    @Override
    public void addTo(WriteBatch batch) throws RocksDBException {
      Map<String, Long> reached = new HashMap<>();
      for (Encoded record : records) {
        String id = record.persistenceId();
        Long before = reached.get(id);
        long last = before == null ? events.last(id) : before;
        boolean begins = last == 0 && record.sequenceNr() > 0;
        if (!begins && record.sequenceNr() != last + 1) {
          throw new JournalException.OutOfSequence(id, last, record.sequenceNr());
        }
        if (begins && record.sequenceNr() > 1) {
          putDeleted(events.database, batch, id, record.sequenceNr() - 1);
        }
        batch.put(events.database.family(Family.EVENTS), record.key(), record.value());
        reached.put(id, record.sequenceNr());
      }
      events.last.putAll(reached);
    }
  }

  private long last(String persistenceId) {
    Long known = last.get(persistenceId);
    if (known != null) {
      return known;
    }
    if (last.size() >= KNOWN_IDS) {
      last.clear();
    }
    long found = extent(persistenceId).highest();
    last.put(persistenceId, found);
    return found;
  }

  private record Deletion(Database database, String persistenceId, long from, long through)
      implements Change {
    @Override
    public void addTo(WriteBatch batch) throws RocksDBException {
      batch.deleteRange(
          database.family(Family.EVENTS),
          Keys.event(persistenceId, from),
          Keys.event(persistenceId, through + 1));
      putDeleted(database, batch, persistenceId, through);
    }

    @Override
    public long bytes() {
      return 3L * (persistenceId.length() + Long.BYTES);
    }
  }
}
