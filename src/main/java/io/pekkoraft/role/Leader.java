package io.pekkoraft.role;

import io.pekkoraft.RaftEvent.TransferBegan.Cause;
import io.pekkoraft.RaftStatus;
import io.pekkoraft.RaftStatus.FollowerStatus;
import io.pekkoraft.apply.Applier.Outcome;
import io.pekkoraft.explain.Facts;
import io.pekkoraft.model.Entry;
import io.pekkoraft.model.LogIndex;
import io.pekkoraft.model.PeerId;
import io.pekkoraft.model.SafetyViolation;
import io.pekkoraft.model.Term;
import io.pekkoraft.protocol.ClientMessage.ChangeMembership;
import io.pekkoraft.protocol.ClientMessage.GetMembers;
import io.pekkoraft.protocol.ClientMessage.Propose;
import io.pekkoraft.protocol.ClientMessage.Query;
import io.pekkoraft.protocol.ClientMessage.SessionRequest;
import io.pekkoraft.protocol.ClientMessage.StepAside;
import io.pekkoraft.protocol.ClientMessage.TransferLeadership;
import io.pekkoraft.protocol.PeerMessage.Answer;
import io.pekkoraft.protocol.PeerMessage.AppendAccepted;
import io.pekkoraft.protocol.PeerMessage.AppendEntries;
import io.pekkoraft.protocol.PeerMessage.AppendRejected;
import io.pekkoraft.protocol.PeerMessage.AskReadIndex;
import io.pekkoraft.protocol.PeerMessage.GoQuiet;
import io.pekkoraft.protocol.PeerMessage.GoneQuiet;
import io.pekkoraft.protocol.PeerMessage.InstallSnapshot;
import io.pekkoraft.protocol.PeerMessage.InstallSnapshotReply;
import io.pekkoraft.protocol.SelfMessage.NeighbourGone;
import io.pekkoraft.protocol.SnapshotWork;
import io.pekkoraft.replication.CommitRule;
import io.pekkoraft.snapshot.SnapshotMeta;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import org.apache.pekko.pattern.StatusReply;

/**
 * Takes commands, copies them to its followers while it writes them itself, and commits what a
 * majority has on disk (§5.3, §5.4.2; writing in parallel: thesis §10.2.1).
 */
final class Leader extends Role {
  private final Term term;
  private final Replicator replicator;
  private final LeaderCommands commands;
  private final LeaderSessions sessions;
  private final LeaderReads reads;
  private final LeaderTransfer transfer;
  private final HandBack handBack;
  private final LeaderMembership membership;
  private final LeaderQuiet quiet;

  /** When a majority was heard last, as a tick found that to be too long ago. */
  private Optional<Long> warned = Optional.empty();

  Leader(Peer peer, Transitions become) {
    super(peer, become);
    this.term = peer.term();
    this.replicator = new Replicator(peer);
    this.commands = new LeaderCommands(peer, replicator);
    this.sessions = new LeaderSessions(peer, commands);
    this.reads = new LeaderReads(peer, replicator);
    this.transfer = new LeaderTransfer(peer, replicator);
    this.handBack = new HandBack(peer, replicator);
    this.quiet = new LeaderQuiet(peer, replicator);
    this.membership = new LeaderMembership(peer, replicator);
  }

  @Override
  RaftStatus.Role name() {
    return RaftStatus.Role.LEADER;
  }

  @Override
  Optional<PeerId> leader() {
    return Optional.of(peer.id());
  }

  /** The no-op commits what earlier leaders left, as soon as a majority has it (§8). */
  @Override
  Role begin() {
    quiet.begin();
    replicator.append(Entry.noOp(term));
    replicator.endBatch();
    return this;
  }

  @Override
  void leave() {
    quiet.leave();
    peer.snapshots().keepOnly(List.of());
    replicator.stageNew();
    stop();
  }

  @Override
  void stop() {
    commands.abandon();
    reads.abandon();
    transfer.left();
    membership.abandon();
  }

  @Override
  boolean hearsLeader() {
    return true;
  }

  /** Also newcomers that are to belong to the group, and who left it and is still to be told. */
  @Override
  boolean belongs(PeerId other) {
    return super.belongs(other) || replicator.follows(other);
  }

