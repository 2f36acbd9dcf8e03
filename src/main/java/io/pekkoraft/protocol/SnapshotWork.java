package io.pekkoraft.protocol;

import io.pekkoraft.model.Bytes;
import io.pekkoraft.model.LogPosition;
import io.pekkoraft.snapshot.SnapshotMeta;
import io.pekkoraft.snapshot.SnapshotSender.Slice;

/** What comes of work on snapshots, which takes its time and is done elsewhere (§7). */
public sealed interface SnapshotWork extends SelfMessage {
  /** A whole state, as a snapshot had it. */
  record State(Object machine, Bytes sessions) {}

  /** The snapshot that the journal points at was read, at the start. */
  record Loaded(SnapshotMeta meta, State state) implements SnapshotWork {}

  /** About a snapshot of the peer's own state. */
  sealed interface Taking extends SnapshotWork {}

  /** It is on disk. */
  record Taken(SnapshotMeta meta) implements Taking {}

  /** It could not be written; nothing is left of it. */
  record NotTaken(LogPosition position, String reason) implements Taking {}

  /** About a snapshot that comes from a leader. */
  sealed interface Receiving extends SnapshotWork {
    /** Numbers what was begun, so that late news of an earlier one changes nothing. */
    long attempt();
  }

  /**
   * @param next where the content goes on, in bytes
   */
  record Opened(long attempt, long next) implements Receiving {}

  /**
   * @param through how much of the content is in the file
   */
  record Appended(long attempt, long through) implements Receiving {}

  /** All of it is on disk, is what was announced, and was read. */
  record Received(long attempt, SnapshotMeta meta, State state) implements Receiving {}

  record NotReceived(long attempt, String reason) implements Receiving {}

  /** About a piece of a snapshot for a follower. */
  sealed interface Reading extends SnapshotWork {
    Slice slice();
  }

  record SliceRead(Slice slice, Bytes content) implements Reading {}

  record SliceNotRead(Slice slice, String reason) implements Reading {}
}
