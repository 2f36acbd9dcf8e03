package io.pekkoraft.role;

import io.pekkoraft.RaftException.NotLeader;
import io.pekkoraft.ReadConsistency;
import io.pekkoraft.model.LogIndex;
import io.pekkoraft.protocol.ClientMessage.Query;
import io.pekkoraft.protocol.PeerMessage.AskReadIndex;
import io.pekkoraft.protocol.PeerMessage.ReadIndexAnswer;
import io.pekkoraft.read.Lease;
import io.pekkoraft.read.ReadIndex;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.pekko.pattern.StatusReply;

/**
 * The reads of a leader, its clients' and its followers' (thesis §6.4). They wait for a round of
 * messages that begins after they came, which tells that nobody else leads.
 */
final class LeaderReads {
  private final Peer peer;
  private final Replicator replicator;
  private final ReadIndex<Waiting> reads = new ReadIndex<>();
  private final Lease lease;

  /**
   * The first entry of the leader's own term: before it is committed, nobody knows what else is.
   */
  private final LogIndex firstOwn;

  private sealed interface Waiting {}

  private record OwnRead(Query<?> read) implements Waiting {}

  private record FollowersRead(AskReadIndex question) implements Waiting {}

  /** Made before the leader appends its first entry. */
  LeaderReads(Peer peer, Replicator replicator) {
    this.peer = peer;
    this.replicator = replicator;
    this.firstOwn = peer.log().lastIndex().next();
    this.lease =
        new Lease(peer.settings().electionTimeout().min(), peer.settings().reads().maxClockDrift());
  }

  LogIndex firstOwn() {
    return firstOwn;
  }

  /** Whether none waits for an answer. */
  boolean isEmpty() {
    return reads.size() == 0;
  }

  boolean isFull() {
    return reads.size() >= peer.settings().reads().maxPending();
  }

  /**
   * Whether the state as it is will do.
   *
   * @param leaving whether another is told to lead, or was: a lease does not protect against that
   */
  boolean isFreshEnough(ReadConsistency consistency, boolean leaving) {
    var applied = peer.applier().lastApplied();
    if (consistency instanceof ReadConsistency.AtLeast atLeast) {
      return applied.isAtLeast(atLeast.index());
    }
    var knowsAll = applied.isAtLeast(firstOwn) && applied.isAtLeast(peer.log().committed());
    var began = replicator.rounds().confirmedBegan();
    if (consistency instanceof ReadConsistency.Stale stale) {
      return knowsAll && peer.nanoTime() - began <= stale.atMost().toNanos();
    }
    return consistency instanceof ReadConsistency.Lease
        && knowsAll
        && !leaving
        && peer.settings().reads().lease()
        && lease.holds(began, peer.nanoTime());
  }

  void add(Query<?> read) {
    add(new OwnRead(read));
  }

  void add(AskReadIndex question) {
    add(new FollowersRead(question));
  }

  private void add(Waiting read) {
    reads.add(read);
    peer.requestFlush();
  }

  /** Begins a round, if some wait for one. */
  void ask(Consumer<Query<?>> own) {
    if (reads.needsRound()) {
      replicator.beginRound();
      reads.begin(replicator.rounds().last());
      answer(own);
    }
  }

  /** Answers those whose round has ended and whose state is there. */
  void answer(Consumer<Query<?>> own) {
    reads.confirmed(replicator.rounds().confirmed(), peer.log().committed().max(firstOwn));
    reads.applied(
        peer.applier().lastApplied(),
        waiting -> {
          if (waiting instanceof OwnRead read) {
            own.accept(read.read());
          } else if (waiting instanceof FollowersRead read) {
            tell(read.question());
          }
        });
    ask(own);
  }

  private void tell(AskReadIndex question) {
    var index = peer.applier().lastApplied();
    peer.outbox()
        .now(
            question.from(), new ReadIndexAnswer(peer.id(), peer.term(), question.number(), index));
  }

  /** Nothing ever came of a read, so whoever asked may ask elsewhere; a follower asks anew. */
  void abandon() {
    reads.abandon(
        waiting -> {
          if (waiting instanceof OwnRead read) {
            read.read().replyTo().tell(StatusReply.error(new NotLeader(Optional.empty())));
          }
        });
  }
}
