package io.pekkoraft.role;

import io.pekkoraft.RaftException;
import io.pekkoraft.RaftException.CommandRefused;
import io.pekkoraft.RaftException.NotLeader;
import io.pekkoraft.RaftException.Overloaded;
import io.pekkoraft.RaftStatus;
import io.pekkoraft.RaftStatus.FollowerStatus;
import io.pekkoraft.ReadConsistency;
import io.pekkoraft.apply.Applier.Outcome;
import io.pekkoraft.explain.Facts;
import io.pekkoraft.explain.Reasoning;
import io.pekkoraft.model.Entry;
import io.pekkoraft.model.LogIndex;
import io.pekkoraft.model.LogPosition;
import io.pekkoraft.model.PeerId;
import io.pekkoraft.protocol.ClientMessage.ChangeMembership;
import io.pekkoraft.protocol.ClientMessage.Explain;
import io.pekkoraft.protocol.ClientMessage.GetMembers;
import io.pekkoraft.protocol.ClientMessage.GetStatus;
import io.pekkoraft.protocol.ClientMessage.Inspect;
import io.pekkoraft.protocol.ClientMessage.Propose;
import io.pekkoraft.protocol.ClientMessage.Query;
import io.pekkoraft.protocol.ClientMessage.Request;
import io.pekkoraft.protocol.ClientMessage.SessionRequest;
import io.pekkoraft.protocol.ClientMessage.StepAside;
import io.pekkoraft.protocol.ClientMessage.TakeSnapshot;
import io.pekkoraft.protocol.ClientMessage.TransferLeadership;
import io.pekkoraft.protocol.PeerMessage;
import io.pekkoraft.protocol.PeerMessage.Answer;
import io.pekkoraft.protocol.PeerMessage.AppendAccepted;
import io.pekkoraft.protocol.PeerMessage.AppendEntries;
import io.pekkoraft.protocol.PeerMessage.AppendRejected;
import io.pekkoraft.protocol.PeerMessage.AskReadIndex;
import io.pekkoraft.protocol.PeerMessage.Disowned;
import io.pekkoraft.protocol.PeerMessage.GoQuiet;
import io.pekkoraft.protocol.PeerMessage.GoneQuiet;
import io.pekkoraft.protocol.PeerMessage.InstallSnapshot;
import io.pekkoraft.protocol.PeerMessage.InstallSnapshotReply;
import io.pekkoraft.protocol.PeerMessage.PreVote;
import io.pekkoraft.protocol.PeerMessage.PreVoteReply;
import io.pekkoraft.protocol.PeerMessage.ReadIndexAnswer;
import io.pekkoraft.protocol.PeerMessage.RequestVote;
import io.pekkoraft.protocol.PeerMessage.Rouse;
import io.pekkoraft.protocol.PeerMessage.TimeoutNow;
import io.pekkoraft.protocol.PeerMessage.VoteReply;
import io.pekkoraft.protocol.RaftMessage;
import io.pekkoraft.protocol.SelfMessage;
import io.pekkoraft.protocol.SelfMessage.ApplyMore;
import io.pekkoraft.protocol.SelfMessage.ElectionTimeout;
import io.pekkoraft.protocol.SelfMessage.Flush;
import io.pekkoraft.protocol.SelfMessage.HeartbeatTick;
import io.pekkoraft.protocol.SelfMessage.LookAtDisk;
import io.pekkoraft.protocol.SelfMessage.NeighbourGone;
import io.pekkoraft.protocol.SelfMessage.Recovered;
import io.pekkoraft.protocol.SelfMessage.Stored;
import io.pekkoraft.protocol.SnapshotWork;
import io.pekkoraft.snapshot.SnapshotMeta;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.ChildFailed;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.PreRestart;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.pattern.StatusReply;

/**
 * The rules for all servers (Figure 2), and one handler for each message. What a role does not say,
 * is what every peer does; what it can't say, it must.
 */
abstract class Role extends AbstractBehavior<RaftMessage> {
  protected final Peer peer;
  protected final Transitions become;
  private boolean ended;
  private final Hearing hearing;
  private final Voting voting;

