package io.pekkoraft.demo;

import io.pekkoraft.model.PeerId;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What one node has to know.
 *
 * @param id of the peer that runs here
 * @param cluster where each peer of the group is reached by the others, {@code id} among them; in
 *     an order that is the same on all nodes
 * @param http where clients reach this node
 * @param data where all that it keeps is
 * @param config settings of its own, over the library's
 * @param joins whether the group was founded by others, who shall add this node
 * @param sharding whether it is a ticket office, and not a key-value store
 * @param plain the database of the ticket office's plain twin, as an URL, if it shall have one
 */
public record NodeArguments(
    PeerId id,
    Map<PeerId, HostPort> cluster,
    HostPort http,
    Path data,
    Optional<Path> config,
    boolean joins,
    boolean sharding,
    Optional<String> plain) {
  /** An address on the network. */
  public record HostPort(String host, int port) {
    /**
     * @param lowestPort 0 where any port that is free will do
     */
    static HostPort parse(String what, String text, int lowestPort) {
      var colon = text.lastIndexOf(':');
      try {
        var port = Integer.parseInt(text.substring(colon + 1));
        if (colon > 0 && port >= lowestPort && port <= 65535) {
          return new HostPort(text.substring(0, colon), port);
        }
      } catch (NumberFormatException e) {
        // Said below.
      }
      throw new IllegalArgumentException(
          what
              + " \""
              + text
              + "\" is not host:port with a port from "
              + lowestPort
              + " to 65535, as 127.0.0.1:7401 is.");
    }

    @Override
    public String toString() {
      return host + ":" + port;
    }
  }

  public NodeArguments {
    cluster = Collections.unmodifiableMap(new LinkedHashMap<>(cluster));
    if (!cluster.containsKey(id)) {
      throw new IllegalArgumentException(
          "--id "
              + id
              + " is not in --cluster, which names "
              + PeerId.sorted(cluster.keySet())
              + ". Add "
              + id
              + "=host:port, or choose one of these.");
    }
    if (joins && sharding) {
      throw new IllegalArgumentException(
          "--join is for the key-value store: the nodes of --sharding are the same for ever.");
    }
    if (plain.isPresent() && !sharding) {
      throw new IllegalArgumentException("--plain belongs to --sharding.");
    }
  }

  /** Which of the replicas this node has the peers of, from 1 on, by its place in the list. */
  int replica(int replicas) {
    return List.copyOf(cluster.keySet()).indexOf(id) % replicas + 1;
  }

  /**
   * From text, as a command line has it.
   *
   * @param cluster {@code n1=127.0.0.1:7401,n2=127.0.0.1:7402,n3=127.0.0.1:7403}
   * @param http {@code 127.0.0.1:8401}; port 0 takes any that is free
   * @throws IllegalArgumentException when one of them is not as it should be, and how
   */
  public static NodeArguments parse(
      String id,
      String cluster,
      String http,
      Path data,
      Optional<Path> config,
      boolean joins,
      boolean sharding,
      Optional<String> plain) {
    return new NodeArguments(
        PeerId.of(id),
        parseCluster(cluster),
        HostPort.parse("--http", http, 0),
        data,
        config,
        joins,
        sharding,
        plain);
  }

  private static Map<PeerId, HostPort> parseCluster(String text) {
    var cluster = new LinkedHashMap<PeerId, HostPort>();
    for (var part : text.split(",", -1)) {
      var equals = part.indexOf('=');
      if (equals <= 0) {
        throw new IllegalArgumentException(
            "--cluster has \""
                + part
                + "\" where id=host:port should be, as in"
                + " n1=127.0.0.1:7401,n2=127.0.0.1:7402,n3=127.0.0.1:7403.");
      }
      var id = PeerId.of(part.substring(0, equals).strip());
      var where = HostPort.parse("--cluster: " + id, part.substring(equals + 1).strip(), 1);
      if (cluster.containsValue(where)) {
        throw new IllegalArgumentException("--cluster names " + where + " twice.");
      }
      if (cluster.put(id, where) != null) {
        throw new IllegalArgumentException("--cluster names " + id + " twice.");
      }
    }
    return cluster;
  }
}
