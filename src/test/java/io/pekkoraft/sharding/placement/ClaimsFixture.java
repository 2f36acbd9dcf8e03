package io.pekkoraft.sharding.placement;

import io.pekkoraft.model.PeerId;
import io.pekkoraft.sharding.placement.Presence.State;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.pekko.actor.Address;

/** The nodes of a cluster and their disks, for the tests of the rules. */
final class ClaimsFixture {
  private final List<Claim> all = new ArrayList<>();
  private final Map<String, Presence> members = new HashMap<>();

  static String node(int number) {
    return address(number) + "#" + number;
  }

  static Address address(int number) {
    return new Address("pekko", "shards", "10.0.0." + number, 7400);
  }

  static Disk disk(char name) {
    return new Disk(String.valueOf(name).repeat(8));
  }

  /** One empty disk on each node, that of the first replica first. */
  static ClaimsFixture nodes(Disk... disks) {
    var nodes = new ClaimsFixture();
    for (var i = 1; i <= disks.length; i++) {
      nodes.with(i, disks[i - 1], PeerId.of("r" + i));
    }
    return nodes;
  }

  ClaimsFixture with(int node, Disk disk, PeerId replica) {
    return with(node, disk, replica, 0, false);
  }

  ClaimsFixture with(int node, Disk disk, PeerId replica, int version, boolean runs) {
    all.removeIf(claim -> claim.node().equals(node(node)));
    all.add(new Claim(disk, replica, version, runs, node(node)));
    members.put(node(node), new Presence(address(node), State.THERE));
    return this;
  }

  ClaimsFixture is(int node, State state) {
    members.put(node(node), new Presence(address(node), state));
    return this;
  }

  ClaimsFixture isGone(int node) {
    members.remove(node(node));
    return this;
  }

  ClaimsFixture withdraws(int node) {
    all.removeIf(claim -> claim.node().equals(node(node)));
    return this;
  }

  Claims claims() {
    return new Claims(List.copyOf(all), Map.copyOf(members));
  }
}
