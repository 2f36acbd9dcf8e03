package io.pekkoraft.replication;

import io.pekkoraft.membership.Configuration;
import io.pekkoraft.model.PeerId;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * A leader's rounds of messages. An answer to one proves that its follower still followed when the
 * round had begun; that of a majority, that nobody else led then (thesis §6.2, §6.4).
 */
public final class Rounds {
  /** How many rounds without an answer are remembered; of older ones, a few. */
  private static final int MAX_BEGUN = 64;

  private final PeerId self;
  private final TreeMap<Long, Long> begun = new TreeMap<>();
  private final Map<PeerId, Long> answered = new TreeMap<>();
  private long last;
  private long confirmed;
  private long confirmedBegan;

  /**
   * @param now when the election was won, which was an answer of a majority itself; in nanoseconds
   *     of a monotonic clock, like all times here
   */
  public Rounds(PeerId self, long now) {
    this.self = self;
    this.confirmedBegan = now;
  }

  /** The round that messages belong to now. */
  public long last() {
    return last;
  }

  /** What is sent from here on belongs to a new round. */
  public long begin(long now) {
    last++;
    begun.put(last, now);
    if (begun.size() > MAX_BEGUN) {
      // For a round that is forgotten the one before it stands in, which began earlier.
      begun.remove(begun.higherKey(begun.firstKey()));
    }
    return last;
  }

  /**
   * A follower has answered a message of {@code round}.
   *
   * @return whether that is news, and worth a new count
   */
  public boolean answered(PeerId follower, long round) {
    var known = answered.getOrDefault(follower, 0L);
    var news = Math.min(round, last) > known;
    if (news) {
      answered.put(follower, Math.min(round, last));
    }
    return news;
  }

  /** It is no follower any more; whoever comes under its name is another one. */
  public void forget(PeerId follower) {
    answered.remove(follower);
  }

  /** Looks anew which round a majority of {@code configuration} has answered; the leader counts. */
  public void count(Configuration configuration) {
    if (configuration.isMajority(Set.of(self))) {
      confirm(last);
      return;
    }
    answered.values().stream()
        .filter(round -> round > confirmed)
        .filter(round -> configuration.isMajority(whoAnswered(round)))
        .max(Long::compare)
        .ifPresent(this::confirm);
  }

  private Set<PeerId> whoAnswered(long round) {
    var peers =
        answered.entrySet().stream()
            .filter(answer -> answer.getValue() >= round)
            .map(Map.Entry::getKey)
            .collect(Collectors.toSet());
    peers.add(self);
    return peers;
  }

  private void confirm(long round) {
    confirmed = round;
    var began = begun.floorEntry(round);
    if (began != null) {
      confirmedBegan = began.getValue();
      begun.headMap(began.getKey()).clear();
    }
  }

  /** The newest round that a follower has answered. */
  public long answeredBy(PeerId follower) {
    return answered.getOrDefault(follower, 0L);
  }

  /** The newest round that a majority has answered. */
  public long confirmed() {
    return confirmed;
  }

  /** When that round began: at that moment nobody else led. */
  public long confirmedBegan() {
    return confirmedBegan;
  }
}
