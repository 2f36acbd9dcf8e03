package io.pekkoraft.role;

import io.pekkoraft.RaftException;
import io.pekkoraft.RaftException.CommandRefused;
import io.pekkoraft.RaftException.OutcomeUnknown;
import io.pekkoraft.RaftException.Overloaded;
import io.pekkoraft.RaftStatus;
import io.pekkoraft.RaftStatus.FollowerStatus;
import io.pekkoraft.apply.Applier.Outcome;
import io.pekkoraft.model.Batch;
import io.pekkoraft.model.Bytes;
import io.pekkoraft.model.Entry;
import io.pekkoraft.model.LogIndex;
import io.pekkoraft.model.PeerId;
import io.pekkoraft.model.SafetyViolation;
import io.pekkoraft.model.Term;
import io.pekkoraft.protocol.ClientMessage.Propose;
import io.pekkoraft.protocol.ClientMessage.Read;
import io.pekkoraft.protocol.PeerMessage.AppendAccepted;
import io.pekkoraft.protocol.PeerMessage.AppendEntries;
import io.pekkoraft.protocol.PeerMessage.AppendRejected;
import io.pekkoraft.protocol.SelfMessage;
import io.pekkoraft.replication.CommitRule;
import io.pekkoraft.replication.Progress;
import io.pekkoraft.storage.StoreEvent.EntriesAppended;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.pekko.pattern.StatusReply;

/**
 * Takes commands, copies them to its followers while it writes them itself, and commits what a
 * majority has on disk (§5.3, §5.4.2; writing in parallel: thesis §10.2.1).
 */
final class Leader extends Role {
  private static final SelfMessage HEARTBEAT = new SelfMessage.HeartbeatTick();

  private final Term term;
  private final SortedMap<PeerId, Progress> followers = new TreeMap<>();
  private final PendingReplies pending;

  /** The end of the last batch. What comes after it, nobody has seen yet, not even the store. */
  private LogIndex batched;

  private int unbatchedBytes;
  private long round;
  private long lastHeartbeat;

  Leader(Peer peer, Transitions become) {
    super(peer, become);
    this.term = peer.term();
    this.pending = new PendingReplies(peer.settings().proposals());
    this.batched = peer.log().lastIndex();
    this.lastHeartbeat = peer.nanoTime();
    for (var other : peer.others()) {
      followers.put(other, new Progress(batched.next(), peer.settings().replication()));
    }
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
    peer.log().append(Entry.noOp(term));
    endBatch();
    return this;
  }

  /** What it took on but did not send yet stays in the log, so the store must have it as well. */
  @Override
  void leave() {
    peer.timers().cancel(HEARTBEAT);
    stageNew();
    stop();
  }

  @Override
  void stop() {
    pending.abandon(
        new OutcomeUnknown(
            peer.id() + " no longer leads term " + term + "; the command may yet take effect."));
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
      requireDiskToFollow();
      pending.requireRoomFor(0); // In a flood, a refusal must be cheap.
      var payload = encode(request.command());
      pending.requireRoomFor(payload.size());
      var index = peer.log().append(Entry.command(term, payload));
      pending.add(index, payload.size(), request.replyTo(), Leader::reply);
      peer.requestFlush();
      // A flood would else keep the followers waiting until the mailbox is empty.
      unbatchedBytes += payload.size();
      if (unbatchedBytes >= peer.settings().replication().maxBatchBytes()) {
        endBatch();
      }
    } catch (RaftException refusal) {
      request.replyTo().tell(StatusReply.error(refusal));
    }
    return this;
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

  /**
   * Through the log (§8): once an entry is committed that nobody had seen when the read arrived,
   * this peer led at that moment, and the state holds whatever was acknowledged before.
   */
  @Override
  Role onRead(Read<?, ?> request) {
    heartbeatIfDue();
    try {
      requireDiskToFollow();
      pending.requireRoomFor(0);
      if (peer.log().lastIndex().equals(batched)) {
        peer.log().append(Entry.noOp(term));
      }
      var query = request.query();
      pending.add(peer.log().lastIndex(), 0, request.replyTo(), outcome -> answer(query));
      peer.requestFlush();
    } catch (RaftException refusal) {
      request.replyTo().tell(StatusReply.error(refusal));
    }
    return this;
  }

