package io.pekkoraft.sharding.placement;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which peers are started when: a few at a time, the next when these know who leads. A thousand
 * groups that all elect at once keep each other from it. One that finds no leader, for the others
 * are not there, holds up the rest only for a while.
 */
final class Starting {
  private final int most;
  private final long patienceNanos;
  private final Map<Integer, Long> unsettled = new HashMap<>();
  private final Set<Integer> begun = new HashSet<>();

  /**
   * @param most that are started and know of no leader
   * @param patienceNanos for how long such a one counts
   */
  Starting(int most, long patienceNanos) {
    this.most = most;
    this.patienceNanos = patienceNanos;
  }

  /** A peer knows who leads. */
  void settled(int group) {
    unsettled.remove(group);
  }

  /** Its peer has ended, and may be started once more. */
  void ended(int group) {
    begun.remove(group);
    unsettled.remove(group);
  }

  /**
   * @param wanted those that shall run here
   * @return those to start now
   */
  List<Integer> next(Collection<Integer> wanted, long now) {
    unsettled.values().removeIf(since -> now - since > patienceNanos);
    var next = new ArrayList<Integer>();
    for (var group : wanted) {
      if (unsettled.size() >= most) {
        break;
      }
      if (begun.add(group)) {
        unsettled.put(group, now);
        next.add(group);
      }
    }
    return next;
  }

  /** Whether all of them were started. */
  boolean isDone(Collection<Integer> wanted) {
    return begun.containsAll(wanted);
  }
}
