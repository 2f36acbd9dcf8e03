package io.pekkoraft.snapshot;

import io.pekkoraft.model.Bytes;
import io.pekkoraft.model.LogPosition;

/**
 * What has to be known of a snapshot besides its content (§7).
 *
 * @param position the last entry that it includes: what stands before the log from now on
 * @param configuration the group's configuration at that entry, as bytes; without it the membership
 *     would be lost together with the entries that hold it
 * @param length of the content, in bytes
 * @param checksum the CRC-32C of the whole content
 */
public record SnapshotMeta(LogPosition position, Bytes configuration, long length, int checksum) {
  public SnapshotMeta {
    if (length < 0) {
      throw new IllegalArgumentException("A snapshot's length is not negative, but " + length);
    }
  }

  public SnapshotId id() {
    return new SnapshotId(position, checksum);
  }

  @Override
  public String toString() {
    return id() + " (" + length + " bytes)";
  }
}
