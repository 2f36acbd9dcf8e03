package io.pekkoraft.role;

import io.pekkoraft.RaftStatus;
import io.pekkoraft.model.PeerId;
import io.pekkoraft.model.SafetyViolation;
import io.pekkoraft.protocol.PeerMessage.AppendAccepted;
import io.pekkoraft.protocol.PeerMessage.AppendEntries;
import io.pekkoraft.protocol.PeerMessage.RequestVote;
import java.util.Optional;

/** Answers and waits; stands for election when all goes quiet (§5.2). */
final class Follower extends Role {
  private Optional<PeerId> leader;
  private long heardLeader;

  Follower(Peer peer, Transitions become, Optional<PeerId> leader) {
    super(peer, become);
    this.leader = leader;
    this.heardLeader = peer.nanoTime();
  }

  @Override
  RaftStatus.Role name() {
    return RaftStatus.Role.FOLLOWER;
  }

  @Override
  Optional<PeerId> leader() {
    return leader;
  }

  @Override
  Role onAppendEntries(AppendEntries request) {
    hearLeader(request.from());
    if (!peer.log().holds(request.previous())) {
      peer.outbox().now(request.from(), rejection(request));
      return this;
    }
    peer.append(request.previous(), request.entries());
    // The leader counts this towards a majority, so it must not outrun the disk (thesis §10.2.1).
    peer.outbox()
        .whenDurable(
            request.from(),
            new AppendAccepted(peer.id(), peer.term(), request.proves(), request.round()));
    // What lies beyond may be a stale tail of another leader's, whatever the leader has committed.
    return commitThrough(request.committed().min(request.proves()));
  }

  private void hearLeader(PeerId from) {
    peer.electionTimer().restart();
    heardLeader = peer.nanoTime();
    if (leader.isEmpty()) {
      leader = Optional.of(from);
      become.announce();
    } else if (!leader.get().equals(from)) {
      throw new SafetyViolation(
          "Two leaders in term " + peer.term() + ": " + leader.get() + " and " + from);
    }
  }

  @Override
  boolean hearsLeader() {
    return leader.isPresent()
        && peer.nanoTime() - heardLeader < peer.settings().electionTimeout().min().toNanos();
  }

  @Override
  Role yieldTo(RequestVote candidate) {
    peer.electionTimer().restart();
    return this;
  }
}
