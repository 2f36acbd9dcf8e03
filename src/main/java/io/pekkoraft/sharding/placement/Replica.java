package io.pekkoraft.sharding.placement;

import io.pekkoraft.model.PeerId;
import java.util.Collection;
import java.util.regex.Pattern;

/** Which peers a node runs: those of replica {@code i} have the role {@code replica-i}. */
final class Replica {
  private static final String ROLE = "replica-";
  private static final Pattern REPLICA = Pattern.compile("r[1-9][0-9]*");

  private Replica() {}

  /** The name of all peers of a replica. */
  static PeerId peer(int number) {
    return PeerId.of("r" + number);
  }

  static String roleOf(PeerId replica) {
    return ROLE + replica.value().substring(1);
  }

  static boolean isReplica(PeerId peer) {
    return REPLICA.matcher(peer.value()).matches();
  }

  /**
   * The replica of a node.
   *
   * @param roles of the node in the cluster
   * @param replicas how many there are
   * @throws IllegalArgumentException when its roles name none, or several
   */
  static PeerId of(Collection<String> roles, int replicas) {
    var named = roles.stream().filter(role -> role.startsWith(ROLE)).toList();
    if (named.size() == 1) {
      for (var number = 1; number <= replicas; number++) {
        if (named.get(0).equals(ROLE + number)) {
          return peer(number);
        }
      }
    }
    throw new IllegalArgumentException(
        "A node with replicated entities has one of the roles "
            + ROLE
            + "1 to "
            + ROLE
            + replicas
            + " in pekko.cluster.roles, as of pekko-raft.sharding.replicas; this one has "
            + (named.isEmpty() ? "none of them" : named)
            + ".");
  }
}
