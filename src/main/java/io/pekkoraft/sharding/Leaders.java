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
  private static final Known NOBODY =
      new Known(Term.ZERO, Optional.empty(), Optional.empty(), false);

  private final Known[] groups;

  /**
   * @param leader as the own peer says
   * @param hint as others say
   * @param sure false since somebody who was thought to lead has denied it
   */
  private record Known(Term term, Optional<PeerId> leader, Optional<PeerId> hint, boolean sure) {
    Optional<PeerId> best() {
      return hint.or(() -> leader);
    }

    Known hinting(Optional<PeerId> better, boolean surely) {
      return new Known(term, leader, better, surely);
    }
  }

  Leaders(int groups) {
    this.groups = new Known[groups];
    Arrays.fill(this.groups, NOBODY);
  }

  Optional<PeerId> of(int group) {
    return groups[group].best();
  }

  /**
   * Whether it is worth to send all that there is to who is said to lead, rather than ask first.
   */
  boolean isSure(int group) {
    return groups[group].sure();
  }

  /** The peer of this node has learned who leads in a term, or that nobody does. */
  void heard(int group, Term term, Optional<PeerId> leader) {
    if (!groups[group].term().isNewerThan(term)) {
      groups[group] = new Known(term, leader, Optional.empty(), leader.isPresent());
    }
  }

  /** The peer of this node is no more, and nothing that it said counts. */
  void hasFailed(int group) {
    groups[group] = new Known(groups[group].term(), Optional.empty(), Optional.empty(), false);
  }

  /** A peer that was asked does lead. */
  void served(int group, PeerId asked) {
    var known = groups[group];
    if (known.best().isEmpty()) {
      groups[group] = known.hinting(Optional.of(asked), true);
    } else if (known.best().get().equals(asked)) {
      groups[group] = known.hinting(known.hint(), true);
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
      groups[group] = known.hinting(hint.filter(other -> !other.equals(asked)), false);
    }
  }

  /** The node of a peer can't be asked: a hint at it leads nowhere. */
  void isAway(int group, PeerId peer) {
    var known = groups[group];
    if (known.hint().filter(peer::equals).isPresent()) {
      groups[group] = known.hinting(Optional.empty(), false);
    }
  }
}
