package io.pekkoraft.membership;

import io.pekkoraft.model.LogIndex;
import io.pekkoraft.model.PeerId;
import java.util.Collection;
import java.util.Comparator;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Function;

/** The peers of a group. Any two majorities of it share a peer, which is what Raft stands on. */
public record Configuration(SortedSet<PeerId> peers) {
  public Configuration {
    if (peers.isEmpty()) {
      throw new IllegalArgumentException("A group needs at least one peer.");
    }
    peers = PeerId.sorted(peers);
  }

  public static Configuration of(Collection<PeerId> peers) {
    return new Configuration(new TreeSet<>(peers));
  }

  public boolean contains(PeerId peer) {
    return peers.contains(peer);
  }

  public SortedSet<PeerId> without(PeerId self) {
    var others = new TreeSet<>(peers);
    others.remove(self);
    return PeerId.sorted(others);
  }

  public int majority() {
    return peers.size() / 2 + 1;
  }

  /** Whether {@code agreeing} decides; those who don't belong to the group don't count. */
  public boolean isMajority(Set<PeerId> agreeing) {
    return peers.stream().filter(agreeing::contains).count() >= majority();
  }

  /**
   * The highest index that a majority has on disk.
   *
   * @param matched how far each peer's log is known to equal the leader's, its own included
   */
  public LogIndex majorityMatch(Function<PeerId, LogIndex> matched) {
    return peers.stream()
        .map(matched)
        .sorted(Comparator.reverseOrder())
        .skip(majority() - 1L)
        .findFirst()
        .orElseThrow();
  }
}