  Role(Peer peer, Transitions become) {
    super(peer.context());
    this.peer = peer;
    this.become = become;
    this.hearing = new Hearing(peer, become);
    this.voting = new Voting(peer);
  }

  @Override
  public final Receive<RaftMessage> createReceive() {
    return newReceiveBuilder()
        .onMessage(
            AppendEntries.class,
            m -> hearing.hear(this, m, Role::onAppendEntries, Role::refuseStale))
        .onMessage(
            AppendAccepted.class,
            m -> hearing.hearMember(this, m, Role::onAppendAccepted, Role::ignoreLate))
        .onMessage(Propose.class, this::onPropose)
        .onMessage(Stored.class, this::onStored)
        .onMessage(Flush.class, flush -> onFlush())
        .onMessage(ApplyMore.class, this::onApplyMore)
        .onMessage(Query.class, this::onQuery)
        .onMessage(HeartbeatTick.class, tick -> onHeartbeatTick())
        .onMessage(ElectionTimeout.class, timeout -> onElectionTimeout())
        .onMessage(
            AppendRejected.class,
            m -> hearing.hearMember(this, m, Role::onAppendRejected, Role::ignoreLate))
        .onMessage(PreVote.class, this::onPreVote)
        .onMessage(PreVoteReply.class, this::hearPreVoteReply)
        .onMessage(RequestVote.class, this::hearRequestVote)
        .onMessage(
            VoteReply.class, m -> hearing.hearMember(this, m, Role::onVoteReply, Role::ignoreLate))
        .onMessage(
            AskReadIndex.class,
            m -> hearing.hearMember(this, m, Role::onAskReadIndex, Role::ignoreLate))
        .onMessage(
            ReadIndexAnswer.class,
            m -> hearing.hear(this, m, Role::onReadIndexAnswer, Role::ignoreLate))
        .onMessage(
            TimeoutNow.class, m -> hearing.hear(this, m, Role::onTimeoutNow, Role::ignoreLate))
        .onMessage(SessionRequest.class, this::onSessionRequest)
        .onMessage(GoQuiet.class, m -> hearing.hear(this, m, Role::onGoQuiet, Role::refuseStale))
        .onMessage(
            GoneQuiet.class, m -> hearing.hearMember(this, m, Role::onGoneQuiet, Role::ignoreLate))
        .onMessage(Rouse.class, m -> hearing.hearMember(this, m, Role::onRouse, Role::onRouse))
        .onMessage(NeighbourGone.class, this::onNeighbourGone)
        .onMessage(
            InstallSnapshot.class,
            m -> hearing.hear(this, m, Role::onInstallSnapshot, Role::ignoreLate))
        .onMessage(
            InstallSnapshotReply.class,
            m -> hearing.hearMember(this, m, Role::onInstallSnapshotReply, Role::ignoreLate))
        .onMessage(Disowned.class, this::onDisowned)
        .onMessage(SnapshotWork.Taking.class, this::onTaking)
        .onMessage(SnapshotWork.Receiving.class, this::onReceiving)
        .onMessage(SnapshotWork.Reading.class, this::onReading)
        .onMessage(TakeSnapshot.class, this::onTakeSnapshot)
        .onMessage(TransferLeadership.class, this::onTransferLeadership)
        .onMessage(ChangeMembership.class, this::onChangeMembership)
        .onMessage(GetMembers.class, this::onGetMembers)
        .onMessage(StepAside.class, this::onStepAside)
        .onMessage(GetStatus.class, this::onGetStatus)
        .onMessage(Inspect.class, this::onInspect)
        .onMessage(Explain.class, this::onExplain)
        .onMessage(LookAtDisk.class, look -> onLookAtDisk())
        .onMessage(Recovered.class, this::onRecovered)
        .onMessage(SnapshotWork.Loaded.class, this::onRecovered)
        .onSignal(ChildFailed.class, this::onChildFailed)
        .onSignal(PostStop.class, stop -> onEnd())
        .onSignal(PreRestart.class, restart -> onEnd())
        .build();
  }

  /**
   * Nobody waits for the peer while its other children end, which takes as long as the work that
   * they are at: the actor itself hears of its end only after them.
   */
  private Behavior<RaftMessage> onChildFailed(ChildFailed failure) {
    onEnd();
    return Recovering.stopWith(failure);
  }

