package io.pekkoraft;

import io.pekkoraft.RaftException.NotLeader;
import io.pekkoraft.model.LogIndex;
import io.pekkoraft.model.PeerId;
import java.util.Collection;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorSystem;

/** Waits until a peer that has just begun knows all that was committed then. */
final class CatchingUp {
  private final ActorSystem<?> system;
  private final RaftGroup<?, ?> group;
  private final PeerId peer;
  private final RaftSettings.Client settings;
  private final long deadline;
  private final CompletableFuture<Done> caughtUp = new CompletableFuture<>();

  CatchingUp(
      ActorSystem<?> system, RaftGroup<?, ?> group, PeerId peer, RaftSettings.Client settings) {
    this.system = system;
    this.group = group;
    this.peer = peer;
    this.settings = settings;
    this.deadline = System.nanoTime() + settings.timeout().toNanos();
  }

  CompletionStage<Done> whenCaughtUp() {
    look(Optional.empty());
    return caughtUp;
  }

  /**
   * @param known how far the leader had committed when it was first heard
   */
  private void look(Optional<LogIndex> known) {
    group
        .status()
        .thenAccept(
            all -> {
              var goal = known.or(() -> committedBy(all.values()));
              if (goal.isPresent() && hasReached(goal.get(), all.get(peer))) {
                caughtUp.complete(Done.done());
              } else {
                lookAgain(goal);
              }
            })
        .exceptionally(
            failure -> {
              caughtUp.completeExceptionally(failure);
              return null;
            });
  }

  private static Optional<LogIndex> committedBy(Collection<RaftStatus> peers) {
    return peers.stream()
        .filter(RaftStatus::isLeader)
        .map(RaftStatus::commitIndex)
        .max(LogIndex::compareTo);
  }

  private static boolean hasReached(LogIndex goal, RaftStatus status) {
    return status != null && status.leader().isPresent() && status.lastApplied().isAtLeast(goal);
  }

  private void lookAgain(Optional<LogIndex> goal) {
    if (System.nanoTime() - deadline > 0) {
      caughtUp.completeExceptionally(
          new NotLeader(
              peer + " runs, but has not caught up within " + settings.timeout() + ".",
              Optional.empty()));
      return;
    }
    system
        .scheduler()
        .scheduleOnce(settings.retryBackoff(), () -> look(goal), system.executionContext());
  }
}
