package io.pekkoraft.snapshot;

/**
 * How far a follower is with a snapshot.
 *
 * @param round of the chunk that it answers
 * @param accepted where it goes on: it has everything before this offset, at least in memory
 * @param written what it has in its file; the leader sends no more than a window beyond it
 */
public record SnapshotAnswer(
    SnapshotTransfer transfer, long round, long accepted, long written, Verdict verdict) {
  /** What became of the chunk. */
  public enum Verdict {
    /** It is taken, or was a question, or is there already. */
    TAKEN,
    /** Something before it is missing: send again from {@code accepted} on. */
    GAP,
    /** The whole snapshot is in effect, or whatever it includes was there before. */
    INSTALLED
  }
}