  private StatusReply<Object> answer(Object query) {
    try {
      return StatusReply.success(peer.applier().answer(query));
    } catch (RaftException failure) {
      return StatusReply.error(failure);
    }
  }

  // Replication.

  @Override
  Role onFlush() {
    endBatch();
    return super.onFlush();
  }

  private void endBatch() {
    stageNew();
    followers.forEach(this::replicate);
  }

  private void stageNew() {
    unbatchedBytes = 0;
    while (peer.log().lastIndex().isAfter(batched)) {
      var first = batched.next();
      var batch = pack(first, peer.log().lastIndex());
      peer.stage(new EntriesAppended(first, batch));
      batched = batched.plus(batch.size());
    }
  }

  private Batch pack(LogIndex first, LogIndex last) {
    return peer.log().pack(first, last, peer.settings().replication().maxBatchBytes());
  }

  private void replicate(PeerId follower, Progress progress) {
    while (progress.maySend() && batched.isAtLeast(progress.next())) {
      send(follower, progress, pack(progress.next(), batched));
    }
  }

  private void send(PeerId follower, Progress progress, Batch batch) {
    var previous = peer.log().at(progress.next().previous());
    progress.sent(batch);
    peer.outbox()
        .now(
            follower,
            new AppendEntries(peer.id(), term, previous, batch, peer.log().committed(), round));
  }

  /** The timer's tick waits behind a flood of requests in the mailbox; the followers must not. */
  private void heartbeatIfDue() {
    if (peer.nanoTime() - lastHeartbeat >= peer.settings().heartbeatInterval().toNanos()) {
      onHeartbeatTick();
    }
  }

  /** Keeps each follower quiet, with entries where there are any, and asks anew what got lost. */
  @Override
  Role onHeartbeatTick() {
    lastHeartbeat = peer.nanoTime();
    followers.forEach(
        (follower, progress) -> {
          progress.heartbeat();
          if (progress.maySend() && batched.isAtLeast(progress.next())) {
            replicate(follower, progress);
          } else {
            send(follower, progress, Batch.EMPTY);
          }
        });
    return this;
  }

  @Override
  Role onAppendAccepted(AppendAccepted reply) {
    if (reply.matched().isAfter(peer.log().lastIndex())) {
      getContext().getLog().warn("Ignored {}: the log ends at {}", reply, peer.log().last());
      return this;
    }
    var progress = followers.get(reply.from());
    progress.accepted(reply.matched(), reply.round());
    replicate(reply.from(), progress);
    return commit();
  }

  @Override
  Role onAppendRejected(AppendRejected reply) {
    var progress = followers.get(reply.from());
    if (progress.rejected(reply.previous(), reply.hint(), reply.round(), peer.log())) {
      progress.probeIn(++round);
      replicate(reply.from(), progress);
    }
    return this;
  }

  // Committing.

  @Override
  Role onDurable() {
    return commit();
  }

  private Role commit() {
    return commitThrough(
        CommitRule.committable(peer.log(), peer.configuration(), term, this::matched));
  }

  /** The leader counts itself only as far as its own disk has it (thesis §10.2.1). */
  private LogIndex matched(PeerId member) {
    return member.equals(peer.id()) ? peer.store().durableIndex() : followers.get(member).match();
  }

  @Override
  void onApplied(LogIndex index, Entry entry, Outcome outcome) {
    pending.applied(index, outcome);
  }

  @Override
  SortedMap<PeerId, FollowerStatus> followers() {
    var status = new TreeMap<PeerId, FollowerStatus>();
    followers.forEach((follower, progress) -> status.put(follower, progress.status()));
    return status;
  }
}
