package io.pekkoraft.role;

import io.pekkoraft.RaftStatus;
import io.pekkoraft.ReadConsistency;
import io.pekkoraft.election.Succession;
import io.pekkoraft.model.LogPosition;
import io.pekkoraft.model.PeerId;
import io.pekkoraft.model.SafetyViolation;
import io.pekkoraft.protocol.ClientMessage.Query;
import io.pekkoraft.protocol.PeerMessage.AppendAccepted;
import io.pekkoraft.protocol.PeerMessage.AppendEntries;
import io.pekkoraft.protocol.PeerMessage.GoQuiet;
import io.pekkoraft.protocol.PeerMessage.InstallSnapshot;
import io.pekkoraft.protocol.PeerMessage.ReadIndexAnswer;
import io.pekkoraft.protocol.PeerMessage.RequestVote;
import io.pekkoraft.protocol.PeerMessage.Rouse;
import io.pekkoraft.protocol.PeerMessage.TimeoutNow;
import io.pekkoraft.protocol.SelfMessage.NeighbourGone;
import io.pekkoraft.protocol.SnapshotWork;
import java.util.Optional;

/** Answers and waits; stands for election when all goes quiet (§5.2). */
final class Follower extends Role {
  private Optional<PeerId> leader;
  private final FollowerReads reads;
  private final FollowerInstall install;
  private final FollowerQuiet quiet;
  private long answeredRound;

  Follower(Peer peer, Transitions become, Optional<PeerId> leader) {
    super(peer, become);
    this.leader = leader;
    this.reads = new FollowerReads(peer);
    this.install = new FollowerInstall(peer);
    this.quiet = new FollowerQuiet(peer);
  }

  @Override
  void leave() {
    quiet.end();
    stop();
  }

