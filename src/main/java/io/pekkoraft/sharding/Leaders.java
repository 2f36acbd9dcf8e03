package io.pekkoraft.sharding;

import io.pekkoraft.model.PeerId;
import io.pekkoraft.model.Term;
import java.util.Arrays;
import java.util.Optional;

/**
 * Who leads each group: as this node's peer says, unless somebody who was asked for the leader knew
 * better. Either may be old. What the own peer says is never forgotten for somebody's denial: a new
 * leader's node may not know yet that it leads, and the own peer says nothing a second time.
 */
final class Leaders {
  private final Known[] groups;

  private record Known(Term term, Optional<PeerId> leader, Optional<PeerId> hint) {
    Optional<PeerId> best() {
      return hint.or(() -> leader);
    }

    Known hinting(Optional<PeerId> better) {
      return new Known(term, leader, better);
    }
  }

  Leaders(int groups) {
    this.groups = new Known[groups];
    Arrays.fill(this.groups, new Known(Term.ZERO, Optional.empty(), Optional.empty()));
  }

  Optional<PeerId> of(int group) {
    return groups[group].best();
  }

  /** The peer of this node has learned who leads in a term, or that nobody does. */
  void heard(int group, Term term, Optional<PeerId> leader) {
    if (!groups[group].term().isNewerThan(term)) {
      groups[group] = new Known(term, leader, Optional.empty());
    }
  }

  /**
   * A peer that was asked does not lead.
   *
   * @param hint who does, as it thinks
   */
  void denied(int group, PeerId asked, Optional<PeerId> hint) {
    var known = groups[group];
    if (known.best().isEmpty() || known.best().get().equals(asked)) {
      groups[group] = known.hinting(hint.filter(other -> !other.equals(asked)));
    }
  }

  /** The node of a peer can't be asked: a hint at it leads nowhere. */
  void isAway(int group, PeerId peer) {
    var known = groups[group];
    if (known.hint().filter(peer::equals).isPresent()) {
      groups[group] = known.hinting(Optional.empty());
    }
  }
}
