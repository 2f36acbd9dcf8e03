package io.pekkoraft.protocol;

import io.pekkoraft.model.PeerId;
import java.util.function.BiPredicate;
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

  /**
   * The same for a heartbeat that is due by the clock and asks for nothing: it may wait a moment,
   * so that one message takes those of many groups. What is sent after it may overtake it.
   */
  default void sendSoon(PeerId to, PeerMessage message) {
    send(to, message);
  }

  /** The same way, on which {@code sentry} sees all that is to be sent, and says what goes on. */
  default PeerNetwork by(BiPredicate<PeerId, PeerMessage> sentry) {
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
        if (sentry.test(to, message)) {
          way.send(to, message);
        }
      }

      @Override
      public void sendSoon(PeerId to, PeerMessage message) {
        if (sentry.test(to, message)) {
          way.sendSoon(to, message);
        }
      }
    };
  }
}
