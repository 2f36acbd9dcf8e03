package io.pekkoraft;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.pekkoraft.model.PeerId;
import io.pekkoraft.node.RaftNode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/** Several actor systems, which talk over the loopback interface, with journals in memory. */
public final class Nodes implements AutoCloseable {
  private final Map<PeerId, ActorSystem<Void>> systems = new LinkedHashMap<>();
  private final Map<PeerId, Address> addresses = new LinkedHashMap<>();
  private final String settings;

  public Nodes(String settings, String... ids) {
    this.settings = settings;
    for (var id : ids) {
      start(PeerId.of(id), 0);
    }
  }

  /**
   * @param port 0 for any
   */
  public ActorSystem<Void> start(PeerId id, int port) {
    var system = ActorSystem.<Void>create(Behaviors.empty(), "nodes", config(port));
    systems.put(id, system);
    addresses.put(id, RaftNode.get(system).address());
    return system;
  }

  private Config config(int port) {
    return ConfigFactory.parseString(
            "pekko.remote.artery.canonical { hostname = 127.0.0.1, port = " + port + " }\n")
        .withFallback(ConfigFactory.parseString(settings))
        .withFallback(ConfigFactory.defaultOverrides())
        .withFallback(ConfigFactory.parseResources("pekko-raft-node.conf"))
        .withFallback(ConfigFactory.parseResources("in-memory.conf"))
        .withFallback(ConfigFactory.defaultReference())
        .resolve();
  }

  public ActorSystem<Void> system(String id) {
    return systems.get(PeerId.of(id));
  }

  public Address address(String id) {
    return addresses.get(PeerId.of(id));
  }

  public Map<PeerId, Address> addresses() {
    return Map.copyOf(addresses);
  }

  /** Ends one, in order. */
  public void stop(String id) throws Exception {
    var system = systems.remove(PeerId.of(id));
    system.terminate();
    now(system.getWhenTerminated());
  }

  public static <T> T now(CompletionStage<T> stage) throws Exception {
    return stage.toCompletableFuture().get(40, TimeUnit.SECONDS);
  }

  @Override
  public void close() {
    systems.values().forEach(ActorSystem::terminate);
    systems.values().forEach(system -> system.getWhenTerminated().toCompletableFuture().join());
  }
}
