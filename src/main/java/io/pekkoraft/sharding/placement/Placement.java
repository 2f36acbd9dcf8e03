package io.pekkoraft.sharding.placement;

import io.pekkoraft.model.PeerId;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Which disk holds the journal of which peer, for all groups of a type: settled when the type is
 * founded. Immutable.
 *
 * @param version grows when a disk takes the place of a lost one
 * @param groups how many there are
 * @param disks by replica, those over which its peers are spread: that of group {@code n} is on the
 *     {@code n}th one, counted round
 * @param newcomers those of them that took the place of a lost one: what begins there joins
 */
record Placement(
    String type,
    int version,
    int groups,
    SortedMap<PeerId, List<Disk>> disks,
    SortedSet<Disk> newcomers) {
  Placement {
    if (version < 1 || groups < 1 || disks.isEmpty()) {
      throw new IllegalArgumentException(
          "No placement: version " + version + ", " + groups + " groups on " + disks + ".");
    }
    var copy = new TreeMap<PeerId, List<Disk>>();
    disks.forEach((replica, on) -> copy.put(replica, List.copyOf(on)));
    var distinct = new TreeSet<Disk>();
    for (var on : copy.values()) {
      if (on.isEmpty() || !on.stream().allMatch(distinct::add)) {
        throw new IllegalArgumentException(
            "Each replica has a disk, and each disk one replica: " + disks + ".");
      }
    }
    disks = java.util.Collections.unmodifiableSortedMap(copy);
    newcomers = java.util.Collections.unmodifiableSortedSet(new TreeSet<>(newcomers));
  }

  /**
   * The first one of a type: the same at whoever sees the same disks.
   *
   * @param found the replica of each disk
   */
  static Placement found(String type, int groups, Map<Disk, PeerId> found) {
    var disks = new TreeMap<PeerId, List<Disk>>();
    new TreeMap<>(found)
        .forEach(
            (disk, replica) ->
                disks.merge(
                    replica,
                    List.of(disk),
                    (some, more) -> {
                      var all = new java.util.ArrayList<>(some);
                      all.addAll(more);
                      return all;
                    }));
    return new Placement(type, 1, groups, disks, new TreeSet<>());
  }

  /** Who founded each group. */
  SortedSet<PeerId> replicas() {
    return PeerId.sorted(disks.keySet());
  }

  /** The disk of a peer; empty when there is no such group or replica. */
  Optional<Disk> of(int group, PeerId replica) {
    var on = disks.get(replica);
    return on == null || group < 0 || group >= groups
        ? Optional.empty()
        : Optional.of(on.get(group % on.size()));
  }

  /** The replica whose peers are on this disk; empty when none is. */
  Optional<PeerId> replicaOn(Disk disk) {
    return disks.entrySet().stream()
        .filter(entry -> entry.getValue().contains(disk))
        .map(Map.Entry::getKey)
        .findFirst();
  }

  /** The groups that have a peer on this disk. */
  Collection<Integer> groupsOn(Disk disk) {
    var ours = new TreeSet<Integer>();
    replicaOn(disk)
        .ifPresent(
            replica -> {
              var on = disks.get(replica);
              for (var group = on.indexOf(disk); group < groups; group += on.size()) {
                ours.add(group);
              }
            });
    return ours;
  }

  /**
   * Another disk in the place of one that is lost for good.
   *
   * @throws IllegalArgumentException when {@code lost} is not among them, or {@code next} is
   */
  Placement replacing(Disk lost, Disk next) {
    var replica =
        replicaOn(lost)
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "Disk " + lost + " holds nothing of type " + type + ": " + disks + "."));
    if (replicaOn(next).isPresent()) {
      throw new IllegalArgumentException(
          "Disk " + next + " holds " + replicaOn(next).get() + " already.");
    }
    var others = new TreeMap<>(disks);
    others.put(
        replica, disks.get(replica).stream().map(disk -> disk.equals(lost) ? next : disk).toList());
    var joined = new TreeSet<>(newcomers);
    joined.remove(lost);
    joined.add(next);
    return new Placement(type, version + 1, groups, others, joined);
  }
}
