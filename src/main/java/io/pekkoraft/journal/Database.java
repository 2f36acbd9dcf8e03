package io.pekkoraft.journal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.rocksdb.AbstractEventListener;
import org.rocksdb.BackgroundErrorReason;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.CompressionType;
import org.rocksdb.DBOptions;
import org.rocksdb.InfoLogLevel;
import org.rocksdb.LiveFileMetaData;
import org.rocksdb.Logger;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.Status;
import org.rocksdb.WALRecoveryMode;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/**
 * RocksDB, opened the way a journal needs it. Whoever reads or writes does so between {@link
 * #enter} and {@link #leave}, and closing waits until all have left, because a native handle that
 * is used after it was closed takes the whole process down.
 */
final class Database implements AutoCloseable {
  /** The layout of keys and families that this class writes. */
  private static final byte LAYOUT = 1;

  /** Where the layout is kept in {@link Family#META}; shorter than the key of any id. */
  private static final byte[] LAYOUT_KEY = {0};

  private static final long MIB = 1024 * 1024;

  /** What is kept apart, each in a column family of its own. */
  enum Family {
    EVENTS,
    META,
    SNAPSHOTS
  }

  private final Path directory;
  private final RocksDB rocks;
  private final WriteOptions synced;
  private final Map<Family, ColumnFamilyHandle> families;

  /** The lock and all native objects, the last one on top: they close in that order. */
  private final Deque<AutoCloseable> opened;

  private final ReentrantReadWriteLock inUse = new ReentrantReadWriteLock();
  private volatile boolean closed;

  /**
   * When a file in the background cannot be written, as on a full disk, RocksDB would hold up all
   * writes, without a limit in time, until it can be. This way they fail. There are reasons that
   * this version's Java side does not know; it prints an exception then, and takes it for a no.
   */
  private static final class NoResumption extends AbstractEventListener {
    NoResumption() {
      super(EnabledEventCallback.ON_ERROR_RECOVERY_BEGIN);
    }

    @Override
    public boolean onErrorRecoveryBegin(BackgroundErrorReason reason, Status error) {
      return false;
    }
  }

  private Database(
      Path directory,
      RocksDB rocks,
      WriteOptions synced,
      Map<Family, ColumnFamilyHandle> families,
      Deque<AutoCloseable> opened) {
    this.directory = directory;
    this.rocks = rocks;
    this.synced = synced;
    this.families = families;
    this.opened = opened;
  }

  /**
   * Opens the directory and makes it if there is none.
   *
   * @throws JournalException.NotOpened if another process or actor system has it open, or if its
   *     files cannot be read
   * @throws JournalException.Damaged if acknowledged writes in the log cannot be recovered
   */
  static Database open(StoreSettings settings) {
    Path directory = settings.directory();
    Deque<AutoCloseable> opened = new ArrayDeque<>();
    try {
      keep(opened, DirectoryLock.take(directory));
      RocksDB.loadLibrary();
      Database database = open(settings, opened);
      database.checkLayout();
      return database;
    } catch (JournalException e) {
      closeAll(opened);
      throw e;
    } catch (IOException | RocksDBException | RuntimeException | LinkageError e) {
      closeAll(opened);
      throw notOpened(directory, e);
    }
  }

  /**
   * Opens a directory to be looked at: nothing in it is changed, made or deleted.
   *
   * @throws JournalException.NotOpened if another has it open, or there is no store in it
   * @throws JournalException.Damaged if it cannot be read, or its log is damaged in the middle
   */
  static Database openToRead(StoreSettings settings) {
    Path directory = settings.directory();
    Deque<AutoCloseable> opened = new ArrayDeque<>();
    try {
      keep(opened, DirectoryLock.takeToRead(directory));
      RocksDB.loadLibrary();
      return openToRead(settings, opened);
    } catch (JournalException e) {
      closeAll(opened);
      throw e;
    } catch (IOException | RocksDBException e) {
      closeAll(opened);
      throw new JournalException.Damaged(
          "the store in [" + directory + "] cannot be read: " + e.getMessage(), e);
    } catch (RuntimeException | LinkageError e) {
      closeAll(opened);
      throw notOpened(directory, e);
    }
  }

