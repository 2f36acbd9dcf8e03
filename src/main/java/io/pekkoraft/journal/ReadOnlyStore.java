package io.pekkoraft.journal;

import io.pekkoraft.journal.Database.Family;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import org.rocksdb.LiveFileMetaData;
import org.rocksdb.Options;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.SstFileReader;

/**
 * A directory of events and snapshots, to be looked at while no actor system has it open. Nothing
 * in it is changed, made or deleted. What is damaged is told, and what is behind it is read all the
 * same, as far as it can be.
 */
public final class ReadOnlyStore implements AutoCloseable {
  private static final byte[] FIRST_KEY = {};
  private static final byte[] LAST_KEY = {Byte.MAX_VALUE, -1, -1, -1, -1};
  private static final long MEMTABLE = 4 * 1024 * 1024;

  private final Database database;

  private ReadOnlyStore(Database database) {
    this.database = database;
  }

  /** A sorted file. */
  public record Table(Path file, long bytes) {}

  /**
   * An event as bytes.
   *
   * @param timestamp when it was persisted, in milliseconds since the epoch
   */
  public record Event(
      String persistenceId,
      long sequenceNr,
      long timestamp,
      int serializerId,
      String manifest,
      byte[] bytes) {}

  /** Hears what a persistence id holds. */
  public interface Reader {
    /** The next event; each follows the one before, unless {@link #damage} said otherwise. */
    void event(Event event);

    /** Something is not there, or not what was written. */
    void damage(String how);
  }

  /**
   * Opens a directory.
   *
   * @throws JournalException.NotOpened if it is no such directory, or somebody has it open
   * @throws JournalException.Damaged if it can't be read at all, or what was acknowledged is lost
   *     from its log
   */
  public static ReadOnlyStore open(Path directory) {
    if (!holdsStore(directory)) {
      throw new JournalException.NotOpened(
          "there is no store of events in [" + directory + "]: no file CURRENT", null);
    }
    return new ReadOnlyStore(Database.openToRead(new StoreSettings(directory, MEMTABLE, 4, 1, 1)));
  }

  private static boolean holdsStore(Path directory) {
    String[] names = directory.toFile().list();
    return Files.exists(directory.resolve("CURRENT"))
        || names != null && Arrays.stream(names).anyMatch(name -> name.startsWith("MANIFEST-"));
  }

  /** The sorted files there are. */
  public List<Table> tables() {
    return database.tables().stream().map(this::table).toList();
  }

  private Table table(LiveFileMetaData file) {
    var name = file.fileName().replaceFirst("^/", "");
    return new Table(database.directory().resolve(name), file.size());
  }

  /**
   * Reads every block of a file.
   *
   * @throws JournalException.Damaged if one is not what was written
   */
  public void check(Table table) {
    try (var options = new Options();
        var reader = new SstFileReader(options)) {
      reader.open(table.file().toString());
      reader.verifyChecksum();
    } catch (RocksDBException e) {
      throw new JournalException.Damaged(
          "the file [" + table.file() + "] is damaged: " + e.getMessage(), e);
    }
  }

  /**
   * All of which there are or were events.
   *
   * @throws JournalException.Damaged if that can't be told
   */
  public SortedSet<String> persistenceIds() {
    var ids = new TreeSet<String>();
    try (View view = database.view()) {
      for (Family family : List.of(Family.EVENTS, Family.META, Family.SNAPSHOTS)) {
        RocksIterator iterator = view.between(family, FIRST_KEY, LAST_KEY);
        iterator.seekToFirst();
        while (iterator.isValid()) {
          byte[] key = iterator.key();
          if (key.length < Integer.BYTES) {
            iterator.next(); // The layout's.
          } else {
            String id = Keys.persistenceId(key);
            ids.add(id);
            iterator.seek(behind(Keys.snapshot(id, Long.MAX_VALUE, Long.MAX_VALUE)));
          }
        }
        iterator.status();
      }
      return ids;
    } catch (RocksDBException e) {
      throw new JournalException.Damaged(
          "whose events there are can't be read: " + e.getMessage(), e);
    }
  }

  private static byte[] behind(byte[] key) {
    return Arrays.copyOf(key, key.length + 1);
  }

  /** Reads all events of an id that are not deleted, and its snapshots. */
  public void read(String persistenceId, Reader reader) {
    try (View view = database.view()) {
      readEvents(view, persistenceId, reader);
      checkSnapshots(view, persistenceId, reader);
    } catch (RocksDBException e) {
      reader.damage("what follows can't be read: " + e.getMessage());
    }
  }

  private void readEvents(View view, String id, Reader reader) throws RocksDBException {
    long expected =
        1
            + view.get(Family.META, Keys.meta(id))
                .map(bytes -> ByteBuffer.wrap(bytes).getLong())
                .orElse(0L);
    RocksIterator iterator =
        view.between(Family.EVENTS, Keys.event(id, expected), Keys.event(id, Long.MAX_VALUE));
    for (iterator.seekToFirst(); iterator.isValid(); iterator.next()) {
      byte[] key = iterator.key();
      long sequenceNr = Keys.eventSequenceNr(key);
      if (sequenceNr != expected) {
        reader.damage("the events " + expected + " to " + (sequenceNr - 1) + " are lost");
      }
      expected = sequenceNr + 1;
      readEvent(id, sequenceNr, key, iterator.value(), reader);
    }
    iterator.status();
  }

  private static void readEvent(
      String id, long sequenceNr, byte[] key, byte[] value, Reader reader) {
    try {
      if (RecordFormat.decodeEvent(id, sequenceNr, key, value)
          instanceof EventRecord.Stored stored) {
        var event = stored.event();
        reader.event(
            new Event(
                id,
                sequenceNr,
                stored.timestamp(),
                event.serializerId(),
                event.manifest(),
                event.bytes()));
      }
    } catch (JournalException.Damaged damaged) {
      reader.damage(damaged.getMessage());
    }
  }

  private static void checkSnapshots(View view, String id, Reader reader) throws RocksDBException {
    RocksIterator iterator =
        view.between(
            Family.SNAPSHOTS,
            Keys.snapshot(id, 0, 0),
            Keys.snapshot(id, Long.MAX_VALUE, Long.MAX_VALUE));
    for (iterator.seekToFirst(); iterator.isValid(); iterator.next()) {
      byte[] key = iterator.key();
      try {
        RecordFormat.decodeSnapshot(
            id, Keys.snapshotSequenceNr(key), Keys.snapshotTimestamp(key), key, iterator.value());
      } catch (JournalException.Damaged damaged) {
        reader.damage(damaged.getMessage());
      }
    }
    iterator.status();
  }

  @Override
  public void close() {
    database.close();
  }
}
