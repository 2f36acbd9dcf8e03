package io.pekkoraft.sharding;

import io.pekkoraft.RaftException;
import io.pekkoraft.RaftGroup;
import io.pekkoraft.sharding.GroupCommand.Settle;
import io.pekkoraft.sharding.GroupResult.Settled;
import io.pekkoraft.sharding.RaftSharding.OtherNumberOfGroups;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorSystem;

/**
 * Into how many groups a type's entities are hashed, where all its peers run in one actor system:
 * the first group keeps the number. It is asked as often as it takes.
 */
final class GroupCount {
  private static final Duration ASK_AGAIN = Duration.ofMillis(100);

  private final ActorSystem<?> system;
  private final String type;
  private final RaftGroup<GroupCommand, GroupResult> first;
  private final int wanted;
  private final CompletableFuture<Done> settled = new CompletableFuture<>();

  private GroupCount(
      ActorSystem<?> system, String type, RaftGroup<GroupCommand, GroupResult> first, int wanted) {
    this.system = system;
    this.type = type;
    this.first = first;
    this.wanted = wanted;
  }

  /**
   * @return done when it is the number that is wanted; fails with {@link OtherNumberOfGroups}
   */
  static CompletionStage<Done> settle(
      ActorSystem<?> system, String type, RaftGroup<GroupCommand, GroupResult> first, int wanted) {
    var count = new GroupCount(system, type, first, wanted);
    count.ask();
    return count.settled;
  }

  private void ask() {
    first.propose(new Settle(wanted)).whenComplete(this::answered);
  }

  private void answered(GroupResult result, Throwable failure) {
    if (failure instanceof RaftException
        && !system.getWhenTerminated().toCompletableFuture().isDone()) {
      system.scheduler().scheduleOnce(ASK_AGAIN, this::ask, system.executionContext());
    } else if (failure != null) {
      settled.completeExceptionally(failure);
    } else if (((Settled) result).groups() == wanted) {
      settled.complete(Done.done());
    } else {
      settled.completeExceptionally(
          new OtherNumberOfGroups(type, ((Settled) result).groups(), wanted));
    }
  }
}