  private static Database openToRead(StoreSettings settings, Deque<AutoCloseable> opened)
      throws RocksDBException, IOException {
    // With a logger of its own RocksDB makes no file for its log.
    DBOptions options = keep(opened, options(settings));
    options.setLogger(keep(opened, new NoLog()));
    List<ColumnFamilyDescriptor> descriptors = descriptors(settings, opened);
    checkLog(settings.directory(), options, descriptors);
    List<ColumnFamilyHandle> handles = new ArrayList<>();
    RocksDB rocks =
        RocksDB.openReadOnly(options, settings.directory().toString(), descriptors, handles);
    return opened(settings, rocks, handles, opened);
  }

  private static final class NoLog extends Logger {
    NoLog() {
      super(InfoLogLevel.FATAL_LEVEL);
    }

    @Override
    protected void log(InfoLogLevel level, String message) {
      // What matters comes back as an exception.
    }
  }

  private static Database open(StoreSettings settings, Deque<AutoCloseable> opened)
      throws RocksDBException, IOException {
    DBOptions options = keep(opened, options(settings));
    options.setListeners(List.of(keep(opened, new NoResumption())));
    List<ColumnFamilyDescriptor> descriptors = descriptors(settings, opened);
    checkLog(settings.directory(), options, descriptors);
    List<ColumnFamilyHandle> handles = new ArrayList<>();
    RocksDB rocks = RocksDB.open(options, settings.directory().toString(), descriptors, handles);
    return opened(settings, rocks, handles, opened);
  }

  private static List<ColumnFamilyDescriptor> descriptors(
      StoreSettings settings, Deque<AutoCloseable> opened) {
    List<ColumnFamilyDescriptor> descriptors = new ArrayList<>();
    descriptors.add(new ColumnFamilyDescriptor(RocksDB.DEFAULT_COLUMN_FAMILY));
    for (Family family : Family.values()) {
      ColumnFamilyOptions familyOptions = keep(opened, options(family, settings));
      byte[] name = family.name().toLowerCase(Locale.ROOT).getBytes(StandardCharsets.US_ASCII);
      descriptors.add(new ColumnFamilyDescriptor(name, familyOptions));
    }
    return descriptors;
  }

  private static Database opened(
      StoreSettings settings,
      RocksDB rocks,
      List<ColumnFamilyHandle> handles,
      Deque<AutoCloseable> opened) {
    keep(opened, rocks);
    handles.forEach(handle -> keep(opened, handle));
    Map<Family, ColumnFamilyHandle> families = new EnumMap<>(Family.class);
    for (Family family : Family.values()) {
      families.put(family, handles.get(1 + family.ordinal()));
    }
    WriteOptions synced = keep(opened, new WriteOptions().setSync(true));
    return new Database(settings.directory(), rocks, synced, families, opened);
  }

  /**
   * Fails if the log holds more than RocksDB is going to recover from it. It is opened for reading
   * first, which changes nothing, so that what is there can still be saved or repaired.
   */
  private static void checkLog(
      Path directory, DBOptions options, List<ColumnFamilyDescriptor> descriptors)
      throws RocksDBException, IOException {
    if (Files.notExists(directory.resolve("CURRENT"))) {
      return;
    }
    long written = LogScan.lastSequence(directory);
    if (written == 0) {
      // Nothing can be lost. A store that was cut off while it was made has no families yet, and
      // would not open for reading; for writing it opens, and gets what it lacks.
      return;
    }
    List<ColumnFamilyHandle> handles = new ArrayList<>();
    try (RocksDB rocks =
        RocksDB.openReadOnly(options, directory.toString(), descriptors, handles)) {
      long recovered = rocks.getLatestSequenceNumber();
      handles.forEach(ColumnFamilyHandle::close);
      if (recovered < written) {
        throw new JournalException.Damaged(
            "the write-ahead log in ["
                + directory
                + "] is damaged in the middle: "
                + (written - recovered)
                + " changes behind the damage were written and would be lost. Nothing was touched:"
                + " bring the directory back from a copy or, if others have the same data, move it"
                + " away",
            null);
      }
    }
  }

