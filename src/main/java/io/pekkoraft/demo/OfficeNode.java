package io.pekkoraft.demo;

import com.typesafe.config.Config;
import io.pekkoraft.LocalPeers;
import io.pekkoraft.RaftStatus;
import io.pekkoraft.sharding.RaftSharding;
import io.pekkoraft.sharding.ShardingSettings;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.pekko.Done;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.Cluster;
import org.apache.pekko.cluster.ClusterEvent.CurrentClusterState;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;

/**
 * One life of a node of the ticket office: an actor system, a member of the cluster, with its peers
 * of each group, and the plain twin. It is killed, or ends with the process.
 */
final class OfficeNode {
  static final String SYSTEM = "ticket-office";
  static final String HOST = "127.0.0.1";

  private final ActorSystem<Void> system;
  private final Map<Variant, Shows> shows;
  private final CompletionStage<Done> ready;
  private final CompletableFuture<String> console;
  private final CompletableFuture<Done> joined = new CompletableFuture<>();
  private final Set<CompletableFuture<?>> asked = ConcurrentHashMap.newKeySet();
  private volatile boolean killed;

  /** The node that was asked has been killed, and nobody can tell what became of the command. */
  static final class Killed extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Killed() {
      super("The node that was asked has been killed.", null, false, false);
    }
  }

  /**
   * Begins it; what it finds in its data directory it goes on with.
   *
   * @param port of its console, if that is free; 0 for any
   */
  OfficeNode(Config config, int port) {
    system = ActorSystem.create(Behaviors.empty(), SYSTEM, config);
    try {
      ready = RaftSharding.get(system).init(TicketOffice.entity());
      PlainTicketOffice.begin(ClusterSharding.get(system));
    } catch (RuntimeException e) {
      system.terminate();
      throw e;
    }
    shows =
        Map.of(Variant.REPLICATED, Shows.replicated(system), Variant.PLAIN, Shows.plain(system));
    console = OfficeConsole.serve(system, HOST, port).toCompletableFuture();
    Cluster.get(system).registerOnMemberUp(() -> joined.complete(Done.done()));
  }

  /** Done when the replicated shows can be asked. */
  CompletionStage<Done> ready() {
    return ready;
  }

  /** Done when it is a member of the cluster. */
  CompletionStage<Done> joined() {
    return joined;
  }

  /** The URL of its {@link OfficeConsole}; empty while it does not listen. */
  Optional<String> console() {
    return console.isDone() && !console.isCompletedExceptionally()
        ? Optional.of(console.join())
        : Optional.empty();
  }

  /** Done when it has ended, and its address and its data are free. */
  CompletionStage<Done> ended() {
    return system.getWhenTerminated();
  }

  /** Asks a show by way of this node; fails with {@link Killed} when it is, before the answer. */
  <Reply> CompletionStage<Reply> ask(
      Variant variant,
      String show,
      Function<ActorRef<Reply>, TicketOffice.Command> command,
      Duration patience) {
    var answer = new CompletableFuture<Reply>();
    asked.add(answer);
    answer.whenComplete((reply, failure) -> asked.remove(answer));
    if (killed) {
      answer.completeExceptionally(new Killed());
      return answer;
    }
    try {
      shows
          .get(variant)
          .ask(show, command, patience)
          .whenComplete(
              (reply, failure) -> {
                if (failure == null) {
                  answer.complete(reply);
                } else {
                  answer.completeExceptionally(failure);
                }
              });
    } catch (RuntimeException ended) {
      answer.completeExceptionally(ended);
    }
    return answer;
  }

  /** The members of the cluster, as this node sees them. */
  CurrentClusterState cluster() {
    return Cluster.get(system).state();
  }

  /**
   * How its peers are.
   *
   * @param leading how many lead their groups
   * @param serving how many know who does
   * @param all how many it has when all of them run
   */
  record Peers(int leading, int serving, int all) {
    boolean areServing() {
      return serving == all;
    }
  }

  /** How its peers are, as far as they say within {@code patience}. */
  CompletionStage<Peers> peers(Duration patience) {
    var groups = ShardingSettings.create(system).groups();
    return LocalPeers.ask(system, patience)
        .thenApply(
            answers -> {
              var known = answers.stream().flatMap(answer -> answer.status().stream()).toList();
              var leading = known.stream().filter(RaftStatus::isLeader).count();
              var serving = known.stream().filter(status -> status.leader().isPresent()).count();
              return new Peers((int) leading, (int) serving, groups);
            });
  }

  /**
   * As near to {@code kill -9} as one process allows: from now on not a byte goes from it to the
   * others or comes to it. Then its actors stop, and nobody hears of that, nor is anything handed
   * over.
   *
   * @param others where the other nodes are
   */
  void kill(Stream<Address> others) {
    killed = true;
    Blackout.between(system, others);
    asked.forEach(answer -> answer.completeExceptionally(new Killed()));
    system.terminate();
  }

  /** Ends it with all others, so that there is nobody to deceive. */
  void terminate() {
    killed = true;
    system.terminate();
  }
}
