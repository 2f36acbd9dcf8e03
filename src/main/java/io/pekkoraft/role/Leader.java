package io.pekkoraft.role;

import io.pekkoraft.RaftException;
import io.pekkoraft.RaftException.ChangeRefused;
import io.pekkoraft.RaftException.CommandRefused;
import io.pekkoraft.RaftException.NotLeader;
import io.pekkoraft.RaftException.OutcomeUnknown;
import io.pekkoraft.RaftException.Overloaded;
import io.pekkoraft.RaftStatus;
import io.pekkoraft.RaftStatus.FollowerStatus;
import io.pekkoraft.apply.Applier.Outcome;
import io.pekkoraft.model.Bytes;
import io.pekkoraft.model.Entry;
import io.pekkoraft.model.LogIndex;
import io.pekkoraft.model.PeerId;
import io.pekkoraft.model.SafetyViolation;
import io.pekkoraft.model.Term;
import io.pekkoraft.protocol.ClientMessage.Propose;
import io.pekkoraft.protocol.ClientMessage.Read;
import io.pekkoraft.protocol.ClientMessage.TransferLeadership;
import io.pekkoraft.protocol.PeerMessage.AppendAccepted;
import io.pekkoraft.protocol.PeerMessage.AppendEntries;
import io.pekkoraft.protocol.PeerMessage.AppendRejected;
import io.pekkoraft.protocol.PeerMessage.AskReadIndex;
import io.pekkoraft.protocol.PeerMessage.TimeoutNow;
import io.pekkoraft.protocol.SelfMessage;
import io.pekkoraft.replication.CommitRule;
import java.util.Optional;
import java.util.SortedMap;
import org.apache.pekko.pattern.StatusReply;

/**
 * Takes commands, copies them to its followers while it writes them itself, and commits what a
 * majority has on disk (§5.3, §5.4.2; writing in parallel: thesis §10.2.1).
 */
final class Leader extends Role {
  private static final SelfMessage HEARTBEAT = new SelfMessage.HeartbeatTick();

  private final Term term;
  private final Replicator replicator;
  private final PendingReplies pending;
  private final LeaderReads reads;
  private Optional<Handover> transfer = Optional.empty();

  /** When a majority was heard last, as a tick found that to be too long ago. */
  private Optional<Long> warned = Optional.empty();

  Leader(Peer peer, Transitions become) {
    super(peer, become);
    this.term = peer.term();
    this.replicator = new Replicator(peer);
    this.pending = new PendingReplies(peer.settings().proposals());
    this.reads = new LeaderReads(peer, replicator);
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
    peer.timers()
        .startTimerWithFixedDelay(HEARTBEAT, HEARTBEAT, peer.settings().heartbeatInterval());
    replicator.append(Entry.noOp(term));
    replicator.endBatch();
    return this;
  }

  @Override
  void leave() {
    peer.timers().cancel(HEARTBEAT);
    replicator.stageNew();
    stop();
  }

  @Override
  void stop() {
    pending.abandon(
        new OutcomeUnknown(
            peer.id() + " no longer leads term " + term + "; the command may yet take effect."));
    reads.abandon();
    transfer.ifPresent(Handover::leaves);
  }

  @Override
  boolean hearsLeader() {
    return true;
  }

  @Override
  Role onAppendEntries(AppendEntries request) {
    throw new SafetyViolation(
        "Two leaders in term " + term + ": " + peer.id() + " and " + request.from());
  }

  // Requests.

  @Override
  Role onPropose(Propose<?, ?> request) {
    heartbeatIfDue();
    try {
      requireStaying();
      requireDiskToFollow();
      pending.requireRoomFor(0); // In a flood, a refusal must be cheap.
      var payload = encode(request.command());
      pending.requireRoomFor(payload.size());
      var index = replicator.append(Entry.command(term, payload));
      pending.add(index, payload.size(), request.replyTo(), Leader::reply);
    } catch (RaftException refusal) {
      request.replyTo().tell(StatusReply.error(refusal));
    }
    return this;
  }

  /** Whoever is to take over must catch up. */
  private void requireStaying() {
    if (transfer.isPresent()) {
      var to = transfer.get().to();
      throw new NotLeader(
          peer.id() + " is handing its office over to " + to + ".", Optional.of(to));
    }
  }

  /** Followers commit without the leader's disk, but what waits for it must not grow for ever. */
  private void requireDiskToFollow() {
    var staged = peer.store().stagedBytes();
    if (staged > peer.settings().proposals().maxPendingBytes()) {
      throw new Overloaded(
          staged + " bytes wait for the leader's disk (pekko-raft.proposals.max-pending-size).");
    }
  }

