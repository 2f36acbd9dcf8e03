package io.pekkoraft.sharding;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.pekkoraft.RaftSettings;
import io.pekkoraft.node.RaftNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.pekko.Done;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.CoordinatedShutdown;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.JoinSeedNodes;

/** Nodes of a Pekko Cluster in one process, each with a journal of its own on the disk. */
final class ClusterNodes implements AutoCloseable {
  private static final String SETTINGS =
      """
      pekko {
        loglevel = WARNING
        coordinated-shutdown {
          run-by-actor-system-terminate = off
          run-by-jvm-shutdown-hook = off
          exit-jvm = off
          phases.service-unbind.timeout = 15s
        }
        cluster {
          jmx.multi-mbeans-in-same-jvm = on
          gossip-interval = 200ms
          leader-actions-interval = 200ms
          periodic-tasks-initial-delay = 200ms
          sharding.retry-interval = 200ms
          distributed-data { gossip-interval = 200ms, notify-subscribers-interval = 100ms }
          sharding.distributed-data {
            gossip-interval = 200ms
            notify-subscribers-interval = 100ms
          }
        }
      }
      pekko-raft {
        election-timeout { min = 1s, max = 2s }
        leadership.disk-timeout = 10s
        node { silence = 3s, farewell = 10s }
      }
      """;

  private final Path directory;
  private final String settings;
  private final Map<String, ActorSystem<Void>> systems = new LinkedHashMap<>();
  private final Map<String, AtomicInteger> decided = new ConcurrentHashMap<>();
  private final Map<String, Address> addresses = new LinkedHashMap<>();

  /**
   * @param directory in which each node has one
   * @param settings over those of the tests
   */
  ClusterNodes(Path directory, String settings) {
    this.directory = directory;
    this.settings = settings;
  }

  /** Starts a node, with what it had kept, and where it was before. */
  ActorSystem<Void> start(String id, String role) {
    return start(id, role, directory.resolve(id));
  }

  ActorSystem<Void> start(String id, String role, Path data) {
    var port = addresses.containsKey(id) ? addresses.get(id).getPort().get() : 0;
    var system = ActorSystem.<Void>create(Behaviors.empty(), "shards", config(role, port, data));
    systems.put(id, system);
    addresses.put(id, RaftNode.get(system).address());
    Cluster.get(system).manager().tell(new JoinSeedNodes(List.of(seed(id))));
    return system;
  }

  /** Some node that is there; the first of all begins alone. */
  private Address seed(String id) {
    return systems.keySet().stream()
        .filter(other -> !other.equals(id))
        .map(addresses::get)
        .findFirst()
        .orElse(addresses.get(id));
  }

  private Config config(String role, int port, Path data) {
    var own =
        Map.of(
            "pekko.remote.artery.canonical.hostname",
            "127.0.0.1",
            "pekko.remote.artery.canonical.port",
            port,
            "pekko.cluster.roles",
            List.of(role),
            "pekko-raft.rocksdb.dir",
            data.toString());
    return ConfigFactory.parseMap(own)
        .withFallback(ConfigFactory.parseString(settings))
        .withFallback(ConfigFactory.parseString(SETTINGS))
        .withFallback(ConfigFactory.parseResources("pekko-raft-cluster.conf"))
        .withFallback(ConfigFactory.defaultReferenceUnresolved())
        .resolve();
  }

  ActorSystem<Void> system(String id) {
    return systems.get(id);
  }

  Address address(String id) {
    return addresses.get(id);
  }

  /** How many deposits were decided on a node. */
  int decided(String id) {
    return decided.computeIfAbsent(id, first -> new AtomicInteger()).get();
  }

  /** Begins with accounts on a node. */
  CompletionStage<Done> init(String id) {
    var system = system(id);
    var count = decided.computeIfAbsent(id, first -> new AtomicInteger());
    return RaftSharding.get(system)
        .init(
            Entity.of(Account.KEY, context -> new Account(count::incrementAndGet)),
            ShardingSettings.create(system),
            RaftSettings.create(system));
  }

  void initAll() throws Exception {
    var ready = new ArrayList<CompletionStage<Done>>();
    for (var id : List.copyOf(systems.keySet())) {
      ready.add(init(id));
    }
    for (var one : ready) {
      now(one);
    }
  }

  EntityRef<Account.Command> account(String node, String id) {
    return RaftSharding.get(system(node)).entityRefFor(Account.KEY, id);
  }

  /** Ends a node in the midst of its work: it says goodbye to nobody. */
  void kill(String id) throws Exception {
    var system = systems.remove(id);
    system.terminate();
    now(system.getWhenTerminated());
  }

  /** Ends a node in order. */
  void stop(String id) throws Exception {
    var system = systems.remove(id);
    now(CoordinatedShutdown.get(system).runAll(CoordinatedShutdown.actorSystemTerminateReason()));
    now(system.getWhenTerminated());
  }

  static <T> T now(CompletionStage<T> stage) throws Exception {
    return stage.toCompletableFuture().get(60, TimeUnit.SECONDS);
  }

  @Override
  public void close() {
    systems.values().forEach(ActorSystem::terminate);
    systems.values().forEach(system -> system.getWhenTerminated().toCompletableFuture().join());
  }
}
