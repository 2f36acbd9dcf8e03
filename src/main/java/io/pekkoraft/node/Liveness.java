package io.pekkoraft.node;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.pekko.actor.Address;

/**
 * Which nodes answer. A pong counts from the time at which its ping was sent, so that a late one
 * makes nobody alive. Not for several threads.
 */
final class Liveness {
  private final long silenceNanos;
  private final Map<Address, Life> nodes = new TreeMap<>(Address.addressOrdering());

  /** The start of each that said that it ends. */
  private final Map<Address, Long> departed = new TreeMap<>(Address.addressOrdering());

  /** Until when a node counts as alive, and since which start. */
  private record Life(long incarnation, long until) {}

  Liveness(long silenceNanos) {
    this.silenceNanos = silenceNanos;
  }

  /**
   * @param sentAt when the ping was sent that is answered
   * @return what is new
   */
  List<NodeEvent> answered(Address node, long incarnation, long sentAt, long now) {
    var known = nodes.get(node);
    var until = sentAt + silenceNanos;
    var isLate = until - now <= 0 || sentAt - now > 0;
    var hasLeft = Long.valueOf(incarnation).equals(departed.get(node));
    if (isLate || hasLeft || known != null && until - known.until() < 0) {
      return List.of();
    }
    nodes.put(node, new Life(incarnation, until));
    if (known == null) {
      return List.of(new NodeEvent.Alive(node, incarnation));
    }
    return known.incarnation() == incarnation
        ? List.of()
        : List.of(new NodeEvent.Silent(node), new NodeEvent.Alive(node, incarnation));
  }

  /** It says that it ends: what it answers from now on does not bring it back, a new start does. */
  List<NodeEvent> left(Address node, long incarnation) {
    departed.put(node, incarnation);
    var known = nodes.get(node);
    if (known == null || known.incarnation() != incarnation) {
      return List.of();
    }
    nodes.remove(node);
    return List.of(new NodeEvent.Left(node));
  }

  /** Gives up those that were silent for too long. */
  List<NodeEvent> tick(long now) {
    var silent = new ArrayList<NodeEvent>();
    nodes
        .entrySet()
        .removeIf(
            node -> {
              var isSilent = node.getValue().until() - now <= 0;
              if (isSilent) {
                silent.add(new NodeEvent.Silent(node.getKey()));
              }
              return isSilent;
            });
    return silent;
  }

  /** Since which start it is alive; empty when it does not answer. */
  Optional<Long> incarnationOf(Address node, long now) {
    return Optional.ofNullable(nodes.get(node))
        .filter(life -> life.until() - now > 0)
        .map(Life::incarnation);
  }
}
