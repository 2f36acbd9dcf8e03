package io.pekkoraft.node;

import io.pekkoraft.model.PeerId;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.pekko.actor.Address;

/** On which node each peer runs. Asked for every message, from any thread: it must not block. */
public interface Whereabouts {
  /** The node on which {@code peer} of {@code group} runs; empty when nobody knows. */
  Optional<Address> of(String group, PeerId peer);

  /** All nodes to keep in touch with; whoever is not among them gets no answer. */
  Set<Address> nodes();

  /** Each peer has a node for life. */
  static Whereabouts of(Map<PeerId, Address> nodes) {
    var fixed = Map.copyOf(nodes);
    var all = Set.copyOf(fixed.values());
    return new Whereabouts() {
      @Override
      public Optional<Address> of(String group, PeerId peer) {
        return Optional.ofNullable(fixed.get(peer));
      }

      @Override
      public Set<Address> nodes() {
        return all;
      }
    };
  }
}