  /** First it can't be found any more: whoever hears from it that it stops may ask anew at once. */
  private Role onEnd() {
    if (!ended) {
      ended = true;
      peer.end();
      stop();
    }
    return this;
  }

  abstract RaftStatus.Role name();

  abstract Optional<PeerId> leader();

  /** The first thing that a role does; returns the role that takes the next message. */
  Role begin() {
    return this;
  }

  /** The last thing that a role does before the next one begins. */
  void leave() {}

  /** The peer ends, in order or not: nobody who waits for it may wait in vain. */
  void stop() {}

  // What other peers say.

  /**
   * Somebody has met this peer under another incarnation, so it has lost its disk, and with it
   * whatever it had promised (trap 27). It votes for nobody and leads nobody until it has been
   * removed and added anew. This is no matter of terms: nobody was elected.
   */
  private Role onDisowned(Disowned message) {
    var byLeader =
        message.term().equals(peer.term()) && leader().equals(Optional.of(message.from()));
    return peer.disown(message, byLeader) ? disowned() : this;
  }

  /** The word of this peer counts for nothing. */
  abstract Role disowned();

  /** A voter may be behind, so its answer is matched by the term in which it was asked. */
  private Role hearPreVoteReply(PreVoteReply reply) {
    if (hearing.isStranger(this, reply)) {
      return this;
    }
    if (reply.term().isNewerThan(peer.term())) {
      return become.toFollower(reply.term());
    }
    return reply.asked().equals(peer.term()) ? onPreVoteReply(reply) : this;
  }

  /**
   * Whoever hears a leader helps no other to office (thesis §4.2.3), unless the leader itself wants
   * it. So a peer that returns, or was removed, with a newer term disturbs nobody; and a leader can
   * rely on a majority that has answered it lately (§6.4.1).
   */
  private Role hearRequestVote(RequestVote request) {
    unrest(request.from());
    // A leader that is none of this term's may rely on it as well.
    var isNews = request.term().isNewerThan(peer.term()) || leader().isEmpty();
    var disturbs = isNews && hearsLeader() && !request.transfer();
    return disturbs ? this : hearing.hear(this, request, Role::onRequestVote, Role::refuseStale);
  }

  /** Whether the sender is the very peer that the group has met, if it has. */
  boolean isMet(Answer answer) {
    return peer.configuration().knows(answer.from(), answer.incarnation());
  }

  /** Somebody answers under the name of a peer that the group has met, and is another one. */
  void onAnotherLife(PeerId name) {
    // Whoever does not lead relies on nobody.
  }

  boolean belongs(PeerId other) {
    return peer.configuration().contains(other);
  }

  private Role refuseStale(AppendEntries request) {
    peer.outbox().now(request.from(), rejection(request));
    return this;
  }

  private Role refuseStale(RequestVote request) {
    peer.outbox()
        .now(request.from(), new VoteReply(peer.id(), peer.term(), false, peer.incarnation()));
    return this;
  }

  /** An old leader that lets everybody rest would never hear that it is one. */
  private Role refuseStale(GoQuiet request) {
    peer.outbox().now(request.from(), new Rouse(peer.id(), peer.term()));
    return this;
  }

  private Role ignoreLate(PeerMessage answer) {
    return this;
  }

  /** Says that this log does not hold what comes before {@code request}, and what it may hold. */
  protected final AppendRejected rejection(AppendEntries request) {
    var previous = request.previous();
    return new AppendRejected(
        peer.id(),
        peer.term(),
        previous.index(),
        peer.log().lastThatCouldMatch(previous),
        request.round(),
        peer.incarnation());
  }

  abstract Role onAppendEntries(AppendEntries request);

  /** Only a leader has asked; to all others the answer comes late. */
  Role onAppendAccepted(AppendAccepted reply) {
    return this;
  }

  /** Only a leader has asked; to all others the answer comes late. */
  Role onAppendRejected(AppendRejected reply) {
    return this;
  }

  private Role onPreVote(PreVote request) {
    if (!hearing.isDouble(request)) {
      unrest(request.from());
      voting.answer(request, hearsLeader());
    }
    return this;
  }

