package io.pekkoraft.role;

import io.pekkoraft.RaftStatus;
import io.pekkoraft.election.Tally;
import io.pekkoraft.model.PeerId;
import io.pekkoraft.protocol.ClientMessage.StepAside;
import io.pekkoraft.protocol.PeerMessage.AppendEntries;
import io.pekkoraft.protocol.PeerMessage.GoQuiet;
import io.pekkoraft.protocol.PeerMessage.InstallSnapshot;
import io.pekkoraft.protocol.PeerMessage.PreVote;
import io.pekkoraft.protocol.PeerMessage.PreVoteReply;
import java.util.Optional;
import java.util.SortedSet;

/**
 * Asks whether it could win an election before it disturbs anybody with one (thesis §9.6). A peer
 * that is cut off stays here, in its old term, instead of raising the term for ever.
 */
final class PreCandidate extends Role {
  private final Tally tally;

  PreCandidate(Peer peer, Transitions become) {
    super(peer, become);
    this.tally = new Tally(peer.configuration());
  }

  @Override
  RaftStatus.Role name() {
    return RaftStatus.Role.PRE_CANDIDATE;
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
    var request = new PreVote(peer.id(), peer.term(), peer.log().last());
    peer.otherVoters().forEach(other -> peer.outbox().now(other, request));
    return count(peer.id());
  }

  @Override
  Role onPreVoteReply(PreVoteReply reply) {
    return reply.granted() ? count(reply.from()) : this;
  }

  private Role count(PeerId voter) {
    return tally.add(voter) ? become.toCandidate() : this;
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