  private Bytes encode(Object command) {
    Bytes payload;
    try {
      payload = peer.codec().encode(command);
      // What no peer can read would, once committed, stop them all.
      peer.codec().decode(payload);
    } catch (Exception e) {
      throw new CommandRefused(
          CommandRefused.Reason.NOT_SERIALIZABLE,
          "The command can't be serialized and read again; let it be a record that implements"
              + " CborSerializable, or bind a serializer: "
              + e,
          e);
    }
    var max = peer.settings().proposals().maxCommandBytes();
    if (payload.size() > max) {
      throw new CommandRefused(
          CommandRefused.Reason.TOO_LARGE,
          "The command has "
              + payload.size()
              + " bytes; pekko-raft.proposals.max-command-size allows "
              + max
              + ".");
    }
    return payload;
  }

  private static StatusReply<Object> reply(Outcome outcome) {
    return outcome.failure() == null
        ? StatusReply.success(outcome.result())
        : StatusReply.error(outcome.failure());
  }

  @Override
  Role onRead(Read<?, ?> request) {
    heartbeatIfDue();
    if (reads.isFreshEnough(request.consistency(), transfer.isPresent())) {
      answer(request);
    } else if (reads.isFull()) {
      refuseAsOneTooMany(request);
    } else {
      reads.add(request);
    }
    return this;
  }

  @Override
  Role onAskReadIndex(AskReadIndex question) {
    if (!reads.isFull()) {
      reads.add(question);
    }
    return this;
  }

  @Override
  void onAppliedSome() {
    reads.answer(this::answer);
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
    if (replicator.isHeartbeatDue()) {
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
    var heard = replicator.rounds().confirmedBegan();
    if (peer.nanoTime() - heard > peer.settings().electionTimeout().max().toNanos()) {
      if (warned.equals(Optional.of(heard))) {
        return become.resigned();
      }
      warned = Optional.of(heard);
    }
    giveUpTransferInTime();
    replicator.heartbeat();
    return this;
  }

  @Override
  Role onAppendAccepted(AppendAccepted reply) {
    if (reply.matched().isAfter(peer.log().lastIndex())) {
      getContext().getLog().warn("Ignored {}: the log ends at {}", reply, peer.log().last());
      return this;
    }
    replicator.accepted(reply);
    handOverIfReady();
    return commit();
  }

  @Override
  Role onAppendRejected(AppendRejected reply) {
    replicator.rejected(reply);
    reads.answer(this::answer);
    return this;
  }

  // Leaving office in order (thesis §3.10).

  @Override
  Role onTransferLeadership(TransferLeadership request) {
    try {
      if (transfer.isPresent()) {
        throw new ChangeRefused(
            ChangeRefused.Reason.UNDER_WAY,
            peer.id() + " is handing its office over to " + transfer.get().to() + " already.");
      }
      var to = request.to().or(replicator::best).orElseThrow(this::nobodyThere);
      if (to.equals(peer.id())) {
        request.replyTo().tell(StatusReply.success(to));
      } else if (!peer.others().contains(to)) {
        throw new ChangeRefused(
            ChangeRefused.Reason.NO_SUCH_PEER,
            to + " is not a peer of group " + peer.group() + ".");
      } else {
        transfer = Optional.of(new Handover(to, peer.nanoTime(), request.replyTo()));
        replicator.endBatch();
        handOverIfReady();
      }
    } catch (RaftException refusal) {
      request.replyTo().tell(StatusReply.error(refusal));
    }
    return this;
  }

  private ChangeRefused nobodyThere() {
    return new ChangeRefused(
        ChangeRefused.Reason.NO_SUCH_PEER, "There is nobody to hand the office over to.");
  }

  /** The successor has the whole log: nothing else can win, and it need not wait. */
  private void handOverIfReady() {
    transfer
        .filter(handover -> !handover.isTold())
        .filter(handover -> replicator.match(handover.to()).equals(peer.log().lastIndex()))
        .ifPresent(
            handover -> {
              peer.outbox().now(handover.to(), new TimeoutNow(peer.id(), term));
              handover.told();
            });
  }

  private void giveUpTransferInTime() {
    transfer
        .filter(
            handover ->
                peer.nanoTime() - handover.began()
                    > peer.settings().electionTimeout().max().toNanos())
        .ifPresent(
            handover -> {
              transfer = Optional.empty();
              handover.givenUp();
            });
  }

  // Committing.

  @Override
  Role onDurable() {
    return commit();
  }

  private Role commit() {
    commitThrough(CommitRule.committable(peer.log(), peer.configuration(), term, this::matched));
    reads.answer(this::answer);
    return this;
  }

  /** The leader counts itself only as far as its own disk has it (thesis §10.2.1). */
  private LogIndex matched(PeerId member) {
    return member.equals(peer.id()) ? peer.store().durableIndex() : replicator.match(member);
  }

  @Override
  void onApplied(LogIndex index, Entry entry, Outcome outcome) {
    pending.applied(index, outcome);
  }

  @Override
  SortedMap<PeerId, FollowerStatus> followers() {
    return replicator.status();
  }
}
