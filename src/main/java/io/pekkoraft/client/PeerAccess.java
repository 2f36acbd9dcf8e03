package io.pekkoraft.client;

import io.pekkoraft.model.PeerId;
import io.pekkoraft.protocol.ClientMessage.Request;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.pattern.StatusReply;

/**
 * The way from a client to the peers. A request or its answer may be lost or late; a request is
 * never doubled, as Pekko promises: what has to be repeated the client itself repeats.
 */
@FunctionalInterface
public interface PeerAccess {
  /**
   * Sends and does not wait.
   *
   * @param request makes the message, given who is to be answered
   * @param answer hears of the answer, once at most, on any thread
   * @return whether there is such a peer to be asked; if not, nothing was sent
   */
  <A> boolean ask(
      PeerId to,
      Function<ActorRef<StatusReply<A>>, Request<A>> request,
      Consumer<StatusReply<A>> answer);
}
