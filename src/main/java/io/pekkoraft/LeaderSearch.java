package io.pekkoraft;

import io.pekkoraft.RaftException.NotLeader;
import io.pekkoraft.RaftException.OutcomeUnknown;
import io.pekkoraft.model.PeerId;
import io.pekkoraft.protocol.ClientMessage.Request;
import io.pekkoraft.protocol.RaftMessage;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.apache.pekko.pattern.StatusReply;

/**
 * Brings a request to whoever leads. It asks the peer that led last, follows what that one says,
 * and goes around the peers, with a pause, while nobody leads.
 */
final class LeaderSearch {
  private final ActorSystem<?> system;
  private final String group;
  private final List<PeerId> peers;
  private final RaftSettings.Client settings;
  private volatile PeerId likelyLeader;

  LeaderSearch(
      ActorSystem<?> system, String group, SortedSet<PeerId> peers, RaftSettings.Client settings) {
    this.system = system;
    this.group = group;
    this.peers = List.copyOf(peers);
    this.settings = settings;
    this.likelyLeader = peers.first();
  }

  /**
   * Asks until there is an answer or the time is over.
   *
   * @param repeatable whether the request may be made again when its outcome is unknown
   */
  <R> CompletionStage<R> ask(
      boolean repeatable, Function<ActorRef<StatusReply<R>>, Request<R>> request) {
    var search = new Search<>(repeatable, request);
    search.ask(likelyLeader);
    return search.answer;
  }

  private final class Search<R> {
    private final boolean repeatable;
    private final Function<ActorRef<StatusReply<R>>, Request<R>> request;
    private final long deadline = System.nanoTime() + settings.timeout().toNanos();
    private final CompletableFuture<R> answer = new CompletableFuture<>();

    private Search(boolean repeatable, Function<ActorRef<StatusReply<R>>, Request<R>> request) {
      this.repeatable = repeatable;
      this.request = request;
    }

    private void ask(PeerId peer) {
      var left = Duration.ofNanos(deadline - System.nanoTime());
      Optional<ActorRef<RaftMessage>> ref = Directory.of(system).find(group, peer);
      if (left.isNegative() || left.isZero()) {
        answer.completeExceptionally(new NotLeader(Optional.empty()));
      } else if (ref.isEmpty()) {
        retryLater(after(peer));
      } else {
        CompletionStage<R> asked =
            AskPattern.askWithStatus(ref.get(), request::apply, left, system.scheduler());
        asked.whenComplete((result, failure) -> onAnswer(peer, result, failure));
      }
    }

    private void onAnswer(PeerId peer, R result, Throwable failure) {
      var cause = failure instanceof CompletionException ? failure.getCause() : failure;
      if (cause == null) {
        likelyLeader = peer;
        answer.complete(result);
      } else if (cause instanceof NotLeader elsewhere) {
        onNotLeader(peer, elsewhere);
      } else if (cause instanceof OutcomeUnknown && repeatable) {
        retryLater(peer);
      } else if (cause instanceof TimeoutException) {
        answer.completeExceptionally(
            new OutcomeUnknown(
                "No answer from " + peer + " within " + settings.timeout() + " (client.timeout)."));
      } else {
        answer.completeExceptionally(cause);
      }
    }

    private void onNotLeader(PeerId peer, NotLeader elsewhere) {
      var hint = elsewhere.leader();
      if (hint.isPresent() && !hint.get().equals(peer) && peers.contains(hint.get())) {
        likelyLeader = hint.get();
        ask(hint.get());
      } else {
        retryLater(after(peer));
      }
    }

    private void retryLater(PeerId peer) {
      system
          .scheduler()
          .scheduleOnce(settings.retryBackoff(), () -> ask(peer), system.executionContext());
    }

    private PeerId after(PeerId peer) {
      return peers.get((peers.indexOf(peer) + 1) % peers.size());
    }
  }
}
