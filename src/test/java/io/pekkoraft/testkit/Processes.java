package io.pekkoraft.testkit;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigValueFactory;
import io.pekkoraft.Raft;
import io.pekkoraft.RaftEvent;
import io.pekkoraft.RaftMetrics;
import io.pekkoraft.RaftSettings;
import io.pekkoraft.StateMachine;
import io.pekkoraft.membership.Configuration;
import io.pekkoraft.model.PeerId;
import io.pekkoraft.protocol.Neighbours;
import io.pekkoraft.protocol.RaftMessage;
import io.pekkoraft.role.Environment;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.pekko.actor.BootstrapSetup;
import org.apache.pekko.actor.setup.ActorSystemSetup;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.ChildFailed;
import org.apache.pekko.actor.typed.Terminated;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/** The processes of the peers: each boots from its disk, runs, and dies in one of many ways. */
final class Processes<C, R> {
  static final Config CONFIG =
      complete(
          ConfigFactory.parseResources("simulation.conf")
              .withFallback(serialization(ConfigFactory.defaultApplication()))
              .withFallback(ConfigFactory.defaultReference())
              .resolve());
  private static final String GROUP = "simulated";

  private final ClassLoader loader = new QuietLoader();
  private final World world;
  private final Trace trace;
  private final Oracles oracles;
  private final Network network;
  private final SplittableRandom random;
  private final Configuration founders;
  private final Supplier<? extends StateMachine<C, R, ?>> machine;
  private final RaftSettings settings;
  private final Pings pings;
  private final Map<PeerId, Disk> disks = new TreeMap<>();
  private final Map<PeerId, Integer> incarnations = new TreeMap<>();
  private final Map<PeerId, Node> nodes = new TreeMap<>();
  private final Map<PeerId, Watched<C, R, ?>> machines = new TreeMap<>();

  Processes(
      World world,
      Trace trace,
      Oracles oracles,
      Network network,
      Configuration founders,
      Supplier<? extends StateMachine<C, R, ?>> machine,
      RaftSettings settings) {
    this.world = world;
    this.trace = trace;
    this.oracles = oracles;
    this.network = network;
    this.random = world.random();
    this.founders = founders;
    this.machine = machine;
    this.settings = settings;
    this.pings = new Pings(world, network);
    founders.peers().forEach(this::add);
  }

  /** A peer with an empty disk, whether it is new or has lost what was on the old one. */
  void add(PeerId id) {
    disks.put(id, new Disk(world, id, oracles));
  }

  /**
   * Of the application's settings, those that a simulated node shares: how commands become bytes.
   */
  static Config serialization(Config application) {
    return Stream.of(
            "pekko.actor.serializers",
            "pekko.actor.serialization-bindings",
            "pekko.actor.serialization-identifiers",
            "pekko.serialization")
        .map(application::withOnlyPath)
        .reduce(ConfigFactory.empty(), Config::withFallback);
  }

  /** Says that there is nothing to merge it with, which each boot would else try several times. */
  private static Config complete(Config config) {
    return config.root().withFallback(ConfigValueFactory.fromAnyRef(true)).toConfig();
  }

  void start(PeerId id) {
    if (isRunning(id)) {
      return;
    }
    var node = new Node(world, id, incarnations.merge(id, 1, Integer::sum), disks.get(id));
    nodes.put(id, node);
    oracles.booted(id);
    say(node, "boots");
    var watched = new Watched<>(id, machine.get(), oracles);
    machines.put(id, watched);
    var dice = random.split();
    boot(node, guardian(node, watched, dice));
  }

  /** Boots an actor system on a node of its own. */
  <T> ActorSystem<T> boot(Node node, Behavior<T> guardian) {
    var booted = new AtomicReference<ActorSystem<T>>();
    world.boot(
        node,
        () ->
            booted.set(
                ActorSystem.create(
                    guardian,
                    "sim",
                    ActorSystemSetup.create(
                        BootstrapSetup.create(CONFIG).withClassloader(loader)))));
    node.system(booted.get());
    return booted.get();
  }

  private Behavior<Void> guardian(Node node, Watched<C, R, ?> watched, SplittableRandom dice) {
    var environment =
        new Environment(
            network.of(node),
            node::nanoTime,
            dice,
            node.disk()::snapshots,
            event -> {
              oracles.heard(event);
              if (event instanceof RaftEvent.SnapshotInstalled installed) {
                watched.restored(installed.position());
              }
              say(node, event.toString());
            },
            RaftMetrics.NONE,
            settings.quiet().isOn() ? pings.of(node) : Neighbours.UNKNOWN);
    return Behaviors.setup(
        context -> {
          var peer =
              context.spawn(
                  Raft.create(
                      GROUP, node.peer(), foundersAt(node.peer()), watched, settings, environment),
                  "peer");
          context.watch(peer);
          return Behaviors.receive(Void.class)
              .onSignal(
                  Terminated.class,
                  terminated -> {
                    stopped(node, terminated);
                    return Behaviors.same();
                  })
              .build();
        });
  }

  private Configuration foundersAt(PeerId id) {
    return founders.contains(id) ? founders : Configuration.NONE;
  }

  private void stopped(Node node, Terminated end) {
    say(node, "stops by itself");
    if (!disks.get(node.peer()).hasFailed(node)) {
      var cause = end instanceof ChildFailed failed ? failed.cause() : null;
      world.fail(new AssertionError(node + " stopped by itself, and its disk is fine", cause));
    }
    world.after(
        0,
        () -> {
          if (node.isAlive()) {
            kill(node.peer());
          }
        });
  }

  void kill(PeerId id) {
    end(id, disks.get(id)::kill);
  }

  void losePower(PeerId id) {
    end(id, disks.get(id)::losePower);
  }

  private void end(PeerId id, Supplier<Integer> disk) {
    if (isRunning(id)) {
      nodes.get(id).kill();
      say(nodes.get(id), "dies, and " + disk.get() + " writes with it");
    } else {
      disk.get();
    }
  }

  void pause(PeerId id, Duration duration) {
    if (!isRunning(id)) {
      return;
    }
    var node = nodes.get(id);
    node.pause(world.now() + duration.toNanos());
    say(node, "is paused for " + duration.toMillis() + " ms");
    world.after(
        duration.toNanos(),
        () -> {
          if (node.isAlive() && node.mayGoOn(world.now())) {
            say(node, "goes on");
            node.resume();
          }
        });
  }

  void drift(PeerId id, double rate) {
    if (isRunning(id)) {
      nodes.get(id).clockRate(rate);
      say(nodes.get(id), "drifts by " + rate);
    }
  }

  boolean isRunning(PeerId id) {
    return nodes.containsKey(id) && nodes.get(id).isAlive();
  }

  /** The process of a peer, if it runs and has come so far that it can be asked something. */
  Optional<Node> reachable(PeerId id) {
    return Optional.ofNullable(nodes.get(id))
        .filter(node -> node.isAlive() && network.reference(node) != null);
  }

  ActorRef<RaftMessage> reference(Node node) {
    return network.reference(node);
  }

  Disk disk(PeerId id) {
    return disks.get(id);
  }

  List<C> applied(PeerId id) {
    return machines.get(id).applied();
  }

  private void say(Node node, String what) {
    trace.say(world.now(), node, what);
  }
}
