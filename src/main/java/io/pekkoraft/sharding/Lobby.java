package io.pekkoraft.sharding;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Where commands wait until somebody leads their group: in the order in which they came to this
 * node, though some went out meanwhile and came back. So many at most. Not for several threads.
 */
final class Lobby {
  private final int most;
  private final Map<Integer, TreeMap<Long, Delivery>> groups = new TreeMap<>();
  private int size;

  Lobby(int most) {
    this.most = most;
  }

  /** The groups for which somebody waits. */
  List<Integer> groups() {
    return List.copyOf(groups.keySet());
  }

  boolean waitsFor(int group) {
    return groups.containsKey(group);
  }

  /**
   * @return whether there was room
   */
  boolean add(int group, Delivery delivery) {
    if (size >= most) {
      return false;
    }
    groups.computeIfAbsent(group, first -> new TreeMap<>()).put(delivery.turn(), delivery);
    size++;
    return true;
  }

  /** Who came first. */
  Optional<Delivery> first(int group) {
    return Optional.ofNullable(groups.get(group)).map(queue -> queue.firstEntry().getValue());
  }

  void remove(int group, Delivery delivery) {
    var queue = groups.get(group);
    queue.remove(delivery.turn());
    size--;
    if (queue.isEmpty()) {
      groups.remove(group);
    }
  }

  /** Takes out those that nobody waits for any more. */
  List<Delivery> takeLate(int group) {
    var late =
        groups.getOrDefault(group, new TreeMap<>()).values().stream()
            .filter(Delivery::isLate)
            .toList();
    late.forEach(delivery -> remove(group, delivery));
    return late;
  }
}