  @Override
  Role disowned() {
    return become.resigned();
  }

  /** Of a follower that the log does not name yet, the first one that this leader has met. */
  @Override
  boolean isMet(Answer answer) {
    return super.isMet(answer) && membership.meets(answer);
  }

  @Override
  void onAnotherLife(PeerId name) {
    replicator.lost(name);
  }

  @Override
  Role onAppendEntries(AppendEntries request) {
    throw new SafetyViolation(
        "Two leaders in term " + term + ": " + peer.id() + " and " + request.from());
  }

  @Override
  Role onGoQuiet(GoQuiet request) {
    throw new SafetyViolation(
        "Two leaders in term " + term + ": " + peer.id() + " and " + request.from());
  }

  @Override
  Role onInstallSnapshot(InstallSnapshot request) {
    throw new SafetyViolation(
        "Two leaders in term " + term + ": " + peer.id() + " and " + request.from());
  }

  // Requests.

  @Override
  Role onPropose(Propose<?, ?> request) {
    quiet.busy();
    heartbeatIfDue();
    commands.propose(request, transfer.to());
    return this;
  }

  @Override
  Role onSessionRequest(SessionRequest<?> request) {
    quiet.busy();
    heartbeatIfDue();
    sessions.take(request, transfer.to());
    return this;
  }

  @Override
  Role onTransferLeadership(TransferLeadership request) {
    quiet.busy();
    transfer.request(request);
    return this;
  }

  @Override
  Role onStepAside(StepAside request) {
    quiet.busy();
    peer.stepAside();
    transfer.stepAside(request);
    return this;
  }

  @Override
  Role onChangeMembership(ChangeMembership request) {
    quiet.busy();
    membership.request(request, transfer.isUnderWay(), quiet.isSettling());
    return this;
  }

  @Override
  Role onGetMembers(GetMembers request) {
    request.replyTo().tell(StatusReply.success(peer.membership().latest()));
    return this;
  }

  @Override
  Role onQuery(Query<?> request) {
    quiet.used();
    heartbeatIfDue();
    if (reads.isFreshEnough(request.consistency(), transfer.mayHappen())) {
      answer(request);
      return this;
    }
    quiet.busy();
    if (reads.isFull()) {
      refuseAsOneTooMany(request);
    } else {
      reads.add(request);
    }
    return this;
  }

  @Override
  Role onAskReadIndex(AskReadIndex question) {
    quiet.busy();
    if (!reads.isFull()) {
      reads.add(question);
    }
    return this;
  }

  @Override
  void onAppliedSome() {
    replicator.times().applied(peer.applier().lastApplied());
    reads.answer(this::answer);
    transfer.handOverIfReady();
  }

  // Replication.

  @Override
  Role onFlush() {
    replicator.endBatch();
    reads.ask(this::answer);
    return super.onFlush();
  }

  /** The timer's tick waits behind a flood of requests in the mailbox; the followers must not. */
  private void heartbeatIfDue() {
    if (quiet.isAwake() && replicator.isHeartbeatDue()) {
      replicator.heartbeat();
    }
  }

  /**
   * A leader that a majority does not answer for an election time-out may have a successor, and
   * keeps its clients waiting in vain (thesis §6.2). After a pause the answers may lie in the
   * mailbox: so it waits for one more tick.
   */
  @Override
  Role onHeartbeatTick() {
    if (quiet.isQuiet()) {
      quiet.look();
      return this;
    }
    var heard = Math.max(replicator.rounds().confirmedBegan(), quiet.awakeSince());
    if (peer.nanoTime() - heard > peer.settings().electionTimeout().max().toNanos()) {
      if (warned.equals(Optional.of(heard))) {
        return become.lostQuorum(replicator.silent(), heard);
      }
      warned = Optional.of(heard);
    }
    transfer.giveUpInTime();
    membership.onHeartbeat(quiet.isSettling(), transfer.isUnderWay());
    if (peer.disk().hangs() && !transfer.isUnderWay()) {
      return become.resigned();
    }
    handBack.look().ifPresent(to -> transfer.leave(Optional.of(to), Cause.HAND_BACK));
    quiet.tick(isIdle());
    return this;
  }

