package io.pekkoraft.sharding;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.scaladsl.AskPattern.Askable$;
import org.apache.pekko.pattern.StatusReply;
import org.apache.pekko.util.Timeout;

/**
 * An entity, wherever it is. It need not have been there before.
 *
 * <p>A command takes effect at most once, and if it fails with {@link
 * io.pekkoraft.RaftException.OutcomeUnknown} or with a time-out, nobody can tell whether it did:
 * who sends such a one again needs commands that may be done twice.
 */
public final class EntityRef<Command> {
  private final ActorSystem<?> system;
  private final ActorRef<Region.Message> region;
  private final EntityTypeKey<Command> typeKey;
  private final String entityId;
  private final Duration patience;

  /**
   * @param patience how long a command that is only told may wait for a leader
   */
  EntityRef(
      ActorSystem<?> system,
      ActorRef<Region.Message> region,
      EntityTypeKey<Command> typeKey,
      String entityId,
      Duration patience) {
    this.system = system;
    this.region = region;
    this.typeKey = typeKey;
    this.entityId = entityId;
    this.patience = patience;
  }

  public EntityTypeKey<Command> typeKey() {
    return typeKey;
  }

  public String entityId() {
    return entityId;
  }

  /** Sends a command. If nothing comes of it, nobody hears. */
  public void tell(Command command) {
    region.tell(route(command, Asker.NOBODY, patience));
  }

  /**
   * Sends a command and waits for its reply.
   *
   * @param message the command that replies to the given actor
   * @return the reply; fails with a {@link io.pekkoraft.RaftException} that says what became of the
   *     command, or with a {@link java.util.concurrent.TimeoutException} after {@code timeout}
   */
  @SuppressWarnings("unchecked") // An ask takes anything; a failure is what makes it fail.
  public <Reply> CompletionStage<Reply> ask(
      Function<ActorRef<Reply>, Command> message, Duration timeout) {
    var answer = new CompletableFuture<Reply>();
    Askable$.MODULE$
        .<Reply, Region.Message>ask$extension(
            region,
            replyTo ->
                route(
                    message.apply(replyTo),
                    Asker.of((ActorRef<Object>) (ActorRef<?>) replyTo),
                    timeout),
            Timeout.create(timeout),
            system.scheduler())
        .onComplete(
            outcome ->
                outcome.isSuccess()
                    ? answer.complete(outcome.get())
                    : answer.completeExceptionally(outcome.failed().get()),
            system.executionContext());
    return answer;
  }

  /** As {@link #ask}, for replies with a status: an error is the failure of what is returned. */
  public <Reply> CompletionStage<Reply> askWithStatus(
      Function<ActorRef<StatusReply<Reply>>, Command> message, Duration timeout) {
    var answer = new CompletableFuture<Reply>();
    ask(message, timeout)
        .whenComplete(
            (reply, failure) -> {
              if (failure == null && reply.isSuccess()) {
                answer.complete(reply.getValue());
              } else {
                answer.completeExceptionally(failure == null ? reply.getError() : failure);
              }
            });
    return answer;
  }

  private Region.Route route(Command command, Asker asker, Duration patience) {
    return new Region.Route(Delivery.of(entityId, command, asker, patience));
  }

  @Override
  public String toString() {
    return "EntityRef(" + typeKey.name() + ", " + entityId + ")";
  }
}
