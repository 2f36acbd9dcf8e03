package io.pekkoraft.protocol;

import io.pekkoraft.model.PeerId;
import java.util.function.BiConsumer;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * The way from one peer to the others of its group. Nothing relies on delivery: a message may be
 * lost, delayed, doubled or overtaken. Peers are named and not referred to, so that one may come
 * back under a new reference and a simulated network can stand in between.
 */
public interface PeerNetwork {
  /**
   * The peer that this way belongs to can be reached at {@code self} from now on.
   *
   * @throws IllegalStateException when another one is reached under its name
   */
  void join(ActorRef<RaftMessage> self);

  /** The peer can be reached no more. */
  void leave();

  /** Sends and forgets; never blocks, never throws for a peer that is not there. */
  void send(PeerId to, PeerMessage message);

  /** The same way, on which {@code sending} stands and decides what is sent. */
  default PeerNetwork by(BiConsumer<PeerId, PeerMessage> sending) {
    var way = this;
    return new PeerNetwork() {
      @Override
      public void join(ActorRef<RaftMessage> self) {
        way.join(self);
      }

      @Override
      public void leave() {
        way.leave();
      }

      @Override
      public void send(PeerId to, PeerMessage message) {
        sending.accept(to, message);
      }
    };
  }
}