  @Override
  void stop() {
    reads.abandon(Optional.empty());
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
  Optional<LogPosition> receiving() {
    return install.receiving();
  }

  @Override
  Role onAppendEntries(AppendEntries request) {
    if (!quiet.isOld(request.round())) {
      quiet.end();
      hearLeader(request.from());
    }
    reads.askAgain(request.from());
    if (!peer.log().holds(request.previous())) {
      peer.outbox().now(request.from(), rejection(request));
      return this;
    }
    peer.append(request.previous(), request.entries());
    answerRound(request);
    // The leader counts this towards a majority, so it must not outrun the disk (thesis §10.2.1).
    peer.outbox()
        .whenDurable(
            request.from(),
            new AppendAccepted(
                peer.id(), peer.term(), request.proves(), request.round(), peer.incarnation()));
    // What lies beyond may be a stale tail of another leader's, whatever the leader has committed.
    return commitThrough(request.committed().min(request.proves()));
  }

  /**
   * The leader waits for an answer to each round, and not for this disk: a disk that is slow must
   * not look like a follower that is gone. So it is told at once what is on disk already.
   */
  private void answerRound(AppendEntries request) {
    if (request.round() > answeredRound && peer.store().isDurable(peer.lastGroundStaged())) {
      answeredRound = request.round();
      var onDisk = request.proves().min(peer.store().durableIndex());
      if (!onDisk.equals(request.proves())) {
        peer.outbox()
            .now(
                request.from(),
                new AppendAccepted(
                    peer.id(), peer.term(), onDisk, request.round(), peer.incarnation()));
      }
    }
  }

  private void hearLeader(PeerId from) {
    peer.electionTimer().restart();
    peer.heardLeader();
    quiet.heard(from);
    if (leader.isEmpty()) {
      leader = Optional.of(from);
      become.announce();
    } else if (!leader.get().equals(from)) {
      throw new SafetyViolation(
          "Two leaders in term " + peer.term() + ": " + leader.get() + " and " + from);
    }
  }

  // The leader's snapshot (§7).

  @Override
  Role onInstallSnapshot(InstallSnapshot request) {
    quiet.end();
    hearLeader(request.from());
    install.heard(request);
    return this;
  }

  @Override
  Role onReceiving(SnapshotWork.Receiving work) {
    if (install.done(work, leader)) {
      onAppliedSome();
    }
    return this;
  }

  // While there is nothing to do.

  @Override
  Role onGoQuiet(GoQuiet request) {
    if (!quiet.isOld(request.round())) {
      hearLeader(request.from());
      if (peer.log().holds(request.last())) {
        commitThrough(request.last().index());
      }
      quiet.request(request, reads.isWaiting() || install.receiving().isPresent());
    }
    return this;
  }

  @Override
  boolean isQuiet() {
    return quiet.isQuiet();
  }

  /**
   * Its leader is gone, or was for a moment; if it is back, it may not know that it is missed. The
   * other followers are told as well, so they stand one after the other rather than by lot; but not
   * before this peer is free to help anybody to office, itself as well.
   */
  @Override
  Role onNeighbourGone(NeighbourGone gone) {
    if (quiet.isAbout(gone, leader)) {
      rouse();
      if (!peer.mayHavePromised()) {
        var voters = peer.configuration().voters();
        peer.electionTimer()
            .succeed(Succession.place(peer.group(), voters, gone.peer(), peer.id()));
      }
    }
    return this;
  }

  /**
   * Somebody misses the leader that this peer could hear if it were not quiet. As long as there is
   * no sign that the leader is gone, it gets the chance to speak up before anybody is helped to
   * take its place: once, for then this peer is not quiet any more.
   */
  @Override
  void unrest(PeerId from) {
    if (quiet.isQuiet() && !from.equals(peer.id()) && belongs(from)) {
      if (!leader.equals(Optional.of(from)) && quiet.isTrusting(leader)) {
        peer.heardLeader();
      }
      rouse();
    }
  }

  @Override
  void refuses() {
    rouse();
  }

  /** Listens for its leader again, and lets it know. */
  private void rouse() {
    if (quiet.isQuiet()) {
      quiet.end();
      leader.ifPresent(it -> peer.outbox().now(it, new Rouse(peer.id(), peer.term())));
    }
  }

  // Reads.

  /** Whatever its own state can't answer, its leader must. */
  @Override
  Role onQuery(Query<?> request) {
    var consistency = request.consistency();
    if (consistency instanceof ReadConsistency.Linearizable
        || consistency instanceof ReadConsistency.Lease) {
      return refuse(request);
    }
    if (reads.isFreshEnough(consistency)) {
      answer(request);
    } else if (leader.isEmpty() || peer.isDisowned()) {
      return refuse(request);
    } else if (reads.isFull()) {
      refuseAsOneTooMany(request);
    } else {
      rouse();
      reads.add(request);
    }
    return this;
  }

  @Override
  Role onFlush() {
    reads.ask(leader);
    return super.onFlush();
  }

  @Override
  Role onReadIndexAnswer(ReadIndexAnswer answer) {
    reads.answered(answer, leader);
    onAppliedSome();
    return this;
  }

  @Override
  void onAppliedSome() {
    reads.applied(this::answer);
  }

  // The leader's office.

  /** The leader wants this peer to follow it at once (thesis §3.10). */
  @Override
  Role onTimeoutNow(TimeoutNow command) {
    return peer.mayStand() ? become.toCandidateByTransfer() : this;
  }

  /**
   * Who decides nothing stands for no election: a learner, and a peer that knows itself removed.
   * Its leader may be gone all the same, and whoever waits for it should ask elsewhere.
   */
  @Override
  Role onSilence() {
    if (quiet.isQuiet()) {
      rouse();
      return this;
    }
    if (peer.mayStand()) {
      return super.onSilence();
    }
    seekLeader();
    if (leader.isPresent()) {
      return become.toFollowerWithout();
    }
    peer.electionTimer().restart();
    return this;
  }

  /** It asks for no votes, which would let a quiet leader know that it is missed. */
  private void seekLeader() {
    if (peer.settings().quiet().isOn() && belongs(peer.id())) {
      var rouse = new Rouse(peer.id(), peer.term());
      peer.otherVoters().forEach(voter -> peer.outbox().now(voter, rouse));
    }
  }

  /** It gets no log any more, so it would answer no read that waits for it. */
  @Override
  Role disowned() {
    reads.abandon(leader);
    return this;
  }

  /**
   * A leader may hold a lease that this peer's answer is part of, also when the peer has crashed
   * since, or has heard of a newer term, in which it knows no leader (thesis §6.4.1).
   */
  @Override
  boolean hearsLeader() {
    return quiet.isTrusting(leader)
        || (leader.isPresent() || peer.settings().reads().lease()) && peer.mayHavePromised();
  }

  @Override
  Role yieldTo(RequestVote candidate) {
    peer.electionTimer().restart();
    return this;
  }
}
