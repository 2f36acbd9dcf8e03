package io.pekkoraft;

import io.pekkoraft.RaftException.ChangeRefused;
import io.pekkoraft.RaftException.NotLeader;
import io.pekkoraft.RaftException.OutcomeUnknown;
import io.pekkoraft.model.PeerId;
import io.pekkoraft.protocol.ClientMessage.GetStatus;
import io.pekkoraft.protocol.ClientMessage.Inspect;
import io.pekkoraft.protocol.ClientMessage.Request;
import io.pekkoraft.protocol.RaftMessage;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.pattern.StatusReply;

/**
 * Brings requests to whoever leads. While nobody does, all of them wait for one search: thousands
 * that each went from peer to peer would keep the peers from the very election they wait for.
 */
final class LeaderSearch {
  /** How long a peer may take to say how it is. */
  private static final Duration PATIENCE = Duration.ofSeconds(1);

  /** How long a round waits for those that say nothing, while another peer may be elected. */
  private static final Duration ROUND = Duration.ofMillis(100);

  private final ActorSystem<?> system;
  private final String group;
  private final SortedSet<PeerId> peers;
  private final RaftSettings.Client settings;

  /** Who leads, or a round of the search for it; it fails when the round finds nobody. */
  private final AtomicReference<CompletableFuture<PeerId>> leader;

  /** Every request without an answer. */
  private final Set<CompletableFuture<?>> pending = ConcurrentHashMap.newKeySet();

  private final AtomicInteger turns = new AtomicInteger();
  private volatile boolean ended;

  LeaderSearch(
      ActorSystem<?> system, String group, SortedSet<PeerId> peers, RaftSettings.Client settings) {
    this.system = system;
    this.group = group;
    this.peers = peers;
    this.settings = settings;
    this.leader = new AtomicReference<>(CompletableFuture.completedFuture(peers.first()));
    system.getWhenTerminated().thenRun(this::end);
  }

  /** Somebody knows who leads, or believes so: that one is asked next. */
  void hint(PeerId peer) {
    var known = leader.get();
    if (!known.complete(peer)) {
      leader.compareAndSet(known, CompletableFuture.completedFuture(peer));
    }
  }

  /** With its actor system end the timers and the threads that would end a request. */
  private void end() {
    ended = true;
    leader.get().completeExceptionally(new NotLeader(Optional.empty()));
    pending.forEach(
        answer ->
            answer.completeExceptionally(
                new OutcomeUnknown("The actor system of group " + group + " has terminated.")));
  }

  /**
   * Asks until there is an answer or the time is over.
   *
   * @param repeatable whether the request may be made again when its outcome is unknown
   */
  <R> CompletionStage<R> ask(
      boolean repeatable, Function<ActorRef<StatusReply<R>>, Request<R>> request) {
    return ask(repeatable, request, Optional.empty());
  }

  /** Once, with patience of its own: for what may take long. */
  <R> CompletionStage<R> askPatiently(
      Duration patience, Function<ActorRef<StatusReply<R>>, Request<R>> request) {
    return ask(new Asking<>(false, request, Optional.empty(), patience));
  }

  /**
   * The peers that were named, and those of the group that run here: some may have joined later.
   */
  SortedSet<PeerId> peers() {
    var all = new TreeSet<>(peers);
    all.addAll(Directory.of(system).peersOf(group));
    return all;
  }

  /** Asks any peer, each in turn; one that can't answer says who leads. */
  <R> CompletionStage<R> askAnybody(Function<ActorRef<StatusReply<R>>, Request<R>> request) {
    var all = List.copyOf(peers());
    var next = all.get(Math.floorMod(turns.getAndIncrement(), all.size()));
    return ask(true, request, Optional.of(next));
  }

  private <R> CompletionStage<R> ask(
      boolean repeatable,
      Function<ActorRef<StatusReply<R>>, Request<R>> request,
      Optional<PeerId> first) {
    return ask(new Asking<>(repeatable, request, first, settings.timeout()));
  }

