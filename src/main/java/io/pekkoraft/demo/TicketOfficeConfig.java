package io.pekkoraft.demo;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.pekkoraft.demo.NodeArguments.HostPort;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.apache.pekko.actor.Address;

/** What makes an actor system a node of the ticket office. */
final class TicketOfficeConfig {
  private TicketOfficeConfig() {}

  /** As the command line of a node says. */
  static Config of(NodeArguments arguments, Function<HostPort, Address> address) {
    var seeds = arguments.cluster().values().stream().map(address).toList();
    var replicas = ConfigFactory.load().getInt("pekko-raft.sharding.replicas");
    var cluster = cluster(seeds, arguments.replica(replicas));
    return arguments
        .plain()
        .map(url -> cluster.withFallback(database(url)))
        .orElse(cluster)
        .withFallback(ConfigFactory.parseResources("ticket-office-node.conf"));
  }

  /**
   * Which member of the cluster it is.
   *
   * @param seeds all nodes: whoever comes back finds those that are there, whichever they are; the
   *     first one founds the cluster if there is none
   * @param replica whose peers it has, from 1 on
   */
  static Config cluster(List<Address> seeds, int replica) {
    return ConfigFactory.parseMap(
        Map.of(
            "pekko.cluster.seed-nodes",
            seeds.stream().map(Address::toString).toList(),
            "pekko.cluster.roles",
            List.of("replica-" + replica)));
  }

  /** Where the plain twin keeps its events. */
  static Config database(String url) {
    return ConfigFactory.parseMap(
        Map.of("pekko-persistence-jdbc.shared-databases.slick.db.url", url));
  }
}
