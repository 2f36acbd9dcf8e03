package io.pekkoraft.demo;

import io.pekkoraft.RaftException.OutcomeUnknown;
import io.pekkoraft.demo.TicketOffice.Command;
import io.pekkoraft.http.Problem;
import io.pekkoraft.http.ProblemException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * The shows, by way of any node that runs. When nobody can tell what became of a command, since the
 * node that was asked was killed or a leader lost its office, it is sent again: those of the ticket
 * office may come twice.
 */
record OfficeShows(OfficeNodes nodes, Variant variant) implements Shows {
  private static final int MAX_ATTEMPTS = 10;

  @Override
  public <Reply> CompletionStage<Reply> ask(
      String show, Function<ActorRef<Reply>, Command> command, Duration patience) {
    return attempt(1, show, command, System.nanoTime() + patience.toNanos());
  }

  private <Reply> CompletionStage<Reply> attempt(
      int number, String show, Function<ActorRef<Reply>, Command> command, long until) {
    var left = until - System.nanoTime();
    return nodes
        .anyFor(show)
        .map(node -> node.ask(variant, show, command, Duration.ofNanos(Math.max(left, 1))))
        .orElseGet(OfficeShows::nobodyRuns)
        .exceptionallyCompose(
            failure ->
                number < MAX_ATTEMPTS && left > 0 && isUnknown(failure)
                    ? attempt(number + 1, show, command, until)
                    : CompletableFuture.failedStage(failure));
  }

  private static boolean isUnknown(Throwable failure) {
    var cause = failure instanceof CompletionException ? failure.getCause() : failure;
    return cause instanceof OfficeNode.Killed || cause instanceof OutcomeUnknown;
  }

  private static <Reply> CompletionStage<Reply> nobodyRuns() {
    return CompletableFuture.failedStage(
        new ProblemException(Problem.unavailable("All nodes are down. Nothing was done.")));
  }
}
