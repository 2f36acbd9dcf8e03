package io.pekkoraft.protocol;

import io.pekkoraft.RaftException;
import io.pekkoraft.RaftStatus;
import io.pekkoraft.ReadConsistency;
import io.pekkoraft.model.PeerId;
import java.util.Objects;
import java.util.Optional;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.pattern.StatusReply;

/**
 * What a client asks of a peer. Each of these gets one reply, unless the peer stops before it comes
 * to it; an error is a {@link RaftException}, which says whether anything happened.
 */
public sealed interface ClientMessage extends RaftMessage {
  /**
   * A request that only the leader can serve; all others answer {@link RaftException.NotLeader}.
   */
  sealed interface Request<R> extends ClientMessage {
    ActorRef<StatusReply<R>> replyTo();
  }

  /**
   * Replicates a command and answers with what the state machine made of it (§8).
   *
   * @param <C> the state machine's command
   * @param <R> its result
   */
  record Propose<C, R>(C command, ActorRef<StatusReply<R>> replyTo) implements Request<R> {
    public Propose {
      Objects.requireNonNull(command, "A command is never null.");
      Objects.requireNonNull(replyTo, "Somebody has to hear the reply.");
    }
  }

  /**
   * Answers a query from the state. A peer that can't do so as the consistency wants it answers
   * {@link RaftException.NotLeader}.
   *
   * @param query a command whose handler only replies and leaves the state as it was
   * @param consistency what the answer may miss
   */
  record Read<C, R>(C query, ReadConsistency consistency, ActorRef<StatusReply<R>> replyTo)
      implements Request<R> {
    public Read {
      Objects.requireNonNull(query, "A query is never null.");
      Objects.requireNonNull(consistency, "ReadConsistency.linearizable() is a good choice.");
      Objects.requireNonNull(replyTo, "Somebody has to hear the reply.");
    }

    /** A linearizable read. */
    public Read(C query, ActorRef<StatusReply<R>> replyTo) {
      this(query, ReadConsistency.linearizable(), replyTo);
    }
  }

  /**
   * Asks the leader to hand its office over (thesis §3.10), before its machine goes down for
   * instance. It takes no commands meanwhile; if that takes longer than an election time-out, it
   * goes on as before and says so.
   *
   * @param to the successor; empty for the follower that has most of the log
   * @param replyTo hears who was told to take over, when the leader has left
   */
  record TransferLeadership(Optional<PeerId> to, ActorRef<StatusReply<PeerId>> replyTo)
      implements Request<PeerId> {
    public TransferLeadership {
      Objects.requireNonNull(to, "Optional.empty() for the best follower.");
      Objects.requireNonNull(replyTo, "Somebody has to hear the reply.");
    }
  }

  /** Asks any peer how it is. */
  record GetStatus(ActorRef<RaftStatus> replyTo) implements ClientMessage {
    public GetStatus {
      Objects.requireNonNull(replyTo, "Somebody has to hear the reply.");
    }
  }
}