  // While there is nothing to do.

  /** Whether nobody wants anything, and nobody lacks anything. */
  private boolean isIdle() {
    var last = peer.log().lastIndex();
    return peer.log().committed().equals(last)
        && peer.applier().lastApplied().equals(last)
        && peer.store().durableIndex().equals(last)
        && last.isAtLeast(reads.firstOwn())
        && commands.pending() == 0
        && reads.isEmpty()
        && !transfer.isUnderWay()
        && !handBack.isWaiting()
        && membership.isSettled()
        && replicator.areAllLevel();
  }

  @Override
  boolean isQuiet() {
    return quiet.isQuiet();
  }

  @Override
  Role onGoneQuiet(GoneQuiet reply) {
    if (replicator.follows(reply.from()) && !replicator.isLate(reply.from(), reply.round())) {
      quiet.answered(reply);
    }
    return this;
  }

  /** Whoever comes back may have lost its disk, and know nobody whom it could tell. */
  @Override
  Role onNeighbourGone(NeighbourGone gone) {
    if (quiet.isQuiet()) {
      quiet.busy();
    }
    return this;
  }

  @Override
  void unrest(PeerId from) {
    if (!from.equals(peer.id()) && belongs(from)) {
      quiet.busy();
    }
  }

  /**
   * Its followers still commit without it, until too much waits for its disk. Who hands over in
   * order spares them an election time-out; if that fails, the next tick leaves all the same.
   */
  @Override
  Role onDiskHangs() {
    quiet.busy();
    transfer.leave(Optional.empty(), Cause.DISK_HANGS);
    return this;
  }

  @Override
  Role onAppendAccepted(AppendAccepted reply) {
    if (reply.matched().isAfter(peer.log().lastIndex())) {
      var last = peer.log().last();
      peer.herald().log(line -> line.warn("Ignored {}: the log ends at {}", reply, last));
      return this;
    }
    if (replicator.isLate(reply.from(), reply.round())) {
      return this; // It was another follower that was sent this.
    }
    replicator.accepted(reply);
    membership.accepted(reply);
    membership.look(quiet.isSettling(), transfer.isUnderWay());
    return commit();
  }

  @Override
  Role onAppendRejected(AppendRejected reply) {
    if (replicator.isLate(reply.from(), reply.round())) {
      return this; // As above.
    }
    replicator.rejected(reply);
    reads.answer(this::answer);
    return this;
  }

  @Override
  Role onInstallSnapshotReply(InstallSnapshotReply reply) {
    replicator.installing(reply);
    return this;
  }

  @Override
  Role onReading(SnapshotWork.Reading work) {
    replicator.snapshots().done(work);
    return this;
  }

  @Override
  Collection<SnapshotMeta> snapshotsUnderWay() {
    return replicator.snapshots().underWay();
  }

  @Override
  Collection<LogIndex> neededAfter() {
    return replicator.neededAfter();
  }

  // Committing.

  @Override
  Role onDurable() {
    return commit();
  }

  private Role commit() {
    commitThrough(CommitRule.committable(peer.log(), peer.configuration(), term, this::matched));
    reads.answer(this::answer);
    membership.goOn();
    transfer.handOverIfReady();
    return membership.mustStepDown() ? stepDown() : this;
  }

  /** It leads without a vote of its own, and the group can do without it (§6). */
  private Role stepDown() {
    replicator.heartbeat(); // The others learn that they can, and so does whoever left with it.
    transfer.tellBest();
    return become.resigned();
  }

  /** The leader counts itself only as far as its own disk has it (thesis §10.2.1). */
  private LogIndex matched(PeerId member) {
    return member.equals(peer.id()) ? peer.store().durableIndex() : replicator.match(member);
  }

  @Override
  void onApplied(LogIndex index, Entry entry, Outcome outcome) {
    sessions.applied(index);
    commands.applied(index, outcome);
  }

  @Override
  Optional<Facts.Office> office() {
    return Optional.of(
        new Facts.Office(
            replicator.silentFor(quiet.awakeSince()),
            reads.firstOwn(),
            commands.pending(),
            transfer.to()));
  }

  @Override
  SortedMap<PeerId, FollowerStatus> followers() {
    return replicator.status();
  }
}
