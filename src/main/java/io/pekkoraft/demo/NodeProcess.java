package io.pekkoraft.demo;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.pekkoraft.demo.NodeArguments.HostPort;
import io.pekkoraft.demo.Offering.Begun;
import io.pekkoraft.http.RaftHttp;
import io.pekkoraft.journal.JournalException;
import io.pekkoraft.model.PeerId;
import io.pekkoraft.tls.ArteryTls;
import java.nio.file.Files;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.pekko.Done;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.CoordinatedShutdown;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.http.javadsl.ServerBinding;

/**
 * One node of several, in a process of its own: its peers, and HTTP, where any node takes any
 * request. It begins alone and waits for the others; after a crash its journal brings it back;
 * before it ends in order it hands leadership over.
 */
public final class NodeProcess {
  private static final String SYSTEM = "pekko-raft";
  private static final Duration GRACE = Duration.ofSeconds(3);
  private static final int STOP_SECONDS = 10;

  private final NodeArguments arguments;
  private final ActorSystem<Void> system;
  private final Offering offering;

  private NodeProcess(NodeArguments arguments, ActorSystem<Void> system) {
    this.arguments = arguments;
    this.system = system;
    this.offering = arguments.sharding() ? new TicketOfficeOffering() : new KeyValueOffering();
  }

  /**
   * Begins, and returns when it listens; it ends with the process.
   *
   * @throws CannotStart with what to do about it; nothing runs any more then
   */
  public static void start(NodeArguments arguments) throws CannotStart {
    new NodeProcess(arguments, systemOf(arguments)).start();
  }

  private static ActorSystem<Void> systemOf(NodeArguments arguments) throws CannotStart {
    var here = arguments.cluster().get(arguments.id());
    try {
      return ActorSystem.create(Behaviors.empty(), SYSTEM, configOf(arguments));
    } catch (RuntimeException e) {
      if (!isBind(e)) {
        throw e;
      }
      throw new CannotStart(
          "it can't listen on "
              + here
              + " for the other nodes ("
              + CannotStart.reason(e)
              + "). If another node runs there, stop that one; else give --cluster another address"
              + " for "
              + arguments.id()
              + ", on all nodes.",
          e);
    }
  }

  private static boolean isBind(Throwable failure) {
    return failure.getClass().getSimpleName().equals("RemoteTransportException")
        || failure.getCause() != null && isBind(failure.getCause());
  }

  private static Config configOf(NodeArguments arguments) throws CannotStart {
    var here = arguments.cluster().get(arguments.id());
    Map<String, Object> given = new HashMap<>();
    given.put("pekko.remote.artery.canonical.hostname", here.host());
    given.put("pekko.remote.artery.canonical.port", here.port());
    given.put("pekko-raft.rocksdb.dir", arguments.data().toString());
    var defaults =
        arguments.sharding()
            ? TicketOfficeConfig.of(arguments, NodeProcess::address)
            : ConfigFactory.parseString("pekko-raft.node.accept-newcomers = on")
                .withFallback(ConfigFactory.parseResources("pekko-raft-node.conf"));
    var config =
        ConfigFactory.parseMap(given, "the command line")
            .withFallback(ownConfig(arguments))
            .withFallback(defaults)
            .withFallback(ConfigFactory.load())
            .resolve();
    return ArteryTls.in(config);
  }

  private static Config ownConfig(NodeArguments arguments) throws CannotStart {
    if (arguments.config().isEmpty()) {
      return ConfigFactory.defaultOverrides();
    }
    var file = arguments.config().get();
    if (!Files.isReadable(file)) {
      throw new CannotStart("--config " + file + " can't be read.", null);
    }
    return ConfigFactory.defaultOverrides().withFallback(ConfigFactory.parseFile(file.toFile()));
  }

  /** From the disk outwards; nothing is served before what it needs is there. */
  private void start() throws CannotStart {
    try {
      var console =
          system.systemActorOf(
              RoleConsole.create(System.out::println, offering::tell), "console", Props.empty());
      var begun = begin();
      var binding = bind(begun);
      binding.addToCoordinatedShutdown(GRACE, system);
      CoordinatedShutdown.get(system)
          .addTask(CoordinatedShutdown.PhaseServiceStop(), "stop-peers", () -> begun.stop().get());
      sayIfThrownOut(CoordinatedShutdown.get(system));
      System.out.println(banner(begun, binding));
      console.tell(new RoleConsole.Begin());
    } catch (CannotStart | RuntimeException e) {
      stopNow();
      throw e;
    }
  }

  /** What the process ends with then, {@code ticket-office-node.conf} says. */
  private void sayIfThrownOut(CoordinatedShutdown shutdown) {
    shutdown.addTask(
        CoordinatedShutdown.PhaseBeforeServiceUnbind(),
        "say-that-it-is-thrown-out",
        () -> {
          var reason = shutdown.getShutdownReason();
          if (reason.filter(CoordinatedShutdown.clusterDowningReason()::equals).isPresent()) {
            System.err.println(
                "Node "
                    + arguments.id()
                    + " could not be reached, and was thrown out of the cluster. It ends. Start it"
                    + " anew, with the same arguments: it goes on with what is in its data"
                    + " directory.");
          }
          return CompletableFuture.completedStage(Done.done());
        });
  }

  private Begun begin() throws CannotStart {
    var nodes =
        arguments.cluster().entrySet().stream()
            .collect(Collectors.toMap(Map.Entry::getKey, node -> address(node.getValue())));
    try {
      return offering.begin(system, arguments, nodes);
    } catch (JournalException.NotOpened e) {
      throw new CannotStart(e.getMessage(), e);
    }
  }

  private static Address address(HostPort node) {
    return new Address("pekko", SYSTEM, node.host(), node.port());
  }

  private ServerBinding bind(Begun begun) throws CannotStart {
    var http = arguments.http();
    try {
      return RaftHttp.bind(system, http.host(), http.port(), begun.route(), begun.maxBody())
          .toCompletableFuture()
          .join();
    } catch (CompletionException e) {
      throw new CannotStart(
          "it can't listen on "
              + http
              + " for clients ("
              + CannotStart.reason(e)
              + "). If another program uses the port, stop that one, or give --http another port.",
          e);
    }
  }

  private String banner(Begun begun, ServerBinding binding) {
    var url =
        RaftHttp.scheme(system)
            + "://"
            + arguments.http().host()
            + ":"
            + binding.localAddress().getPort();
    return """

    Pekko Raft: node %1$s of %2$s.
    It listens on %3$s for the other nodes, and keeps what it knows in %4$s.

    %5$s\
    """
        .formatted(
            arguments.id(),
            PeerId.sorted(arguments.cluster().keySet()),
            arguments.cluster().get(arguments.id()),
            arguments.data().toAbsolutePath().normalize(),
            begun.usage().formatted(url));
  }

  private void stopNow() {
    system.terminate();
    system
        .getWhenTerminated()
        .toCompletableFuture()
        .orTimeout(STOP_SECONDS, TimeUnit.SECONDS)
        .exceptionally(late -> null)
        .join();
  }
}
