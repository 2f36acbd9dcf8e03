package io.pekkoraft.role;

import io.pekkoraft.RaftException.Overloaded;
import io.pekkoraft.RaftSettings.Proposals;
import io.pekkoraft.apply.Applier.Outcome;
import io.pekkoraft.model.LogIndex;
import java.util.ArrayDeque;
import java.util.Deque;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.pattern.StatusReply;

/**
 * Who waits at a leader, for which entry. The table lives and dies with one leader in one term, so
 * it is keyed by (term, index): an entry of another leader at the same index finds nobody here.
 */
final class PendingReplies {
  private final Proposals bounds;
  private final Deque<Waiting> waiting = new ArrayDeque<>();
  private long bytes;

  private record Waiting(
      LogIndex index, int size, ActorRef<StatusReply<Object>> replyTo, Replying reply) {}

  /** Turns what applying the entry at an index came to into the reply. */
  @FunctionalInterface
  interface Replying {
    StatusReply<Object> to(LogIndex index, Outcome outcome);
  }

  PendingReplies(Proposals bounds) {
    this.bounds = bounds;
  }

  /**
   * @throws Overloaded when a request of {@code size} bytes is one too many
   */
  void requireRoomFor(int size) {
    if (waiting.size() >= bounds.maxPending()) {
      throw new Overloaded(
          waiting.size() + " requests are pending (pekko-raft.proposals.max-pending).");
    }
    if (bytes + size > bounds.maxPendingBytes()) {
      throw new Overloaded(bytes + " bytes are pending (pekko-raft.proposals.max-pending-size).");
    }
  }

  int size() {
    return waiting.size();
  }

  /** Waits for {@code index}, which is never before that of the last one who waits. */
  <R> void add(LogIndex index, int size, ActorRef<StatusReply<R>> replyTo, Replying reply) {
    @SuppressWarnings("unchecked") // The state machine's results are all that is ever sent to it.
    var untyped = (ActorRef<StatusReply<Object>>) (ActorRef<?>) replyTo;
    waiting.addLast(new Waiting(index, size, untyped, reply));
    bytes += size;
  }

  /** The entry at {@code index} was applied. */
  void applied(LogIndex index, Outcome outcome) {
    while (!waiting.isEmpty() && index.isAtLeast(waiting.peekFirst().index())) {
      var next = waiting.peekFirst();
      var reply = next.reply().to(next.index(), outcome);
      waiting.removeFirst();
      bytes -= next.size();
      next.replyTo().tell(reply);
    }
  }

  /** Nobody here will see an entry applied any more. */
  void abandon(RuntimeException reason) {
    waiting.forEach(next -> next.replyTo().tell(StatusReply.error(reason)));
    waiting.clear();
    bytes = 0;
  }
}
