package io.pekkoraft.client;

import io.pekkoraft.RaftException;
import io.pekkoraft.ReadConsistency;
import java.util.Objects;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.pattern.StatusReply;

/**
 * What a client is asked for. Each gets one reply within {@code pekko-raft.client.timeout}; an
 * error is a {@link RaftException}, which says whether anything happened.
 *
 * @param <C> the state machine's commands
 * @param <R> its results
 */
public sealed interface ClientRequest<C, R> extends ClientEvent {
  /**
   * Replicates a command. It takes effect once if it is answered with a result, and at most once if
   * it is not. Two of them that are on their way may take effect in any order.
   */
  record Propose<C, R>(C command, ActorRef<StatusReply<R>> replyTo) implements ClientRequest<C, R> {
    public Propose {
      Objects.requireNonNull(command, "A command is never null.");
      Objects.requireNonNull(replyTo, "Somebody has to hear the reply.");
    }
  }

  /**
   * Answers a query from the state.
   *
   * @param query a command whose handler only replies and leaves the state as it was
   */
  record Read<C, R>(C query, ReadConsistency consistency, ActorRef<StatusReply<R>> replyTo)
      implements ClientRequest<C, R> {
    public Read {
      Objects.requireNonNull(query, "A query is never null.");
      Objects.requireNonNull(consistency, "ReadConsistency.linearizable() is a good choice.");
      Objects.requireNonNull(replyTo, "Somebody has to hear the reply.");
    }
  }

  /**
   * Takes no more requests, waits for the answers to those that it has, ends its session and stops.
   *
   * @param replyTo hears when that is done
   */
  record Close<C, R>(ActorRef<Done> replyTo) implements ClientRequest<C, R> {
    public Close {
      Objects.requireNonNull(replyTo, "Somebody has to hear the reply.");
    }
  }
}