  /**
   * Overwriting the blocks of an old log file saves the file system's own journal a write per sync.
   * RocksDB only does it under point-in-time recovery: past the end of the log lie the records of
   * the file's former life, and the stricter modes would take them for damage.
   */
  private static DBOptions options(StoreSettings settings) {
    var trackLogs = new Properties();
    // RocksDB's Java options lack this one. With it a log file that has vanished is noticed.
    trackLogs.setProperty("track_and_verify_wals_in_manifest", "true");
    return DBOptions.getDBOptionsFromProps(trackLogs)
        .setCreateIfMissing(true)
        .setCreateMissingColumnFamilies(true)
        .setWalRecoveryMode(WALRecoveryMode.PointInTimeRecovery)
        .setRecycleLogFileNum(settings.recycledLogs())
        // The family that is seldom written would keep every log file alive with its few entries.
        .setMaxTotalWalSize(settings.memtableBytes() * Math.max(2, settings.recycledLogs()))
        // A flushed file that goes to the disk in one piece makes the log's next sync wait for it.
        .setBytesPerSync(MIB / 2)
        .setKeepLogFileNum(4)
        .setMaxLogFileSize(4 * MIB)
        .setStatsDumpPeriodSec(0);
  }

  private static ColumnFamilyOptions options(Family family, StoreSettings settings) {
    var options =
        new ColumnFamilyOptions()
            .setWriteBufferSize(settings.memtableBytes())
            .setCompressionType(CompressionType.LZ4_COMPRESSION);
    // Deletions may be written in any order, and the one that reaches furthest must win.
    return family == Family.META ? options.setMergeOperatorName("max") : options;
  }

  /** Writes all of it or nothing, and returns when it is on the disk. */
  void write(WriteBatch batch) throws RocksDBException {
    enter();
    try {
      rocks.write(synced, batch);
    } finally {
      leave();
    }
  }

  /**
   * What the database holds now, unchanged by later writes. Closed by the thread that opened it.
   */
  View view() {
    enter();
    try {
      return new View(this, rocks);
    } catch (RuntimeException e) {
      leave();
      throw e;
    }
  }

  /** The sorted files, in which all is that the log holds no more. */
  List<LiveFileMetaData> tables() {
    return rocks.getLiveFilesMetaData();
  }

  ColumnFamilyHandle family(Family family) {
    return families.get(family);
  }

  Path directory() {
    return directory;
  }

  /** Fails once the database is to be closed; long readers ask now and then. */
  void checkOpen() {
    if (closed) {
      throw new JournalException.Closed(directory.toString());
    }
  }

  private void enter() {
    inUse.readLock().lock();
    if (closed) {
      inUse.readLock().unlock();
      checkOpen();
    }
  }

  void leave() {
    inUse.readLock().unlock();
  }

  /** Closes the files and gives up the directory; waits for those who read or write. */
  @Override
  public void close() {
    closed = true;
    inUse.writeLock().lock();
    try {
      closeAll(opened);
    } finally {
      inUse.writeLock().unlock();
    }
  }

  private void checkLayout() throws RocksDBException {
    ColumnFamilyHandle meta = family(Family.META);
    byte[] found = rocks.get(meta, LAYOUT_KEY);
    if (found == null) {
      rocks.put(meta, synced, LAYOUT_KEY, new byte[] {LAYOUT});
    } else if (found.length != 1 || found[0] != LAYOUT) {
      throw new IllegalStateException(
          "its layout has version "
              + (found.length == 0 ? "?" : found[0])
              + ", and this library knows only "
              + LAYOUT);
    }
  }

  private static void closeAll(Deque<AutoCloseable> opened) {
    while (!opened.isEmpty()) {
      try {
        opened.pop().close();
      } catch (Exception e) {
        throw new IllegalStateException("neither RocksDB nor the lock fails to close", e);
      }
    }
  }

  private static <T extends AutoCloseable> T keep(Deque<AutoCloseable> opened, T made) {
    opened.push(made);
    return made;
  }

  private static JournalException.NotOpened notOpened(Path directory, Throwable cause) {
    return new JournalException.NotOpened(
        "the store in [" + directory + "] cannot be opened: " + cause.getMessage(), cause);
  }
}
