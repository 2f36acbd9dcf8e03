package io.pekkoraft.snapshot;

import io.pekkoraft.model.Term;

/**
 * Names one attempt of one leader to bring a snapshot to a follower. Chunks and answers carry it,
 * so that those of an earlier one, of this leader or another, change nothing.
 *
 * @param number counts the transfers that the leader of {@code term} has begun
 */
public record SnapshotTransfer(Term term, long number) {
  /** Whether this one was begun after {@code other}, by the same leader or a later one. */
  public boolean isNewerThan(SnapshotTransfer other) {
    return term.equals(other.term) ? number > other.number : term.isNewerThan(other.term);
  }

  @Override
  public String toString() {
    return "transfer " + number + " of term " + term;
  }
}
