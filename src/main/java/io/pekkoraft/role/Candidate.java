package io.pekkoraft.role;

import io.pekkoraft.RaftStatus;
import io.pekkoraft.election.Tally;
import io.pekkoraft.model.PeerId;
import io.pekkoraft.protocol.ClientMessage.StepAside;
import io.pekkoraft.protocol.PeerMessage.AppendEntries;
import io.pekkoraft.protocol.PeerMessage.GoQuiet;
import io.pekkoraft.protocol.PeerMessage.InstallSnapshot;
import io.pekkoraft.protocol.PeerMessage.RequestVote;
import io.pekkoraft.protocol.PeerMessage.VoteReply;
import java.util.Optional;
import java.util.SortedSet;

/** Stands for election in a new term, until it wins, another one does, or time runs out (§5.2). */
final class Candidate extends Role {
  private final Tally tally;
  private final long ownVote;
  private final boolean transfer;

  /**
   * @param transfer whether the leader of the term before wants this election
   */
  Candidate(Peer peer, Transitions become, boolean transfer) {
    super(peer, become);
    this.transfer = transfer;
    this.tally = new Tally(peer.configuration());
    this.ownVote = peer.store().lastStaged();
  }

  @Override
  RaftStatus.Role name() {
    return RaftStatus.Role.CANDIDATE;
  }

  @Override
  Optional<PeerId> leader() {
    return Optional.empty();
  }

  @Override
  Optional<SortedSet<PeerId>> votes() {
    return Optional.of(tally.voters());
  }

  @Override
  Role begin() {
    // To ask in a term is to have voted for oneself in it: after a crash it must still be so.
    var request = new RequestVote(peer.id(), peer.term(), peer.log().last(), transfer);
    peer.otherVoters().forEach(other -> peer.outbox().whenDurable(other, request));
    return this;
  }

  @Override
  Role onDurable() {
    return peer.store().isDurable(ownVote) ? count(peer.id()) : this;
  }

  /** With a disk that hangs there is no use in another election: it would only pile up votes. */
  @Override
  Role onSilence() {
    if (peer.store().isDurable(ownVote)) {
      return super.onSilence();
    }
    peer.electionTimer().restart();
    return this;
  }

  @Override
  Role onVoteReply(VoteReply reply) {
    return reply.granted() ? count(reply.from()) : this;
  }

  private Role count(PeerId voter) {
    return tally.add(voter) ? become.toLeader() : this;
  }

  /** It is to be stopped, so it takes no office any more. */
  @Override
  Role onStepAside(StepAside request) {
    super.onStepAside(request);
    return become.toFollowerOf(Optional.empty());
  }

  @Override
  Role disowned() {
    return become.toFollowerOf(Optional.empty());
  }

  @Override
  Role onAppendEntries(AppendEntries request) {
    return become.toFollowerOf(Optional.of(request.from())).onAppendEntries(request);
  }

  @Override
  Role onGoQuiet(GoQuiet request) {
    return become.toFollowerOf(Optional.of(request.from())).onGoQuiet(request);
  }

  @Override
  Role onInstallSnapshot(InstallSnapshot request) {
    return become.toFollowerOf(Optional.of(request.from())).onInstallSnapshot(request);
  }
}
