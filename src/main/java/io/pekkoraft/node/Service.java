package io.pekkoraft.node;

import io.pekkoraft.model.PeerId;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.pattern.StatusReply;

/** What a node does for others besides its peers. */
public interface Service {
  /**
   * Called for each message, on the gate's thread: it must not block.
   *
   * @param patience how long whoever asked waits; after that the answer is not waited for any more
   * @return who has served it, or a {@link io.pekkoraft.RaftException} that says what became of it;
   *     empty when it is nothing that this service understands, and so surely nothing happened
   */
  Optional<CompletionStage<StatusReply<PeerId>>> call(byte[] content, Duration patience);
}
