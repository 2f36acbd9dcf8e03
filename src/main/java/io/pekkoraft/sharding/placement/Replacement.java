package io.pekkoraft.sharding.placement;

import io.pekkoraft.RaftGroup;
import io.pekkoraft.RaftStatus;
import io.pekkoraft.membership.Change;
import io.pekkoraft.membership.VersionedConfiguration;
import io.pekkoraft.model.PeerId;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.IntFunction;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorSystem;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets the peers on an empty disk take the place of those that were lost: each group removes the
 * one that it had met and adds the one that is there, as an operator would by hand (§6). It may be
 * begun anew at any time: a group that has its peer is left alone.
 */
final class Replacement {
  private static final Logger LOG = LoggerFactory.getLogger(Replacement.class);
  private static final int AT_ONCE = 4;
  private static final int GROUPS_BETWEEN_WORDS = 100;
  private static final Duration PAUSE = Duration.ofMillis(100);

  private final ActorSystem<?> system;
  private final PeerId replica;
  private final IntFunction<? extends RaftGroup<?, ?>> groups;
  private final Duration patience;
  private final Queue<Integer> left;
  private final int all;
  private final CompletableFuture<Done> done = new CompletableFuture<>();
  private int finished;

  /**
   * @param replica whose peers were lost
   * @param patience for each group
   */
  Replacement(
      ActorSystem<?> system,
      PeerId replica,
      Collection<Integer> numbers,
      IntFunction<? extends RaftGroup<?, ?>> groups,
      Duration patience) {
    this.system = system;
    this.replica = replica;
    this.groups = groups;
    this.patience = patience;
    this.left = new ArrayDeque<>(numbers);
    this.all = numbers.size();
  }

  /**
   * @return done when all groups have their peers; fails with an {@link IllegalStateException} that
   *     names the first group which could not get its own in time, and leaves the rest as it is
   */
  CompletionStage<Done> begin() {
    for (var i = 0; i < AT_ONCE; i++) {
      next();
    }
    return done;
  }

  private synchronized void next() {
    if (done.isDone()) {
      return;
    }
    var number = left.poll();
    if (number != null) {
      new OfGroup(groups.apply(number)).look();
    } else if (finished == all) {
      done.complete(Done.done());
    }
  }

  private synchronized void isThere() {
    finished++;
    if (finished % GROUPS_BETWEEN_WORDS == 0 || finished == all) {
      LOG.info("{} of {} groups have their new {}", finished, all, replica);
    }
    next();
  }

  /** What to do next in a group. */
  enum Step {
    /** The new peer belongs to it. */
    DONE,
    /** Nobody is there yet who could take the old peer's place: without it there is one less. */
    WAIT,
    /** Remove the old one, or add the new one. */
    CHANGE;

    /**
     * @param peer what the new one says; empty while it does not answer
     */
    static Step of(Optional<RaftStatus> peer) {
      return peer.map(is -> is.isMember() && !is.disowned() ? DONE : CHANGE).orElse(WAIT);
    }
  }

  /** One group, step by step; whatever goes wrong is looked at anew. */
  private final class OfGroup {
    private final RaftGroup<?, ?> group;
    private final long deadline = System.nanoTime() + patience.toNanos();
    private boolean added;

    private OfGroup(RaftGroup<?, ?> group) {
      this.group = group;
    }

    private void look() {
      group
          .status(replica)
          .thenCompose(this::mend)
          .whenComplete(
              (isThere, failure) -> {
                if (failure == null && isThere) {
                  Replacement.this.isThere();
                } else {
                  again(Optional.ofNullable(failure));
                }
              });
    }

    private void again(Optional<Throwable> failure) {
      if (System.nanoTime() - deadline > 0) {
        done.completeExceptionally(
            new IllegalStateException(
                "A group did not get its new "
                    + replica
                    + " within "
                    + patience
                    + failure.map(why -> ": " + why.getMessage()).orElse("")
                    + ". Is its node there? Then begin anew.",
                failure.orElse(null)));
        return;
      }
      system.scheduler().scheduleOnce(PAUSE, this::look, system.executionContext());
    }

    /** Whether the new peer belongs to the group; if not, one step towards it. */
    private CompletionStage<Boolean> mend(Optional<RaftStatus> status) {
      var step = Step.of(status);
      return step == Step.CHANGE && !added
          ? group.members().thenCompose(this::change)
          : CompletableFuture.completedStage(step == Step.DONE);
    }

    private CompletionStage<Boolean> change(VersionedConfiguration now) {
      var one = Set.of(replica);
      var isOld = now.configuration().contains(replica);
      var change =
          new Change(
              PeerId.sorted(isOld ? Set.of() : one),
              PeerId.sorted(isOld ? one : Set.of()),
              PeerId.sorted(Set.of()),
              now.version());
      return group
          .changeMembership(change)
          .thenApply(
              changed -> {
                added = !isOld;
                return false;
              });
    }
  }
}
