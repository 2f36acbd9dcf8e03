package io.pekkoraft.sharding.joining;

import java.util.List;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.AddressFromURIString;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.cluster.typed.Cluster;

/** Where a node looks for the cluster. */
public final class SeedNodes {
  private SeedNodes() {}

  /**
   * A node that looks for nobody but itself finds the cluster at its first start, for the others
   * come to it; at the next it founds another one, and the two never meet.
   *
   * @param nodes how many there shall be
   * @throws IllegalArgumentException when there shall be others, and {@code
   *     pekko.cluster.seed-nodes} names this node alone
   */
  public static void requireOthers(ActorSystem<?> system, int nodes) {
    var seeds = system.settings().config().getStringList("pekko.cluster.seed-nodes");
    requireOthers(seeds, Cluster.get(system).selfMember().address(), nodes);
  }

  static void requireOthers(List<String> seeds, Address self, int nodes) {
    var isAlone =
        !seeds.isEmpty() && seeds.stream().map(AddressFromURIString::parse).allMatch(self::equals);
    if (isAlone && nodes > 1) {
      throw new IllegalArgumentException(
          "pekko.cluster.seed-nodes names this node alone, "
              + self
              + ", and there shall be "
              + nodes
              + " nodes (pekko-raft.sharding.nodes): started anew, it would found a cluster of its"
              + " own and never find the others. Name all of them, in the same order on each.");
    }
  }
}
