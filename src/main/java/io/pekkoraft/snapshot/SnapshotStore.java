package io.pekkoraft.snapshot;

import io.pekkoraft.model.Bytes;
import io.pekkoraft.model.LogPosition;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * Where a peer keeps its snapshots (§7). What is committed is whole, on disk and never changes;
 * what is not, nobody takes for a snapshot. Which snapshot counts, the journal says: one that no
 * journal points at is only a file.
 *
 * <p>All calls block and most wait for a disk, so none is made on the peer's thread. None takes a
 * whole content: whoever needs other work done in between makes one call at a time. Different
 * snapshots may be used from different threads; one that is being written, read or received belongs
 * to one thread at a time.
 *
 * <p>Every call throws a {@link SnapshotException} if it can't be done.
 */
public interface SnapshotStore extends AutoCloseable {
  /** Begins a snapshot of this peer's own state. What is left of one by a crash is gone. */
  Writing write(LogPosition position, Bytes configuration);

  /**
   * Begins a snapshot that comes from a leader, or goes on with it where the last call for the same
   * {@code meta} ended, even in a process before this one. What was received of any other is gone.
   */
  Receiving receive(SnapshotMeta meta);

  /** Opens a committed snapshot. Its content is checked as it is read. */
  Reading read(SnapshotId id);

  /** Reads a committed snapshot from the first byte to the last, to see that it is undamaged. */
  SnapshotMeta check(SnapshotId id);

  /** The committed snapshots, the newest first. Their content may be damaged all the same. */
  List<SnapshotMeta> committed();

  /** The newest committed snapshot that is undamaged, each byte of it. */
  default Optional<SnapshotMeta> newestUndamaged() {
    for (var meta : committed()) {
      try {
        return Optional.of(check(meta.id()));
      } catch (SnapshotException.Damaged passedOver) {
        // An older one may do; whether it does, who asks must know.
      }
    }
    return Optional.empty();
  }

  /**
   * Deletes all committed snapshots but these, and what was received of snapshots that are no newer
   * than the newest of these. Who reads a deleted one can read it to its end.
   */
  void retain(Collection<SnapshotId> ids);

  /** Lets another store use the place. */
  @Override
  void close();

  /** A snapshot on its way to the disk. To close it before it is committed is to abort it. */
  interface Writing extends AutoCloseable {
    /** Adds to the content. The array may be used for something else afterwards. */
    void write(byte[] array, int offset, int size);

    /** How much was added so far, in bytes. */
    long length();

    /**
     * Makes it a snapshot, at once or not at all: when this returns, no power failure undoes it.
     */
    SnapshotMeta commit();

    @Override
    void close();
  }

  /** A snapshot that comes from a leader. To close it keeps what has come, to go on later. */
  interface Receiving extends AutoCloseable {
    SnapshotMeta meta();

    /** Where the content goes on, in bytes. */
    long next();

    /**
     * Adds what stands at {@code offset}.
     *
     * @throws IllegalArgumentException unless it is {@link #next()} and fits into the length
     */
    void append(long offset, Bytes content);

    /**
     * Makes it a snapshot if length and checksum are as announced; otherwise all of it is given up,
     * for nobody knows which part of it is wrong.
     */
    SnapshotMeta commit();

    /** Gives up what has come. */
    void discard();

    @Override
    void close();
  }

  /** A committed snapshot, to be read in any order. */
  interface Reading extends AutoCloseable {
    SnapshotMeta meta();

    /**
     * What stands at {@code offset}: {@code max} bytes, or fewer at the end of the content, none
     * behind it.
     */
    Bytes read(long offset, int max);

    @Override
    void close();
  }
}