  private <R> CompletionStage<R> ask(Asking<R> asking) {
    pending.add(asking.answer);
    asking.answer.whenComplete((result, failure) -> pending.remove(asking.answer));
    asking.begin();
    return asking.answer;
  }

  /** How a peer is; empty when it does not answer in time. */
  CompletionStage<Optional<RaftStatus>> status(PeerId peer, Duration patience) {
    return Directory.of(system)
        .<RaftStatus>ask(group, peer, GetStatus::new, patience)
        .map(asked -> asked.thenApply(Optional::of).exceptionally(noAnswer -> Optional.empty()))
        .orElse(CompletableFuture.completedFuture(Optional.empty()));
  }

  /** How a peer of this actor system is, with the end of its log; empty when it does not answer. */
  CompletionStage<Optional<Inspection>> inspect(PeerId peer, int entries, Duration patience) {
    var ref = Directory.of(system).find(group, peer);
    if (ref.isEmpty()) {
      return CompletableFuture.completedStage(Optional.empty());
    }
    return Ask.<RaftMessage, Inspection>ask(
            system, ref.get(), replyTo -> new Inspect(entries, replyTo), patience)
        .thenApply(Optional::of)
        .exceptionally(noAnswer -> Optional.empty());
  }

  /** Asks this one peer, once. */
  <R> CompletionStage<R> askPeer(
      PeerId peer, Function<ActorRef<StatusReply<R>>, Request<R>> request, Duration patience) {
    var asked = Directory.of(system).<StatusReply<R>>ask(group, peer, request, patience);
    if (asked.isEmpty()) {
      return CompletableFuture.failedStage(
          new ChangeRefused(
              ChangeRefused.Reason.NO_SUCH_PEER,
              "No peer " + peer + " of group " + group + " runs in this actor system."));
    }
    var answer = new CompletableFuture<R>();
    asked
        .get()
        .whenComplete(
            (reply, failure) -> {
              if (failure == null && reply.isSuccess()) {
                answer.complete(reply.getValue());
              } else if (failure == null) {
                answer.completeExceptionally(reply.getError());
              } else {
                answer.completeExceptionally(
                    new OutcomeUnknown("No answer from " + peer + " within " + patience + "."));
              }
            });
    return answer;
  }

  /** What was known no longer holds: the first who says so begins a new round, others join it. */
  private void searchInsteadOf(CompletableFuture<PeerId> known) {
    var round = new CompletableFuture<PeerId>();
    if (leader.compareAndSet(known, round)) {
      search(round);
      if (ended) {
        end();
      }
    }
  }

  private void search(CompletableFuture<PeerId> round) {
    var all =
        peers().stream()
            .map(
                peer ->
                    status(peer, PATIENCE)
                        .thenAccept(
                            status ->
                                status
                                    .filter(RaftStatus::isLeader)
                                    .ifPresent(found -> leads(found.id(), round)))
                        .toCompletableFuture())
            .toArray(CompletableFuture<?>[]::new);
    CompletableFuture.allOf(all)
        .completeOnTimeout(null, ROUND.toNanos(), TimeUnit.NANOSECONDS)
        .whenComplete((done, failure) -> endLater(round));
  }

  /** Said late, it still ends the round that goes on by then. */
  private void leads(PeerId found, CompletableFuture<PeerId> asked) {
    asked.complete(found);
    leader.get().complete(found);
  }

  private void endLater(CompletableFuture<PeerId> round) {
    Runnable end = () -> round.completeExceptionally(new NotLeader(Optional.empty()));
    try {
      system.scheduler().scheduleOnce(settings.retryBackoff(), end, system.executionContext());
    } catch (RuntimeException e) {
      round.completeExceptionally(e); // The actor system has ended.
    }
  }

