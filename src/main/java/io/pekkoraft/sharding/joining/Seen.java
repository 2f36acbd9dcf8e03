package io.pekkoraft.sharding.joining;

import java.util.Set;
import org.apache.pekko.actor.Address;
import org.apache.pekko.cluster.MemberStatus;
import org.apache.pekko.cluster.UniqueAddress;

/** A member of the cluster, as one node sees it. */
record Seen(UniqueAddress node, MemberStatus status, boolean isReachable) {
  private static final Set<MemberStatus> NEW =
      Set.of(MemberStatus.joining(), MemberStatus.weaklyUp());
  private static final Set<MemberStatus> GOING =
      Set.of(MemberStatus.down(), MemberStatus.exiting(), MemberStatus.removed());

  Address address() {
    return node.address();
  }

  /** Its next life knocks at the door: Pekko lets that in when this one is removed. */
  boolean isDown() {
    return status == MemberStatus.down();
  }

  boolean isUp() {
    return isReachable && status == MemberStatus.up();
  }

  /** Was let in, and is kept waiting. */
  boolean isNew() {
    return isReachable && NEW.contains(status);
  }

  /** Without its consent nothing changes. */
  boolean isAway() {
    return !isReachable && !GOING.contains(status);
  }

  /** On its way out, by its own will. */
  boolean isLeft() {
    return !isDown() && GOING.contains(status);
  }
}
