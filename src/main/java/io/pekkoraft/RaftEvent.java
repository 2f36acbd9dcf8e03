package io.pekkoraft;

import io.pekkoraft.membership.VersionedConfiguration;
import io.pekkoraft.model.LogPosition;
import io.pekkoraft.model.PeerId;
import io.pekkoraft.model.Term;
import java.util.Optional;

/**
 * What a peer tells to whom it may concern, on the actor system's {@code EventStream}: {@code
 * system.eventStream().tell(new EventStream.Subscribe<>(RaftEvent.class, subscriber))}.
 */
public sealed interface RaftEvent {
  String group();

  PeerId peer();

  /**
   * The peer has a snapshot of its own on disk, and its log needs less room (§7).
   *
   * @param length in bytes
   */
  record SnapshotTaken(String group, PeerId peer, LogPosition position, long length)
      implements RaftEvent {}

  /** A snapshot has taken the place of the peer's state: at a start, or a leader's own (§7). */
  record SnapshotInstalled(String group, PeerId peer, LogPosition position, long length)
      implements RaftEvent {}

  /** The peer could not write or receive a snapshot; it tries again later. */
  record SnapshotFailed(String group, PeerId peer, LogPosition position, String reason)
      implements RaftEvent {}

  /** The peer plays another part, or the same in a newer term, or has learned who leads. */
  record RoleChanged(
      String group, PeerId peer, RaftStatus.Role role, Term term, Optional<PeerId> leader)
      implements RaftEvent {}

  /**
   * The peer uses another configuration (§6), or knows that the one it uses is committed.
   *
   * @param committed false if it may still be rolled back. A peer that is not in a committed
   *     configuration no longer belongs to the group
   */
  record ConfigurationChanged(
      String group, PeerId peer, VersionedConfiguration configuration, boolean committed)
      implements RaftEvent {}
}