  /** One request, until it is answered. */
  private final class Asking<R> {
    private final boolean repeatable;
    private Optional<PeerId> first;
    private final Function<ActorRef<StatusReply<R>>, Request<R>> request;
    private final Duration patience;
    private final long deadline;
    private final CompletableFuture<R> answer = new CompletableFuture<>();
    private boolean followedHint;

    /**
     * @param first whom to ask before the leader
     */
    private Asking(
        boolean repeatable,
        Function<ActorRef<StatusReply<R>>, Request<R>> request,
        Optional<PeerId> first,
        Duration patience) {
      this.patience = patience;
      this.deadline = System.nanoTime() + patience.toNanos();
      this.repeatable = repeatable;
      this.request = request;
      this.first = first;
    }

    private void begin() {
      var known = leader.get();
      var anybody = first.filter(peer -> Directory.of(system).isReachable(group, peer));
      first = Optional.empty();
      if (anybody.isPresent()) {
        orFail(() -> ask(known, anybody.get()));
        return;
      }
      known.whenComplete((peer, nobody) -> orFail(() -> ask(known, peer)));
    }

    /** In a callback nobody hears an exception: an actor system that ends throws some. */
    private void orFail(Runnable step) {
      try {
        step.run();
      } catch (RuntimeException e) {
        answer.completeExceptionally(e);
      }
    }

    private void ask(CompletableFuture<PeerId> known, PeerId peer) {
      var left = Duration.ofNanos(deadline - System.nanoTime());
      if (ended) {
        var nowhere = "The actor system of group " + group + " has terminated.";
        answer.completeExceptionally(new NotLeader(nowhere, Optional.empty()));
        return;
      }
      if (left.isNegative() || left.isZero()) {
        answer.completeExceptionally(new NotLeader(nobodyLed(), Optional.empty()));
        return;
      }
      var asked =
          Optional.ofNullable(peer)
              .flatMap(id -> Directory.of(system).<StatusReply<R>>ask(group, id, request, left));
      if (asked.isEmpty()) {
        searchAgain(known);
        return;
      }
      asked
          .get()
          .whenComplete((reply, failure) -> orFail(() -> onAnswer(known, peer, reply, failure)));
    }

    private void onAnswer(
        CompletableFuture<PeerId> known, PeerId peer, StatusReply<R> reply, Throwable failure) {
      if (failure == null && reply.isSuccess()) {
        answer.complete(reply.getValue());
        return;
      }
      var cause = failure == null ? reply.getError() : failure;
      if (cause instanceof NotLeader elsewhere) {
        onNotLeader(known, elsewhere.leader().filter(peers()::contains));
      } else if (cause instanceof OutcomeUnknown && repeatable) {
        searchAgain(known);
      } else if (cause instanceof TimeoutException) {
        searchInsteadOf(known);
        answer.completeExceptionally(
            new OutcomeUnknown(
                "No answer from "
                    + peer
                    + " within "
                    + patience
                    + " (pekko-raft.client); what was asked may yet take effect."));
      } else {
        answer.completeExceptionally(cause);
      }
    }

    /** Follows a hint once; two peers that refer to each other are no way to a leader. */
    private void onNotLeader(CompletableFuture<PeerId> known, Optional<PeerId> hint) {
      if (hint.isEmpty() || followedHint) {
        searchAgain(known);
        return;
      }
      followedHint = true;
      leader.compareAndSet(known, CompletableFuture.completedFuture(hint.get()));
      begin();
    }

    private String nobodyLed() {
      var running = peers().stream().filter(peer -> Directory.of(system).isReachable(group, peer));
      return running.findAny().isPresent()
          ? "No peer of group "
              + group
              + " "
              + peers()
              + " led within "
              + patience
              + " (pekko-raft.client)."
          : "No peer of group "
              + group
              + " "
              + peers
              + " runs in this actor system, or on a node that it reaches.";
    }

    private void searchAgain(CompletableFuture<PeerId> known) {
      followedHint = false;
      searchInsteadOf(known);
      begin();
    }
  }
}
