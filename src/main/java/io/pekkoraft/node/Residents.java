package io.pekkoraft.node;

import io.pekkoraft.model.PeerId;
import io.pekkoraft.protocol.ClientMessage;
import io.pekkoraft.protocol.PeerMessage;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.apache.pekko.actor.typed.ActorRef;

/** The peers that run on this node, for what comes from others. */
public interface Residents {
  /** Nobody runs here. */
  Residents NONE =
      new Residents() {
        @Override
        public boolean tell(String group, PeerId to, PeerMessage message) {
          return false;
        }

        @Override
        public Optional<CompletionStage<Object>> askHere(
            String group,
            PeerId to,
            Function<ActorRef<Object>, ClientMessage> message,
            Duration patience) {
          return Optional.empty();
        }
      };

  /**
   * @return whether the peer runs here; if not, nothing was said
   */
  boolean tell(String group, PeerId to, PeerMessage message);

  /**
   * @param message given who is to be answered
   * @return the answer, or a failure after {@code patience}; empty when the peer does not run here
   */
  Optional<CompletionStage<Object>> askHere(
      String group,
      PeerId to,
      Function<ActorRef<Object>, ClientMessage> message,
      Duration patience);
}
