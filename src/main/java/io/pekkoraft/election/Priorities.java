package io.pekkoraft.election;

import io.pekkoraft.model.PeerId;
import java.util.Collections;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Who should lead, if there is a choice. It only changes who stands for election first: a vote is
 * granted by the rules of §5.2 and §5.4.1 and by nothing else, so that whoever is left can lead.
 *
 * @param byPeer the higher the number, the sooner; a peer that is not named has 0
 */
public record Priorities(SortedMap<PeerId, Integer> byPeer) {
  public Priorities {
    byPeer = Collections.unmodifiableSortedMap(new TreeMap<>(byPeer));
  }

  public int of(PeerId peer) {
    return byPeer.getOrDefault(peer, 0);
  }

  /** How many of {@code voters} come before {@code peer}. */
  public int rank(PeerId peer, Set<PeerId> voters) {
    if (byPeer.isEmpty()) {
      return 0; // Asked with each message of a leader.
    }
    var own = of(peer);
    var rank = 0;
    for (var voter : voters) {
      if (of(voter) > own) {
        rank++;
      }
    }
    return rank;
  }

  /** Who of {@code voters} should lead in place of {@code leader}, if anybody. */
  public Optional<PeerId> preferredTo(PeerId leader, Set<PeerId> voters) {
    var best = leader;
    for (var voter : voters) {
      if (of(voter) > of(best)) {
        best = voter;
      }
    }
    return best.equals(leader) ? Optional.empty() : Optional.of(best);
  }
}
