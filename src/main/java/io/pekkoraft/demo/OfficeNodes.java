package io.pekkoraft.demo;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.pekkoraft.http.Problem;
import io.pekkoraft.http.ProblemException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.stream.Stream;
import org.apache.pekko.Done;
import org.apache.pekko.actor.Address;
import org.apache.pekko.http.javadsl.model.StatusCodes;

/** The three nodes of the ticket office in this process. */
final class OfficeNodes {
  private static final int NODES = 3;

  private final Config config;
  private final Executor blocking;
  private final Map<String, OfficePlace> places = new LinkedHashMap<>();

  /**
   * @param config of all of them; {@code pekko-raft.rocksdb.dir} is where each has a directory
   * @param database of the plain twin, as an URL
   * @param blocking where a node may be begun
   */
  OfficeNodes(Config config, String database, Executor blocking) {
    this.config = shared(config, database);
    this.blocking = blocking;
    var data = Path.of(config.getString("pekko-raft.rocksdb.dir"));
    var ports = freePorts();
    for (var i = 0; i < NODES; i++) {
      var id = "n" + (i + 1);
      var address = new Address("pekko", OfficeNode.SYSTEM, OfficeNode.HOST, ports.get(i));
      places.put(id, new OfficePlace(address, data.resolve(id)));
    }
  }

  private static Config shared(Config config, String database) {
    return ConfigFactory.defaultOverrides()
        .withFallback(TicketOfficeConfig.database(database))
        .withFallback(ConfigFactory.parseResources("ticket-office-demo.conf"))
        .withFallback(config);
  }

  private static List<Integer> freePorts() {
    var sockets = new ArrayList<ServerSocket>();
    try {
      for (var i = 0; i < NODES; i++) {
        sockets.add(new ServerSocket(0, 1, InetAddress.getByName(OfficeNode.HOST)));
      }
      var ports = sockets.stream().map(ServerSocket::getLocalPort).toList();
      for (var socket : sockets) {
        socket.close();
      }
      return ports;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Config configOf(OfficePlace place) {
    var all = List.copyOf(places.values());
    Map<String, Object> own = new LinkedHashMap<>();
    own.put("pekko.remote.artery.canonical.hostname", OfficeNode.HOST);
    own.put("pekko.remote.artery.canonical.port", place.address().port().get());
    own.put("pekko-raft.rocksdb.dir", place.data().toString());
    return ConfigFactory.parseMap(own, "the node")
        .withFallback(
            TicketOfficeConfig.cluster(
                all.stream().map(OfficePlace::address).toList(), all.indexOf(place) + 1))
        .withFallback(config)
        .resolve();
  }

  /** The ones after that of the office itself, so that they are the same in each life. */
  private int consolePort(OfficePlace place) {
    var office = config.getInt("pekko-raft.demo.port");
    return office == 0 ? 0 : office + 1 + List.copyOf(places.values()).indexOf(place);
  }

  /** Their names, in order. */
  List<String> ids() {
    return List.copyOf(places.keySet());
  }

  Address address(String id) {
    return places.get(id).address();
  }

  OfficePlace.Phase phase(String id) {
    return places.get(id).phase();
  }

  /** Empty unless it runs. */
  Optional<OfficeNode> node(String id) {
    return places.get(id).node();
  }

  /** All that run. */
  Stream<OfficeNode> running() {
    return places.values().stream().flatMap(place -> place.node().stream());
  }

  /**
   * Begins a node, when its last life has ended.
   *
   * @return done when it runs
   * @throws ProblemException 409 when it runs already
   */
  CompletionStage<Done> start(String id) {
    var place = places.get(id);
    if (!place.starts()) {
      throw conflict(id + " runs already.");
    }
    return place.free().thenApplyAsync(free -> begin(place), blocking);
  }

  private Done begin(OfficePlace place) {
    try {
      place.runs(new OfficeNode(configOf(place), consolePort(place)));
      return Done.done();
    } catch (RuntimeException e) {
      place.failed();
      throw e;
    }
  }

  private Stream<Address> addresses() {
    return places.values().stream().map(OfficePlace::address);
  }

  /**
   * Kills a node.
   *
   * @throws ProblemException 409 when it does not run
   */
  void kill(String id) {
    var place = places.get(id);
    place
        .take()
        .orElseThrow(() -> isDown(id))
        .kill(addresses().filter(other -> !other.equals(place.address())));
  }

  /**
   * A node that runs.
   *
   * @throws ProblemException 409 when it does not
   */
  OfficeNode require(String id) {
    return node(id).orElseThrow(() -> isDown(id));
  }

  private static ProblemException isDown(String id) {
    return conflict(id + " does not run.");
  }

  private static ProblemException conflict(String detail) {
    return new ProblemException(Problem.of(StatusCodes.CONFLICT, detail));
  }

  /** Ends all of them at once. Done when they have ended. */
  CompletionStage<Done> terminate() {
    running().forEach(OfficeNode::terminate);
    return CompletableFuture.allOf(
            places.values().stream()
                .map(place -> place.free().toCompletableFuture())
                .toArray(CompletableFuture<?>[]::new))
        .thenApply(all -> Done.done());
  }

  /** What concerns one show goes to one node, for as long as that runs. */
  Optional<OfficeNode> anyFor(String show) {
    var all = List.copyOf(places.values());
    var first = Math.floorMod(show.hashCode(), NODES);
    return Stream.iterate(first, next -> (next + 1) % NODES)
        .limit(NODES)
        .flatMap(next -> all.get(next).node().stream())
        .findFirst();
  }
}
