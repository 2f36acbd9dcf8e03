package io.pekkoraft.sharding;

import io.pekkoraft.model.PeerId;
import io.pekkoraft.model.Term;
import java.util.Optional;

/**
 * Who leads each group, as this node's peers say; and for groups that have none here, as others
 * hint. What is known may be old: whoever is asked says so then.
 */
final class Leaders {
  private final Known[] groups;

  private record Known(Term term, Optional<PeerId> leader) {}

  Leaders(int groups) {
    this.groups = new Known[groups];
    java.util.Arrays.fill(this.groups, new Known(Term.ZERO, Optional.empty()));
  }

  Optional<PeerId> of(int group) {
    return groups[group].leader();
  }

  /** A peer of this node has learned who leads in a term, or that nobody does. */
  void heard(int group, Term term, Optional<PeerId> leader) {
    if (!groups[group].term().isNewerThan(term)) {
      groups[group] = new Known(term, leader);
    }
  }

  /**
   * A peer that was asked does not lead.
   *
   * @param hint who does, as it thinks
   */
  void denied(int group, PeerId asked, Optional<PeerId> hint) {
    var known = groups[group];
    if (known.leader().isEmpty() || known.leader().get().equals(asked)) {
      groups[group] = new Known(known.term(), hint.filter(other -> !other.equals(asked)));
    }
  }
}
