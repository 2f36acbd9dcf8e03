package io.pekkoraft.election;

import io.pekkoraft.model.LogPosition;
import io.pekkoraft.model.PeerId;
import io.pekkoraft.model.Term;
import java.util.Optional;

/**
 * A peer's current term and whom it voted for in it (Figure 2, persistent state). The vote goes
 * only with the term: nothing but a newer term clears it.
 */
public record Ballot(Term term, Optional<PeerId> votedFor) {
  /** The same peer in a newer term, with its vote still to give. */
  public Ballot inTerm(Term newer) {
    if (!newer.isNewerThan(term)) {
      throw new IllegalStateException("Term " + newer + " is not newer than term " + term);
    }
    return new Ballot(newer, Optional.empty());
  }

  /** The vote cast; a second one in the same term, for another, can't be. */
  public Ballot votingFor(PeerId candidate) {
    if (!mayVoteFor(candidate)) {
      throw new IllegalStateException(
          "In term " + term + " the vote went to " + votedFor.get() + ", not to " + candidate);
    }
    return new Ballot(term, Optional.of(candidate));
  }

  /** One vote a term, first come first served (§5.2). */
  public boolean mayVoteFor(PeerId candidate) {
    return votedFor.isEmpty() || votedFor.get().equals(candidate);
  }

  /**
   * Whether to grant {@code candidate} the vote of the current term: it is free, and the
   * candidate's log is at least as up to date as the voter's own (§5.2, §5.4.1).
   */
  public boolean grants(PeerId candidate, LogPosition candidateLast, LogPosition ownLast) {
    return mayVoteFor(candidate) && candidateLast.isAtLeastAsUpToDateAs(ownLast);
  }
}
