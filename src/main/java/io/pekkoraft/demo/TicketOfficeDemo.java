package io.pekkoraft.demo;

import com.typesafe.config.Config;
import io.pekkoraft.http.RaftHttp;
import io.pekkoraft.journal.JournalException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.apache.pekko.Done;
import org.apache.pekko.actor.CoordinatedShutdown;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.http.javadsl.ServerBinding;
import org.apache.pekko.http.javadsl.server.Directives;

/**
 * A ticket office on three nodes of one Pekko Cluster, all in this process: over replicated
 * entities, and beside it the plain twin. In front of them is HTTP, in an actor system of its own,
 * so that it outlives each node. {@code application.conf} has its settings.
 */
public final class TicketOfficeDemo {
  private static final Duration GRACE = Duration.ofSeconds(3);
  private static final int START_SECONDS = 60;
  private static final Duration WARM_UP = Duration.ofSeconds(20);

  private final Config config;
  private final TicketDatabase database;
  private final ActorSystem<Void> front;
  private final OfficeNodes nodes;
  private final Outages outages;
  private ServerBinding binding;

  private TicketOfficeDemo(Config config, TicketDatabase database) {
    this.config = config;
    this.database = database;
    this.front = ActorSystem.create(Behaviors.empty(), "front", config);
    this.nodes =
        new OfficeNodes(
            config, database.url(), front.dispatchers().lookup(DispatcherSelector.blocking()));
    this.outages = new Outages(front, nodes);
    CoordinatedShutdown.get(front)
        .addTask(CoordinatedShutdown.PhaseServiceStop(), "stop-nodes", this::stopNodes);
  }

  /**
   * Begins, and returns when it listens; it ends with the process.
   *
   * @throws CannotStart with what to do about it; nothing runs any more then
   */
  public static TicketOfficeDemo start(Config config) throws CannotStart {
    var data = Path.of(config.getString("pekko-raft.rocksdb.dir"));
    var demo = new TicketOfficeDemo(config, TicketDatabase.open(data.resolve("plain")));
    try {
      demo.start();
      return demo;
    } catch (CannotStart | RuntimeException e) {
      demo.stop().toCompletableFuture().orTimeout(START_SECONDS, TimeUnit.SECONDS).join();
      throw e;
    }
  }

  private void start() throws CannotStart {
    try {
      allOf(nodes.ids().stream().map(nodes::start));
      allOf(nodes.running().map(OfficeNode::ready));
      allOf(nodes.running().map(OfficeNode::joined));
      outages.warmUp(WARM_UP).toCompletableFuture().join();
      binding = bind();
    } catch (CompletionException e) {
      throw cannotStart(e.getCause());
    }
    System.out.println(banner());
  }

  private static void allOf(Stream<CompletionStage<Done>> stages) {
    CompletableFuture.allOf(
            stages.map(CompletionStage::toCompletableFuture).toArray(CompletableFuture<?>[]::new))
        .orTimeout(START_SECONDS, TimeUnit.SECONDS)
        .join();
  }

  private static CannotStart cannotStart(Throwable cause) {
    if (cause instanceof TimeoutException) {
      return new CannotStart(
          "the nodes did not find each other within " + START_SECONDS + " s.", cause);
    }
    return cause instanceof JournalException.NotOpened
        ? new CannotStart(cause.getMessage(), cause)
        : new CannotStart(String.valueOf(cause.getMessage()), cause);
  }

  private ServerBinding bind() {
    var route =
        Directives.concat(
            TicketOfficeRoutes.of(
                new OfficeShows(nodes, Variant.REPLICATED),
                Optional.of(new OfficeShows(nodes, Variant.PLAIN)),
                true),
            new NodesRoute(nodes, outages).route());
    var bound =
        RaftHttp.bind(
                front,
                config.getString("pekko-raft.demo.host"),
                config.getInt("pekko-raft.demo.port"),
                route,
                TicketOfficeOffering.MAX_BODY)
            .toCompletableFuture()
            .join();
    bound.addToCoordinatedShutdown(GRACE, front);
    return bound;
  }

  private String banner() {
    var url =
        RaftHttp.scheme(front) + "://" + config.getString("pekko-raft.demo.host") + ":" + port();
    return """

    A ticket office listens on %1$s
    It has three nodes in this process; what they know is in %2$s.

      %1$s/                        seats, nodes and outages, in a browser
      %1$s/shows/{show}            who has which seat; POST, DELETE on /seats/{seat}?customer=NAME
      %1$s/plain/shows/{show}      the same shows as plain sharded entities over a database
      %1$s/demo/nodes/n1/kill      POST: a node ends without a word; /start brings it back
      %1$s/demo/nodes              the nodes, each with a dashboard of its own
      %1$s/demo/outages            for how long nothing could be sold then, by both
    """
        .formatted(
            url, Path.of(config.getString("pekko-raft.rocksdb.dir")).toAbsolutePath().normalize());
  }

  /** Where it listens. */
  public int port() {
    return binding.localAddress().getPort();
  }

  /** Ends it in order. */
  public CompletionStage<Done> stop() {
    front.terminate();
    return front.getWhenTerminated();
  }

  private CompletionStage<Done> stopNodes() {
    return nodes
        .terminate()
        .thenApply(
            ended -> {
              database.close();
              return ended;
            });
  }
}
