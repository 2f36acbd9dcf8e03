package io.pekkoraft;

import io.pekkoraft.membership.VersionedConfiguration;
import io.pekkoraft.model.LogIndex;
import io.pekkoraft.model.PeerId;
import io.pekkoraft.model.Term;
import java.util.Optional;
import java.util.SortedMap;

/**
 * One peer as it sees itself at one moment.
 *
 * @param firstIndex of the log that it holds; one past {@code lastIndex} when the log is empty
 * @param followers what a leader knows of each of its followers; empty at all others
 * @param configuration who belongs to the group, as this peer knows it; committed if its version is
 *     not after {@code commitIndex}
 * @param disowned whether the group has met this peer with another disk: it neither votes nor leads
 *     until it was removed and added anew
 * @param quiet whether it neither says anything nor listens, because the group has nothing to do
 */
public record RaftStatus(
    PeerId id,
    String group,
    Role role,
    Term term,
    Optional<PeerId> leader,
    Optional<PeerId> votedFor,
    LogIndex commitIndex,
    LogIndex lastApplied,
    LogIndex firstIndex,
    LogIndex lastIndex,
    SortedMap<PeerId, FollowerStatus> followers,
    VersionedConfiguration configuration,
    boolean disowned,
    boolean quiet) {

  /** The part that a peer plays. */
  public enum Role {
    /** Reading its journal; takes part in nothing yet. */
    RECOVERING,
    FOLLOWER,
    /** Asks whether it could win an election (thesis §9.6). */
    PRE_CANDIDATE,
    CANDIDATE,
    LEADER
  }

  /**
   * A follower as its leader sees it (Figure 2).
   *
   * @param matchIndex how far its log is known to equal the leader's
   * @param nextIndex the next entry to send
   */
  public record FollowerStatus(LogIndex matchIndex, LogIndex nextIndex, State state) {
    /** How the leader sends to it. */
    public enum State {
      /** One message at a time, until it is known where the logs agree. */
      PROBE,
      /** As fast as the window allows. */
      REPLICATE,
      /** It needs entries that are discarded, and is being sent a snapshot (§7). */
      SNAPSHOT
    }
  }

  /** Whether this peer's word counts in elections and commits. */
  public boolean isVoter() {
    return configuration.configuration().isVoter(id);
  }

  /** Whether this peer gets the log and decides nothing. */
  public boolean isLearner() {
    return configuration.configuration().isLearner(id);
  }

  /**
   * Whether this peer belongs to the group. One that does not was removed, or is still to be added,
   * and takes no part.
   */
  public boolean isMember() {
    return configuration.configuration().contains(id);
  }

  public boolean isLeader() {
    return role == Role.LEADER;
  }
}
