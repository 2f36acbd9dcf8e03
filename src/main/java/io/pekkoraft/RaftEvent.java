package io.pekkoraft;

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

  /** The peer plays another part, or the same in a newer term, or has learned who leads. */
  record RoleChanged(
      String group, PeerId peer, RaftStatus.Role role, Term term, Optional<PeerId> leader)
      implements RaftEvent {}
}
