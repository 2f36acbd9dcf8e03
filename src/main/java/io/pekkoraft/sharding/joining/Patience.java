package io.pekkoraft.sharding.joining;

import io.pekkoraft.sharding.joining.Decision.MakeRoom;
import io.pekkoraft.sharding.joining.Decision.Nothing;
import io.pekkoraft.sharding.joining.Decision.TooFew;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.apache.pekko.actor.Address;
import org.apache.pekko.cluster.UniqueAddress;

/**
 * For how long members may be away before they make room. While nobody waits, for ever. When
 * somebody does, each of them as long as the setting says, counted anew after each time that it is
 * back or that nobody waits.
 *
 * <p>Of the nodes that can be reached, the one with the lowest address decides, and only if more
 * than half of all are heard from. Who knocks is heard from, though what is left of its last life
 * is Down.
 */
final class Patience {
  /** As Pekko orders members. */
  static final Comparator<Address> BY_ADDRESS =
      Comparator.comparing((Address address) -> address.getHost().orElse(""))
          .thenComparing(address -> address.getPort().orElse(0));

  private static final Nothing NOTHING = new Nothing();

  private final UniqueAddress self;
  private final long limitNanos;
  private final Map<UniqueAddress, Long> heldUpSince = new HashMap<>();

  /** Down, too, but nobody knocks in their name. */
  private final Set<UniqueAddress> madeRoom = new HashSet<>();

  Patience(UniqueAddress self, long limitNanos) {
    this.self = self;
    this.limitNanos = limitNanos;
  }

  /**
   * @param members all of them, as this node sees them now
   */
  Decision decide(Collection<Seen> members, long now) {
    var nodes = members.stream().map(Seen::node).collect(Collectors.toSet());
    madeRoom.retainAll(nodes);
    var waiting = addresses(members, this::waits);
    var away = members.stream().filter(Seen::isAway).map(Seen::node).collect(Collectors.toSet());
    heldUpSince.keySet().retainAll(waiting.isEmpty() ? Set.of() : away);
    if (!waiting.isEmpty()) {
      away.forEach(node -> heldUpSince.putIfAbsent(node, now));
    }
    var late = addresses(members, member -> isLate(member, now));
    if (late.isEmpty() || !isOurs(members)) {
      return NOTHING;
    }
    var all = addresses(members, this::counts).size();
    var heard = addresses(members, member -> counts(member) && isHeard(member)).size();
    if (2 * heard <= all) {
      return new TooFew(late, waiting, heard, all);
    }
    members.stream()
        .filter(member -> isLate(member, now))
        .forEach(member -> madeRoom.add(member.node()));
    return new MakeRoom(late, waiting);
  }

  private boolean waits(Seen member) {
    return member.isNew() || member.isDown() && !madeRoom.contains(member.node());
  }

  private boolean isLate(Seen member, long now) {
    var since = heldUpSince.get(member.node());
    return since != null && now - since >= limitNanos;
  }

  private boolean isOurs(Collection<Seen> members) {
    var up = addresses(members, Seen::isUp);
    return !up.isEmpty() && up.first().equals(self.address());
  }

  /** Who has left, or has made room, is no part of any majority. */
  private boolean counts(Seen member) {
    return !member.isLeft() && !(member.isDown() && madeRoom.contains(member.node()));
  }

  private static boolean isHeard(Seen member) {
    return member.isReachable() || member.isDown();
  }

  private static SortedSet<Address> addresses(
      Collection<Seen> members, Predicate<? super Seen> which) {
    return members.stream()
        .filter(which)
        .map(Seen::address)
        .collect(Collectors.toCollection(() -> new TreeSet<>(BY_ADDRESS)));
  }
}