  /** Whether a leader was heard so lately that an election would only disturb (thesis §4.2.3). */
  boolean hearsLeader() {
    return false;
  }

  /** Only a pre-candidate has asked; to all others the answer comes late. */
  Role onPreVoteReply(PreVoteReply reply) {
    return this;
  }

  private Role onRequestVote(RequestVote request) {
    return voting.answer(request) ? yieldTo(request) : this;
  }

  /** Whoever gave its vote waits for the outcome, and does not stand for election itself. */
  Role yieldTo(RequestVote candidate) {
    return become.toFollowerOf(Optional.empty());
  }

  /** Only a leader knows; whoever asked will ask anew. */
  Role onAskReadIndex(AskReadIndex question) {
    return this;
  }

  /** Only a follower has asked; to all others the answer comes late. */
  Role onReadIndexAnswer(ReadIndexAnswer answer) {
    return this;
  }

  /** Meant for a follower; whoever stands for election already needs no more. */
  Role onTimeoutNow(TimeoutNow command) {
    return this;
  }

  /** Only a candidate has asked; to all others the answer comes late. */
  Role onVoteReply(VoteReply reply) {
    return this;
  }

  // While a group has nothing to do.

  abstract Role onGoQuiet(GoQuiet request);

  /** Only a leader has asked; to all others the answer comes late. */
  Role onGoneQuiet(GoneQuiet reply) {
    return this;
  }

  private Role onRouse(Rouse message) {
    unrest(message.from());
    return this;
  }

  /**
   * A peer hears no leader, or has somebody who waits for one: whoever is quiet must not stay so.
   */
  void unrest(PeerId from) {}

  /** Only a follower that is quiet minds. */
  Role onNeighbourGone(NeighbourGone gone) {
    return this;
  }

  /** Whether it neither says anything nor listens, for there is nothing to do. */
  boolean isQuiet() {
    return false;
  }

  // What clients say.

  Role onPropose(Propose<?, ?> request) {
    return refuse(request);
  }

  Role onQuery(Query<?> request) {
    return refuse(request);
  }

  Role onSessionRequest(SessionRequest<?> request) {
    return refuse(request);
  }

  Role onTransferLeadership(TransferLeadership request) {
    return refuse(request);
  }

  /** Whoever does not lead has nothing to hand over. */
  Role onStepAside(StepAside request) {
    peer.stepAside();
    request.replyTo().tell(Done.done());
    return this;
  }

  Role onChangeMembership(ChangeMembership request) {
    return refuse(request);
  }

  Role onGetMembers(GetMembers request) {
    return refuse(request);
  }

  /** Somebody is sent elsewhere, and may come back if nobody is there either. */
  void refuses() {}

  protected final Role refuse(Request<?> request) {
    refuses();
    request.replyTo().tell(StatusReply.error(new NotLeader(leader())));
    return this;
  }

  private Role onGetStatus(GetStatus request) {
    request.replyTo().tell(portrait().status());
    return this;
  }

  private Role onInspect(Inspect request) {
    request.replyTo().tell(portrait().inspection(request.entries()));
    return this;
  }

  private Role onExplain(Explain request) {
    request.replyTo().tell(Reasoning.about(portrait().facts(), peer.settings()));
    return this;
  }

  private Portrait portrait() {
    return new Portrait(peer, become, this);
  }

  /** Who has granted a vote, to one that asks for some. */
  Optional<SortedSet<PeerId>> votes() {
    return Optional.empty();
  }

  /** The snapshot that a leader is sending to this peer. */
  Optional<LogPosition> receiving() {
    return Optional.empty();
  }

  /** What only a leader knows. */
  Optional<Facts.Office> office() {
    return Optional.empty();
  }

  /** What a leader knows of its followers. */
  SortedMap<PeerId, FollowerStatus> followers() {
    return new TreeMap<>();
  }

  // What the peer says to itself.

  private Role onElectionTimeout() {
    return peer.electionTimer().isUp() ? onSilence() : this;
  }

  /** An election time-out has passed without a word (§5.2). */
  Role onSilence() {
    return peer.mayStand() ? become.toPreCandidate() : become.toFollowerOf(Optional.empty());
  }

