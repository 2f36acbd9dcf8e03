package io.pekkoraft.sharding.placement;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.apache.pekko.actor.Address;
import org.apache.pekko.cluster.ClusterEvent.CurrentClusterState;
import org.apache.pekko.cluster.MemberStatus;
import org.apache.pekko.cluster.UniqueAddress;

/** A node that is a member of the cluster: whatever its state, it may be running its peers. */
record Presence(Address address, State state) {
  private static final Set<MemberStatus> GONE = Set.of(MemberStatus.down(), MemberStatus.removed());
  private static final Set<MemberStatus> GOES =
      Set.of(MemberStatus.leaving(), MemberStatus.exiting());

  enum State {
    THERE,
    /** It stops in order. */
    LEAVING,
    /** It is cut off, or dead; nobody can tell. */
    UNREACHABLE
  }

  boolean isThere() {
    return state == State.THERE;
  }

  /** Another one after each start of the node. */
  static String name(UniqueAddress node) {
    return node.address() + "#" + node.longUid();
  }

  /** The members, by their names; who is downed or removed is none any more. */
  static Map<String, Presence> of(CurrentClusterState cluster) {
    var all = new HashMap<String, Presence>();
    for (var member : cluster.getMembers()) {
      if (!GONE.contains(member.status())) {
        var state =
            cluster.getUnreachable().contains(member)
                ? State.UNREACHABLE
                : GOES.contains(member.status()) ? State.LEAVING : State.THERE;
        all.put(name(member.uniqueAddress()), new Presence(member.address(), state));
      }
    }
    return all;
  }

  /** What a node has to say that the cluster has not let in. */
  static String notUp(MemberStatus status, Map<String, Presence> members) {
    var unreachable =
        members.values().stream()
            .filter(one -> one.state() == State.UNREACHABLE)
            .map(one -> one.address().toString())
            .sorted()
            .toList();
    return "This node is not up in the cluster ("
        + status
        + "), and no peer begins here before. It knows "
        + members.size()
        + " members, of which these can't be reached: "
        + unreachable
        + ".";
  }
}
