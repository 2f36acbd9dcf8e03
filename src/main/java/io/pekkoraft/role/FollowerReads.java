package io.pekkoraft.role;

import io.pekkoraft.RaftException.NotLeader;
import io.pekkoraft.ReadConsistency;
import io.pekkoraft.model.LogIndex;
import io.pekkoraft.model.PeerId;
import io.pekkoraft.protocol.ClientMessage.Query;
import io.pekkoraft.protocol.PeerMessage.AskReadIndex;
import io.pekkoraft.protocol.PeerMessage.ReadIndexAnswer;
import io.pekkoraft.read.ReadIndex;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.pekko.pattern.StatusReply;

/**
 * The reads of a follower (thesis §6.4). It asks its leader how far it must have come, once for all
 * that come meanwhile, and answers from its own state when it has come so far.
 */
final class FollowerReads {
  private final Peer peer;
  private final ReadIndex<Query<?>> reads = new ReadIndex<>();
  private long beganAt;
  private long askedAt;
  private Fresh fresh = new Fresh(Optional.empty(), LogIndex.ZERO);

  /**
   * How fresh the state can be known to be.
   *
   * @param asked when the leader was asked whose answer was {@code index}, in nanoseconds
   */
  private record Fresh(Optional<Long> asked, LogIndex index) {}

  FollowerReads(Peer peer) {
    this.peer = peer;
  }

  boolean isFull() {
    return reads.size() >= peer.settings().reads().maxPending();
  }

  /** Whether some have no answer yet. */
  boolean isWaiting() {
    return reads.size() > 0;
  }

  /** Whether the state as it is will do. */
  boolean isFreshEnough(ReadConsistency consistency) {
    var applied = peer.applier().lastApplied();
    if (consistency instanceof ReadConsistency.AtLeast atLeast) {
      return applied.isAtLeast(atLeast.index());
    }
    return consistency instanceof ReadConsistency.Stale stale
        && applied.isAtLeast(fresh.index())
        && fresh
            .asked()
            .map(asked -> peer.nanoTime() - asked <= stale.atMost().toNanos())
            .orElse(false);
  }

  void add(Query<?> read) {
    reads.add(read);
    peer.requestFlush();
  }

  /** Asks the leader, if there is anything to ask it for. */
  void ask(Optional<PeerId> leader) {
    if (leader.isPresent() && reads.needsRound()) {
      reads.begin(peer.nextQuestion());
      beganAt = peer.nanoTime();
      send(leader.get());
    }
  }

  /** The leader is there, and may not have heard the question. */
  void askAgain(PeerId leader) {
    var patience = peer.settings().heartbeatInterval().toNanos();
    if (reads.isAsking() && peer.nanoTime() - askedAt > patience) {
      send(leader);
    }
  }

  private void send(PeerId leader) {
    askedAt = peer.nanoTime();
    peer.outbox().now(leader, new AskReadIndex(peer.id(), peer.term(), reads.round()));
  }

  void answered(ReadIndexAnswer answer, Optional<PeerId> leader) {
    if (!reads.isAsking() || answer.number() != reads.round()) {
      return;
    }
    // It may be the answer to the first of several copies of the question.
    fresh = new Fresh(Optional.of(beganAt), answer.index());
    reads.confirmed(answer.number(), answer.index());
    ask(leader);
  }

  void applied(Consumer<Query<?>> answer) {
    reads.applied(peer.applier().lastApplied(), answer);
  }

  /** Nothing ever came of them, so whoever asked may ask elsewhere. */
  void abandon(Optional<PeerId> leader) {
    reads.abandon(read -> read.replyTo().tell(StatusReply.error(new NotLeader(leader))));
  }
}