  /** Only a leader has such a timer; what is left of it after a step-down comes late. */
  Role onHeartbeatTick() {
    return this;
  }

  Role onFlush() {
    peer.flush();
    return this;
  }

  private Role onStored(Stored stored) {
    peer.metrics().written(peer.disk().waiting().toNanos());
    peer.disk().done();
    peer.store().stored(stored.staged());
    peer.disk().mayHaveBegun();
    peer.outbox().release();
    peer.snapshots().tidy(this::snapshotsUnderWay);
    return onDurable();
  }

  private Role onLookAtDisk() {
    return peer.disk().look() ? onDiskHangs() : this;
  }

  /** A write takes far too long; whoever does not lead yet will not stand for election. */
  Role onDiskHangs() {
    return this;
  }

  /** More of what this peer did is on disk. */
  Role onDurable() {
    return this;
  }

  private Role onRecovered(SelfMessage recovered) {
    throw new IllegalStateException("A peer recovers once.");
  }

  // Snapshots (§7).

  abstract Role onInstallSnapshot(InstallSnapshot request);

  /** Only a leader has sent one; to all others the answer comes late. */
  Role onInstallSnapshotReply(InstallSnapshotReply reply) {
    return this;
  }

  private Role onTaking(SnapshotWork.Taking work) {
    peer.snapshots().done(work, neededAfter());
    return this;
  }

  /** Only a follower receives one; a leader that it hears of later begins anew. */
  Role onReceiving(SnapshotWork.Receiving work) {
    return this;
  }

  /** Only a leader sends one. */
  Role onReading(SnapshotWork.Reading work) {
    return this;
  }

  private Role onTakeSnapshot(TakeSnapshot request) {
    peer.snapshots().request(request);
    return this;
  }

  /** Those that are on their way to followers. */
  Collection<SnapshotMeta> snapshotsUnderWay() {
    return List.of();
  }

  /** Of the log after each of these entries, a follower that has needed a snapshot is in need. */
  Collection<LogIndex> neededAfter() {
    return List.of();
  }

  // Committing and applying (§5.3).

  protected final Role commitThrough(LogIndex index) {
    if (peer.commitThrough(index)) {
      peer.applyCommitted(this::onApplied);
      onAppliedSome();
    }
    return this;
  }

  private Role onApplyMore(ApplyMore more) {
    peer.applyMore(this::onApplied);
    onAppliedSome();
    return this;
  }

  /** An entry was applied; a leader answers who proposed it. */
  void onApplied(LogIndex index, Entry entry, Outcome outcome) {}

  /** The state is newer than it was; reads may have waited for it. */
  void onAppliedSome() {}

  /** Answers a read from the state as it is. */
  protected final void answer(Query<?> read) {
    @SuppressWarnings("unchecked") // What the state machine says is all that is ever sent to it.
    var replyTo = (ActorRef<StatusReply<Object>>) (ActorRef<?>) read.replyTo();
    var applier = peer.applier();
    try {
      requireSeen(read.consistency());
      var result = applier.answer(read.query());
      replyTo.tell(StatusReply.success(read.answer(result, applier.lastApplied())));
      peer.metrics().read(read.consistency());
    } catch (RaftException failure) {
      replyTo.tell(StatusReply.error(failure));
    }
  }

  /** Whoever was answered at an index finds it at any peer that has asked a leader since. */
  private void requireSeen(ReadConsistency consistency) {
    if (consistency instanceof ReadConsistency.AtLeast atLeast
        && !peer.applier().lastApplied().isAtLeast(atLeast.index())) {
      throw new CommandRefused(
          CommandRefused.Reason.NO_SUCH_INDEX,
          "Index "
              + atLeast.index()
              + " was never committed here: it comes from another group, or what was there was"
              + " lost.");
    }
  }

  /** The reads that are pending are as many as may be. */
  protected final void refuseAsOneTooMany(Query<?> read) {
    var max = peer.settings().reads().maxPending();
    read.replyTo()
        .tell(
            StatusReply.error(
                new Overloaded(max + " reads are pending (pekko-raft.reads.max-pending).")));
  }
}
