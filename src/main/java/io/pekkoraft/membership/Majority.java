package io.pekkoraft.membership;

import io.pekkoraft.model.LogIndex;
import io.pekkoraft.model.PeerId;
import java.util.Comparator;
import java.util.Set;
import java.util.function.Function;

/** More than half of some peers. Any two majorities of the same peers share one of them (§5.2). */
final class Majority {
  private Majority() {}

  static int size(Set<PeerId> peers) {
    return peers.size() / 2 + 1;
  }

  static boolean agrees(Set<PeerId> peers, Set<PeerId> agreeing) {
    return peers.stream().filter(agreeing::contains).count() >= size(peers);
  }

  /** The highest index that more than half of {@code peers} have reached. */
  static LogIndex match(Set<PeerId> peers, Function<PeerId, LogIndex> matched) {
    return peers.stream()
        .map(matched)
        .sorted(Comparator.reverseOrder())
        .skip(size(peers) - 1L)
        .findFirst()
        .orElseThrow();
  }
}
