package io.pekkoraft.role;

import io.pekkoraft.RaftException;
import io.pekkoraft.RaftException.CommandRefused;
import io.pekkoraft.RaftException.NotLeader;
import io.pekkoraft.RaftException.OutcomeUnknown;
import io.pekkoraft.RaftException.Overloaded;
import io.pekkoraft.apply.Applier.Outcome;
import io.pekkoraft.model.Bytes;
import io.pekkoraft.model.Entry;
import io.pekkoraft.model.LogIndex;
import io.pekkoraft.model.PeerId;
import io.pekkoraft.model.Term;
import io.pekkoraft.protocol.ClientMessage.Propose;
import io.pekkoraft.protocol.ClientMessage.Request;
import io.pekkoraft.role.PendingReplies.Replying;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.pekko.pattern.StatusReply;

/**
 * The commands of a leader's clients: takes them into the log, within its bounds, and answers when
 * they are applied (§5.3, §8).
 */
final class LeaderCommands {
  private final Peer peer;
  private final Term term;
  private final Replicator replicator;
  private final PendingReplies pending;
  private final Refusals refusals;

  LeaderCommands(Peer peer, Replicator replicator) {
    this.peer = peer;
    this.term = peer.term();
    this.replicator = replicator;
    this.pending = new PendingReplies(peer.settings().proposals());
    this.refusals = new Refusals(peer);
  }

  /**
   * @param successor to whom the office is being handed over, if it is
   */
  void propose(Propose<?, ?> request, Optional<PeerId> successor) {
    take(
        request,
        successor,
        () -> Entry.command(term, encode(request.command())),
        LeaderCommands::reply);
  }

  /**
   * Takes what a client wants in the log, if there is room for it, and answers when it is applied.
   *
   * @param entry may throw a refusal
   */
  void take(Request<?> request, Optional<PeerId> successor, Supplier<Entry> entry, Replying reply) {
    try {
      successor.ifPresent(this::refuseAsLeaving);
      requireDiskToFollow();
      requireRoomInLog();
      pending.requireRoomFor(0); // In a flood, a refusal must be cheap.
      var wanted = entry.get();
      var size = wanted.payload().size();
      pending.requireRoomFor(size);
      pending.add(replicator.append(wanted), size, request.replyTo(), reply);
      peer.metrics().taken(size);
    } catch (RaftException refusal) {
      refusals.add(refusal);
      request.replyTo().tell(StatusReply.error(refusal));
    }
  }

  /** Whoever is to take over must catch up. */
  private void refuseAsLeaving(PeerId successor) {
    throw new NotLeader(
        peer.id() + " is handing its office over to " + successor + ".", Optional.of(successor));
  }

  /** Followers commit without the leader's disk, but what waits for it must not grow for ever. */
  private void requireDiskToFollow() {
    var staged = peer.store().stagedBytes();
    if (staged > peer.settings().proposals().maxPendingBytes()) {
      throw new Overloaded(
          staged + " bytes wait for the leader's disk (pekko-raft.proposals.max-pending-size).");
    }
  }

  /** It is in memory, and a snapshot that would let it shrink may be slow, or fail. */
  private void requireRoomInLog() {
    peer.snapshots().makeRoom();
    if (peer.snapshots().isLogFull()) {
      throw new Overloaded(
          peer.log().bytes()
              + " bytes are in the log, and no snapshot includes them yet"
              + " (pekko-raft.snapshots.max-log-size).");
    }
  }

  /**
   * @throws CommandRefused when it can't travel, or is too large
   */
  Bytes encode(Object command) {
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

  static StatusReply<Object> reply(LogIndex index, Outcome outcome) {
    return outcome.failure() == null
        ? StatusReply.success(outcome.result())
        : StatusReply.error(outcome.failure());
  }

  /** How many have no answer yet. */
  int pending() {
    return pending.size();
  }

  void applied(LogIndex index, Outcome outcome) {
    pending.applied(index, outcome);
  }

  /** The leader leaves: who waits will not hear from it what becomes of the command. */
  void abandon() {
    pending.abandon(
        new OutcomeUnknown(
            peer.id() + " no longer leads term " + term + "; the command may yet take effect."));
  }
}
