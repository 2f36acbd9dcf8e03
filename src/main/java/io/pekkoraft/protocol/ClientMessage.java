package io.pekkoraft.protocol;

import io.pekkoraft.RaftException;
import io.pekkoraft.RaftStatus;
import java.util.Objects;
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
   * Answers a query from a state that holds every write acknowledged before the query was sent
   * (linearizable, §8).
   *
   * @param query a command whose handler only replies and leaves the state as it was
   */
  record Read<C, R>(C query, ActorRef<StatusReply<R>> replyTo) implements Request<R> {
    public Read {
      Objects.requireNonNull(query, "A query is never null.");
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
