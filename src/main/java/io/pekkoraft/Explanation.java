package io.pekkoraft;

import io.pekkoraft.model.PeerId;
import io.pekkoraft.model.Term;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Why a peer makes no progress, or makes it slowly, by what it knows itself.
 *
 * @param role empty of one that could not be asked
 * @param findings what is to be said; what is in the way first
 */
public record Explanation(
    PeerId peer, String group, Optional<RaftStatus.Role> role, Term term, List<Finding> findings) {
  public Explanation {
    findings =
        findings.stream()
            .sorted((a, b) -> Boolean.compare(b.isObstacle(), a.isObstacle()))
            .toList();
  }

  /** Whether nothing is in its way. */
  public boolean isProgressing() {
    return findings.stream().noneMatch(Finding::isObstacle);
  }

  /** For people, in one line. */
  public String inWords() {
    var name = role.map(part -> peer + " (" + part + ")").orElse(peer.value());
    return findings.isEmpty()
        ? name + ": nothing is in its way"
        : findings.stream().map(Finding::inWords).collect(Collectors.joining("; ", name + " ", ""));
  }
}
