package io.pekkoraft.snapshot;

import io.pekkoraft.model.LogIndex;
import java.util.Collection;

/**
 * When a peer takes a snapshot, and how much of the log it keeps then (§7). Each peer decides for
 * itself.
 *
 * @param maxEntries after so many applied entries, one is taken
 * @param maxBytes after so many bytes of them, too; more if the last snapshot was large
 * @param minEntries never after fewer, however large they are, unless the log is full
 * @param keepEntries so many entries before the snapshot stay in the log for followers that are a
 *     little behind, which would else need the whole state; none when the log is full
 */
public record SnapshotPolicy(long maxEntries, long maxBytes, long minEntries, long keepEntries) {
  /** A log of a quarter of the state's size costs little next to what writing the state costs. */
  private static final int SHARE = 4;

  public SnapshotPolicy {
    if (minEntries < 1 || maxEntries < minEntries || maxBytes < 1 || keepEntries < 0) {
      throw new IllegalArgumentException(
          "A snapshot needs at least one entry, its maximum is no less than its minimum, and no"
              + " fewer than no entries are kept, but "
              + maxEntries
              + ", "
              + maxBytes
              + ", "
              + minEntries
              + ", "
              + keepEntries);
    }
  }

  /**
   * What was applied since the last snapshot.
   *
   * @param bytes of the entries, packed
   * @param lastLength the length of the last snapshot, 0 if there is none
   * @param full whether the log must not grow on
   * @param taking whether one is being taken or installed just now
   */
  public record Since(long entries, long bytes, long lastLength, boolean full, boolean taking) {}

  /** Whether one is to be taken now. */
  public boolean isDue(Since since) {
    if (since.taking() || since.entries() < (since.full() ? 1 : minEntries)) {
      return false;
    }
    return since.full()
        || since.entries() >= maxEntries
        || since.bytes() >= Math.max(maxBytes, since.lastLength() / SHARE);
  }

  /**
   * The last entry that the log no longer needs.
   *
   * @param snapshot the last entry that a durable snapshot includes
   * @param needed the last entry of each snapshot on its way to a follower, or how far a follower
   *     has come that has just taken one in: what comes next it needs, and would else begin with
   *     another snapshot, for ever
   */
  public LogIndex discardThrough(LogIndex snapshot, Collection<LogIndex> needed) {
    var through = LogIndex.of(Math.max(0, snapshot.value() - keepEntries));
    for (var last : needed) {
      through = through.min(last);
    }
    return through;
  }
}
