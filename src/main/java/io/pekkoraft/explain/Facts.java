package io.pekkoraft.explain;

import io.pekkoraft.RaftStatus;
import io.pekkoraft.model.LogIndex;
import io.pekkoraft.model.LogPosition;
import io.pekkoraft.model.PeerId;
import java.time.Duration;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;

/**
 * What a peer knows of itself at one moment.
 *
 * @param leaderless for how long it has known no leader; empty if it knows one
 * @param diskWaits for how long the write has been under way that is
 * @param aside whether it is about to be stopped
 * @param votes of one that asks for votes, or asks whether it should: who has granted it
 * @param receiving the snapshot that its leader is sending it
 * @param office what only a leader knows
 */
public record Facts(
    RaftStatus status,
    Optional<Duration> leaderless,
    Duration diskWaits,
    boolean aside,
    Optional<SortedSet<PeerId>> votes,
    Optional<LogPosition> receiving,
    Optional<Office> office) {

  /**
   * @param silentFor for how long each follower has not answered
   * @param firstOwn the first entry of its term
   * @param pending commands without an answer
   * @param successor to whom it is handing over
   */
  public record Office(
      SortedMap<PeerId, Duration> silentFor,
      LogIndex firstOwn,
      int pending,
      Optional<PeerId> successor) {}
}
