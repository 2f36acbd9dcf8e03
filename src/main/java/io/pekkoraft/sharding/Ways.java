package io.pekkoraft.sharding;

import io.pekkoraft.model.PeerId;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.pattern.StatusReply;

/** How commands get from this node to that of a group's leader. */
interface Ways {
  /** All peers run here, and so does whoever leads. */
  Ways ALL_HERE =
      new Ways() {
        @Override
        public void begin(ActorRef<Region.Message> here) {}

        @Override
        public boolean leadElsewhere() {
          return false;
        }

        @Override
        public boolean isHere(Optional<PeerId> leader) {
          return true;
        }

        @Override
        public Optional<PeerId> anybody(int group) {
          return Optional.empty();
        }

        @Override
        public Optional<CompletionStage<StatusReply<PeerId>>> send(
            int group, PeerId leader, Delivery delivery) {
          return Optional.empty();
        }
      };

  /** {@code here} hears now of whoever becomes a leader: let the peers of this node begin. */
  void begin(ActorRef<Region.Message> here);

  /** Whether a group's leader may be elsewhere at all. */
  boolean leadElsewhere();

  /** Whether the leader's peer is one of this node. */
  boolean isHere(Optional<PeerId> leader);

  /** Some peer that can be asked who leads, one after the other, as long as nobody here knows. */
  Optional<PeerId> anybody(int group);

  /**
   * Sends a command to the node of a peer, to be decided there.
   *
   * @return who has served it, or what became of it; empty when that node is away, and so surely
   *     nothing happened
   */
  Optional<CompletionStage<StatusReply<PeerId>>> send(int group, PeerId leader, Delivery delivery);
}
