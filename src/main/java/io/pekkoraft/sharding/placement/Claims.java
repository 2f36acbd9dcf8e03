package io.pekkoraft.sharding.placement;

import io.pekkoraft.model.PeerId;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.pekko.actor.Address;

/**
 * Who has which disk. A claim counts as long as its node is a member of the cluster in whatever
 * state: who can't be seen for a second has its disk nevertheless.
 *
 * @param all that were told
 * @param members by their names
 */
record Claims(Collection<Claim> all, Map<String, Presence> members) {
  /** Those that count. */
  List<Claim> live() {
    return all.stream().filter(claim -> members.containsKey(claim.node())).toList();
  }

  /** The disks of the members, with their replicas. */
  SortedMap<Disk, PeerId> disks() {
    var disks = new TreeMap<Disk, PeerId>();
    live().forEach(claim -> disks.put(claim.disk(), claim.replica()));
    return disks;
  }

  /** The claims of other members to the disk of one. */
  List<Claim> others(Disk disk, String node) {
    return live().stream()
        .filter(claim -> claim.disk().equals(disk) && !claim.node().equals(node))
        .toList();
  }

  /**
   * What a node that runs its peers may clear away: claims to its disk by who is no member any
   * more. One that has just come may not know all members yet.
   */
  List<Claim> past(Claim own) {
    return all.stream()
        .filter(claim -> own.runs() && claim.disk().equals(own.disk()))
        .filter(claim -> !members.containsKey(claim.node()))
        .toList();
  }

  /** Whether a node is among those that claim something. */
  boolean isFrom(String node) {
    return all.stream().anyMatch(claim -> claim.node().equals(node));
  }

  Presence presence(Claim claim) {
    return members.get(claim.node());
  }

  /**
   * Where the peers of each disk are to be found. Of several nodes that claim one it is the one
   * that runs them already: the others have a copy, or will have it when that one is gone.
   */
  Map<Disk, Address> addresses() {
    var addresses = new TreeMap<Disk, Address>();
    live().stream()
        .collect(Collectors.groupingBy(Claim::disk))
        .forEach((disk, claims) -> address(claims).ifPresent(node -> addresses.put(disk, node)));
    return addresses;
  }

  /**
   * Which disks of other replicas are not here, for a node that would notice in this way that the
   * cluster which it belongs to is not the others'.
   */
  Optional<String> awayOf(Placement placement, PeerId self) {
    var there = addresses().keySet();
    var away = new TreeMap<PeerId, List<Disk>>();
    placement
        .disks()
        .forEach(
            (replica, on) -> {
              var missing = on.stream().filter(disk -> !there.contains(disk)).toList();
              if (!replica.equals(self) && !missing.isEmpty()) {
                away.put(replica, missing);
              }
            });
    return away.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "The peers on these disks of type "
                + placement.type()
                + " are away: "
                + away
                + ". If their nodes run, they are in another cluster than this one, of which "
                + members.values().stream().map(one -> one.address().toString()).sorted().toList()
                + " are members.");
  }

  private Optional<Address> address(List<Claim> toOne) {
    if (toOne.stream().map(Claim::node).distinct().count() == 1) {
      return Optional.of(presence(toOne.get(0)).address());
    }
    var running = toOne.stream().filter(Claim::runs).map(Claim::node).distinct().toList();
    return running.size() == 1
        ? Optional.of(members.get(running.get(0)).address())
        : Optional.empty();
  }
}
