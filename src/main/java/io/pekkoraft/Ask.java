package io.pekkoraft;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.scaladsl.AskPattern.Askable$;
import org.apache.pekko.util.Timeout;

/**
 * Pekko's ask, whose answer comes on the actor system's own dispatcher. The Java face of it goes
 * through {@code CompletableFuture}'s default pool, and where there are two cores or less that
 * starts a thread for each answer, on the time of the actor that answers: 100 us for each on two
 * cores, long enough for a busy leader to miss its heartbeats.
 */
final class Ask {
  private Ask() {}

  /**
   * @return what was answered; fails with a {@link java.util.concurrent.TimeoutException} after
   *     {@code patience}
   */
  static <M, R> CompletableFuture<R> ask(
      ActorSystem<?> system,
      ActorRef<M> actor,
      Function<ActorRef<R>, M> message,
      Duration patience) {
    var answer = new CompletableFuture<R>();
    Askable$.MODULE$
        .<R, M>ask$extension(actor, message::apply, Timeout.create(patience), system.scheduler())
        .onComplete(
            outcome ->
                outcome.isSuccess()
                    ? answer.complete(outcome.get())
                    : answer.completeExceptionally(outcome.failed().get()),
            system.executionContext());
    return answer;
  }
}
