package io.pekkoraft;

import io.pekkoraft.client.ClientRequest;
import io.pekkoraft.client.ClientSetup;
import io.pekkoraft.client.PeerAccess;
import io.pekkoraft.client.SessionClient;
import io.pekkoraft.membership.Configuration;
import io.pekkoraft.model.PeerId;
import io.pekkoraft.protocol.ClientMessage.Request;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.pattern.StatusReply;

/**
 * A client of a group that asks again until it is answered, and whose commands take effect once all
 * the same, by a session that the group keeps for it (thesis §6.3). It finds the leader, waits
 * while there is none, bounds what is on its way, opens a session when it first proposes, keeps it
 * alive, and opens another when it was forgotten.
 *
 * <p>It gives up after {@code pekko-raft.client.timeout}, and says then whether surely nothing
 * happened ({@link RaftException.NotLeader}, {@link RaftException.Overloaded}) or nobody can tell
 * ({@link RaftException.OutcomeUnknown}); it sends nothing of it again. A client is light; whoever
 * wants each command once uses the same one from the first try to the last, and lives no longer
 * than it: after a crash of the process, the next one can't know what the last one had sent.
 *
 * <p>Here with futures; {@link #create} gives the same as an actor to be asked.
 *
 * @param <Command> the state machine's commands
 * @param <Result> its results, which have to pass Pekko Serialization
 */
public final class RaftClient<Command, Result> {
  private static final AtomicLong SPAWNED = new AtomicLong();

  private final ActorSystem<?> system;
  private final String group;
  private final ActorRef<ClientRequest<Command, Result>> client;
  private final Duration patience;
  private final AtomicReference<CompletableFuture<Done>> closed = new AtomicReference<>();

  private RaftClient(
      ActorSystem<?> system,
      String group,
      ActorRef<ClientRequest<Command, Result>> client,
      RaftSettings.Client settings) {
    this.system = system;
    this.group = group;
    this.client = client;
    // The client itself answers in time; it looks at its clock only so often.
    this.patience = settings.timeout().plus(settings.resendAfter());
  }

  /**
   * Starts a client of a group whose peers run in {@code system}. It lives until it is closed.
   *
   * @param group the group's name
   * @param peers the ids of its peers; those that join later are found by themselves
   */
  public static <Command, Result> RaftClient<Command, Result> start(
      ActorSystem<?> system, String group, Set<PeerId> peers) {
    return start(system, group, peers, RaftSettings.create(system));
  }

  /** As above, with settings of its own. */
  public static <Command, Result> RaftClient<Command, Result> start(
      ActorSystem<?> system, String group, Set<PeerId> peers, RaftSettings settings) {
    var client =
        system.systemActorOf(
            RaftClient.<Command, Result>create(group, peers, settings),
            "raft-client-" + group + "-" + SPAWNED.incrementAndGet(),
            Props.empty());
    return new RaftClient<>(system, group, client, settings.client());
  }

  /**
   * The client as an actor: tell it {@link ClientRequest}s, or ask it with status. When it is
   * stopped, all who wait are answered.
   */
  public static <Command, Result> Behavior<ClientRequest<Command, Result>> create(
      String group, Set<PeerId> peers) {
    return Behaviors.setup(
        context -> create(group, peers, RaftSettings.create(context.getSystem())));
  }

  /** As above, with settings of its own. */
  public static <Command, Result> Behavior<ClientRequest<Command, Result>> create(
      String group, Set<PeerId> peers, RaftSettings settings) {
    var ids = Configuration.of(peers).peers();
    return Behaviors.setup(
        context ->
            SessionClient.create(
                new ClientSetup(
                    group,
                    () -> peersOf(context.getSystem(), group, ids),
                    settings,
                    new Access(context.getSystem(), group, settings.client().timeout()),
                    System::nanoTime,
                    new SplittableRandom())));
  }

  /**
   * The peers that were named, and those of the group that run here: some may have joined later.
   */
  private static List<PeerId> peersOf(
      ActorSystem<?> system, String group, SortedSet<PeerId> named) {
    var all = new TreeSet<>(named);
    all.addAll(Directory.of(system).peersOf(group));
    return List.copyOf(all);
  }

  /** To the peers wherever they run. */
  private record Access(ActorSystem<?> system, String group, Duration patience)
      implements PeerAccess {
    @Override
    public <A> boolean ask(
        PeerId to,
        Function<ActorRef<StatusReply<A>>, Request<A>> request,
        Consumer<StatusReply<A>> answer) {
      var asked = Directory.of(system).<StatusReply<A>>ask(group, to, request, patience);
      asked.ifPresent(given -> given.thenAccept(answer));
      return asked.isPresent();
    }
  }

  /**
   * Replicates a command, which takes effect once however often it has to be sent.
   *
   * @return what the state machine made of it, once it is committed
   */
  public CompletionStage<Result> propose(Command command) {
    Objects.requireNonNull(command, "A command is never null.");
    return ask(replyTo -> new ClientRequest.Propose<>(command, replyTo));
  }

  /**
   * Answers from a state that holds every write acknowledged before this call (linearizable).
   *
   * @param query a command whose handler only replies and leaves the state as it was
   */
  public CompletionStage<Result> read(Command query) {
    return read(query, ReadConsistency.linearizable());
  }

  /**
   * Answers from a state as fresh as {@code consistency} wants it.
   *
   * @param query a command whose handler only replies and leaves the state as it was
   */
  public CompletionStage<Result> read(Command query, ReadConsistency consistency) {
    Objects.requireNonNull(query, "A query is never null.");
    Objects.requireNonNull(consistency, "ReadConsistency.linearizable() is a good choice.");
    return ask(replyTo -> new ClientRequest.Read<>(query, consistency, replyTo));
  }

  private CompletionStage<Result> ask(
      Function<ActorRef<StatusReply<Result>>, ClientRequest<Command, Result>> request) {
    var answer = new CompletableFuture<Result>();
    if (closed.get() != null || system.whenTerminated().isCompleted()) {
      answer.completeExceptionally(
          new RaftException.NotLeader(
              "This client of group " + group + " is closed.", Optional.empty()));
      return answer;
    }
    Ask.<ClientRequest<Command, Result>, StatusReply<Result>>ask(system, client, request, patience)
        .whenComplete((reply, failure) -> complete(answer, reply, failure));
    return answer;
  }

  private void complete(
      CompletableFuture<Result> answer, StatusReply<Result> reply, Throwable failure) {
    if (failure == null && reply.isSuccess()) {
      answer.complete(reply.getValue());
    } else if (failure == null) {
      answer.completeExceptionally(reply.getError());
    } else if (failure instanceof TimeoutException) {
      answer.completeExceptionally(
          new RaftException.OutcomeUnknown(
              "The client of group " + group + " has stopped; a command may have taken effect."));
    } else {
      answer.completeExceptionally(failure);
    }
  }

  /**
   * Ends the client: it takes no more requests, waits for the answers to those that it has, and
   * closes its session.
   *
   * @return done then, after twice {@code client.timeout} and {@code client.resend-after} at most
   */
  public CompletionStage<Done> close() {
    var closing = new CompletableFuture<Done>();
    if (closed.compareAndSet(null, closing)) {
      Ask.<ClientRequest<Command, Result>, Done>ask(
              system, client, ClientRequest.Close::new, patience.multipliedBy(2))
          .whenComplete((done, stoppedBefore) -> closing.complete(Done.done()));
    }
    return closed.get();
  }
}
