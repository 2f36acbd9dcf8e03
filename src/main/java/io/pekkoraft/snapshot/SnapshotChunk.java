package io.pekkoraft.snapshot;

import io.pekkoraft.model.Bytes;

/**
 * A piece of a snapshot on its way to a follower (Figure 13); without content it asks how far the
 * follower is. Each chunk says what it is a piece of, so that any of them may come first.
 *
 * @param round counts what the leader has begun anew; an answer carries it back
 * @param offset where {@code content} stands, in bytes
 * @param checksum the CRC-32C of {@code content}
 */
public record SnapshotChunk(
    SnapshotTransfer transfer,
    SnapshotMeta meta,
    long round,
    long offset,
    Bytes content,
    int checksum) {

  /** What was read for {@code slice}. */
  public static SnapshotChunk of(SnapshotMeta meta, SnapshotSender.Slice slice, Bytes content) {
    if (content.size() != slice.size()) {
      throw new IllegalArgumentException(content + " were read for " + slice);
    }
    return new SnapshotChunk(
        slice.transfer(), meta, slice.round(), slice.offset(), content, Checksum.of(content));
  }

  boolean isQuestion() {
    return content.size() == 0;
  }

  /** Whether it arrived as it was sent, and fits into the snapshot that it names. */
  boolean isSound() {
    return offset >= 0
        && offset <= meta.length() - content.size()
        && Checksum.of(content) == checksum;
  }

  @Override
  public String toString() {
    return content + " at " + offset + " of snapshot " + meta + ", " + transfer;
  }
}
