package io.pekkoraft.role;

import io.pekkoraft.RaftEvent;
import io.pekkoraft.RaftStatus;
import io.pekkoraft.model.PeerId;
import io.pekkoraft.model.Term;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;

/**
 * From role to role, and the only place that makes one. Each transition checks that it is legal,
 * changes term and vote, sets the timer, and tells who wants to know.
 */
final class Transitions {
  private final Peer peer;
  private Role current;

  /** What was said last about who this peer is. */
  private Optional<RaftEvent.RoleChanged> said = Optional.empty();

  private long stoodAt;
  private Optional<Long> leaderless = Optional.empty();

  /** Since when, if this peer was the last one that led, as far as it knows. */
  private Optional<Long> quorumLost = Optional.empty();

  Transitions(Peer peer) {
    this.peer = peer;
  }

  /** The first role after a recovery: all begin as followers (§5.2). */
  Role start() {
    peer.electionTimer().restart();
    return enter(new Follower(peer, this, Optional.empty()), EnumSet.noneOf(RaftStatus.Role.class));
  }

  /**
   * Somebody is in a newer term; the vote in it is free (§5.1). That alone is no reason to wait
   * longer: a timer that runs goes on, or a peer that can't win could keep all others waiting.
   */
  Role toFollower(Term newer) {
    peer.startTerm(newer);
    peer.electionTimer().startUnlessRunning();
    return enter(new Follower(peer, this, Optional.empty()), EnumSet.allOf(RaftStatus.Role.class));
  }

  /** The election of this term has a winner, or the vote went to another. The vote stays given. */
  Role toFollowerOf(Optional<PeerId> leader) {
    peer.electionTimer().restart();
    return enter(
        new Follower(peer, this, leader),
        EnumSet.of(RaftStatus.Role.PRE_CANDIDATE, RaftStatus.Role.CANDIDATE));
  }

  /** Nothing was heard, by a peer that may not stand for election itself. */
  Role toFollowerWithout() {
    peer.electionTimer().restart();
    return enter(new Follower(peer, this, Optional.empty()), EnumSet.of(RaftStatus.Role.FOLLOWER));
  }

  /** Nothing was heard: ask whether an election could be won, and change nothing (thesis §9.6). */
  Role toPreCandidate() {
    peer.electionTimer().restart();
    return enter(
        new PreCandidate(peer, this),
        EnumSet.of(
            RaftStatus.Role.FOLLOWER, RaftStatus.Role.PRE_CANDIDATE, RaftStatus.Role.CANDIDATE));
  }

  /** A new term, and the first vote in it for oneself (§5.2). */
  Role toCandidate() {
    return stand(false, RaftStatus.Role.PRE_CANDIDATE);
  }

  /** The leader gives up its office for this peer: no need to ask before (thesis §3.10). */
  Role toCandidateByTransfer() {
    return stand(true, RaftStatus.Role.FOLLOWER);
  }

  private Role stand(boolean transfer, RaftStatus.Role from) {
    peer.startTerm(peer.term().next());
    peer.voteFor(peer.id());
    peer.electionTimer().restart();
    peer.metrics().stands();
    stoodAt = peer.nanoTime();
    return enter(new Candidate(peer, this, transfer), EnumSet.of(from));
  }

  /**
   * A leader that no majority answers gives up its office, in its own term (thesis §6.2).
   *
   * @param heard when one was known to follow, in nanoseconds
   */
  Role lostQuorum(SortedSet<PeerId> silent, long heard) {
    quorumLost = Optional.of(heard);
    var since = Duration.ofNanos(peer.nanoTime() - heard);
    peer.publish(new RaftEvent.QuorumLost(peer.group(), peer.id(), peer.term(), silent, since));
    return resigned();
  }

  /** A leader gives up its office, in its own term. */
  Role resigned() {
    peer.electionTimer().restart();
    return enter(new Follower(peer, this, Optional.empty()), EnumSet.of(RaftStatus.Role.LEADER));
  }

  /** The votes of a majority are in (§5.2). */
  Role toLeader() {
    peer.electionTimer().cancel();
    peer.metrics().elected(peer.nanoTime() - stoodAt);
    return enter(new Leader(peer, this), EnumSet.of(RaftStatus.Role.CANDIDATE));
  }

  private Role enter(Role next, Set<RaftStatus.Role> from) {
    if (current != null) {
      if (!from.contains(current.name())) {
        throw new IllegalStateException("No way from " + current.name() + " to " + next.name());
      }
      current.leave();
    }
    current = next;
    peer.herald().enters(next.name());
    announce();
    return next.begin();
  }

  /**
   * Says which role the peer plays now, or who leads, if that is new: a peer that is alone asks for
   * pre-votes several times a second, for as long as it is.
   */
  void announce() {
    var leader = current.leader();
    var now =
        new RaftEvent.RoleChanged(peer.group(), peer.id(), current.name(), peer.term(), leader);
    if (!said.equals(Optional.of(now))) {
      said = Optional.of(now);
      peer.publish(now);
    }
    leader.ifPresentOrElse(this::regained, this::lost);
  }

  /** For how long no leader has been known; empty if one is. */
  Optional<Duration> leaderless() {
    return leaderless.map(since -> Duration.ofNanos(peer.nanoTime() - since));
  }

  private void lost() {
    leaderless = leaderless.or(() -> Optional.of(peer.nanoTime()));
  }

  private void regained(PeerId leader) {
    quorumLost.ifPresent(
        since -> {
          var after = Duration.ofNanos(peer.nanoTime() - since);
          peer.publish(
              new RaftEvent.QuorumRegained(peer.group(), peer.id(), peer.term(), leader, after));
        });
    quorumLost = Optional.empty();
    leaderless = Optional.empty();
  }
}
