package io.pekkoraft.snapshot;

import io.pekkoraft.model.LogPosition;
import java.util.Comparator;

/**
 * Names the content of one snapshot: where it was taken, and its checksum. Two peers may write the
 * same state in different bytes; then these are two snapshots, and one never continues the other.
 *
 * @param position the last entry that the snapshot includes (§7)
 * @param checksum the CRC-32C of the whole content
 */
public record SnapshotId(LogPosition position, int checksum) implements Comparable<SnapshotId> {
  private static final Comparator<SnapshotId> BY_AGE =
      Comparator.<SnapshotId>comparingLong(id -> id.position().index().value())
          .thenComparingLong(id -> id.position().term().value())
          .thenComparingInt(SnapshotId::checksum);

  /** The one that includes more of the log comes later. */
  @Override
  public int compareTo(SnapshotId other) {
    return BY_AGE.compare(this, other);
  }

  @Override
  public String toString() {
    return String.format("%s#%08x", position, checksum);
  }
}
