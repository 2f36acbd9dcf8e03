package io.pekkoraft.protocol;

import io.pekkoraft.membership.Birth;
import io.pekkoraft.model.Entry;
import io.pekkoraft.model.LogPosition;
import io.pekkoraft.model.PeerId;
import io.pekkoraft.model.Term;
import io.pekkoraft.snapshot.SnapshotMeta;
import java.util.List;
import java.util.Optional;

/** What a peer hears from its own timers, its own store, and itself. */
public sealed interface SelfMessage extends RaftMessage
    permits SelfMessage.ElectionTimeout,
        SelfMessage.HeartbeatTick,
        SelfMessage.Flush,
        SelfMessage.LookAtDisk,
        SelfMessage.ApplyMore,
        SelfMessage.NeighbourGone,
        SelfMessage.Recovered,
        SelfMessage.Stored,
        SnapshotWork {
  /** Nothing was heard for an election time-out (§5.2). */
  record ElectionTimeout() implements SelfMessage {}

  /** A leader keeps its followers quiet (§5.2). */
  record HeartbeatTick() implements SelfMessage {}

  /** The mailbox's end, as it was when the first change was made: the changes since are a batch. */
  record Flush() implements SelfMessage {}

  /** A write may have been under way for too long. */
  record LookAtDisk() implements SelfMessage {}

  /**
   * A peer that was {@linkplain Neighbours#watch watched} is not there any more, or in another
   * life.
   */
  record NeighbourGone(PeerId peer, long life) implements SelfMessage {}

  /** There is more to apply than one message's worth. */
  record ApplyMore() implements SelfMessage {}

  /**
   * What survived, once and before anything else.
   *
   * @param snapshot the one that is in effect
   * @param base the position just before {@code entries}
   * @param birth empty if the journal is
   */
  record Recovered(
      Term term,
      Optional<PeerId> votedFor,
      Optional<SnapshotMeta> snapshot,
      LogPosition base,
      List<Entry> entries,
      Optional<Birth> birth)
      implements SelfMessage {}

  /** All that was staged through this number is on disk. */
  record Stored(long staged) implements SelfMessage {}
}
