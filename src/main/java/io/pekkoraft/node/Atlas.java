package io.pekkoraft.node;

import io.pekkoraft.model.PeerId;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.pekko.actor.Address;

/**
 * Where the peers of each group run: as its {@link Whereabouts} say, else as they introduce
 * themselves.
 */
final class Atlas {
  /** Newcomers that are remembered; beyond it none is. */
  private static final int MOST_NEWCOMERS = 1000;

  private final ConcurrentMap<String, Whereabouts> groups = new ConcurrentHashMap<>();
  private final ConcurrentMap<Name, Address> newcomers = new ConcurrentHashMap<>();

  /** Those of all groups: thousands of groups may have one. */
  private volatile Set<Whereabouts> lists = Set.of();

  private volatile Map<String, Address> listed = Map.of();

  private record Name(String group, PeerId peer) {}

  synchronized void locate(String group, Whereabouts where) {
    var before = groups.put(group, where);
    if (before != null || !lists.contains(where)) {
      lists = Set.copyOf(groups.values());
      refresh();
    }
  }

  boolean knows(String group) {
    return groups.containsKey(group);
  }

  Optional<Address> of(String group, PeerId peer) {
    var where = groups.get(group);
    if (where == null) {
      return Optional.empty();
    }
    var listed = where.of(group, peer);
    return listed.isPresent() ? listed : Optional.ofNullable(newcomers.get(new Name(group, peer)));
  }

  /** One that has a place already keeps it. */
  boolean introduce(String group, PeerId peer, Address node) {
    if (!knows(group) || of(group, peer).isPresent() || newcomers.size() >= MOST_NEWCOMERS) {
      return false;
    }
    var isNew = newcomers.putIfAbsent(new Name(group, peer), node) == null;
    refresh();
    return isNew;
  }

  SortedSet<PeerId> newcomersOf(String group) {
    return PeerId.sorted(
        newcomers.keySet().stream()
            .filter(name -> name.group().equals(group))
            .map(Name::peer)
            .toList());
  }

  /**
   * All nodes that are listed, and those of newcomers, as they were when this was last looked up.
   */
  Collection<Address> nodes() {
    return listed.values();
  }

  /** The node of that address, if it is one of them. */
  Optional<Address> node(String address) {
    return Optional.ofNullable(listed.get(address));
  }

  /** Looks up who is listed now: for each message it would take too long. */
  void refresh() {
    listed =
        Stream.concat(
                lists.stream().flatMap(where -> where.nodes().stream()),
                newcomers.values().stream())
            .distinct()
            .collect(Collectors.toUnmodifiableMap(Address::toString, node -> node));
  }
}
