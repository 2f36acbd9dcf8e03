package io.pekkoraft.sharding.placement;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.apache.pekko.actor.Address;
import org.apache.pekko.cluster.ClusterEvent.CurrentClusterState;
import org.apache.pekko.cluster.MemberStatus;

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

  /** The members, by their unique addresses; who is downed or removed is none any more. */
  static Map<String, Presence> of(CurrentClusterState cluster) {
    var all = new HashMap<String, Presence>();
    for (var member : cluster.getMembers()) {
      if (!GONE.contains(member.status())) {
        var state =
            cluster.getUnreachable().contains(member)
                ? State.UNREACHABLE
                : GOES.contains(member.status()) ? State.LEAVING : State.THERE;
        all.put(member.uniqueAddress().toString(), new Presence(member.address(), state));
      }
    }
    return all;
  }
}
