package io.pekkoraft.demo;

import io.pekkoraft.RaftEvent;
import io.pekkoraft.model.PeerId;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.apache.pekko.Done;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.http.javadsl.server.Route;

/** What a node can have for its clients. */
interface Offering {
  /**
   * Spawns what runs on this node.
   *
   * @param nodes where all nodes are reached by each other, this one among them
   * @throws CannotStart with what to do about it
   */
  Begun begin(ActorSystem<?> system, NodeArguments arguments, Map<PeerId, Address> nodes)
      throws CannotStart;

  /** A line for the console; empty for what would be too much. */
  Optional<String> tell(RaftEvent event);

  /**
   * It runs.
   *
   * @param route beneath {@code /}
   * @param maxBody of a request, in bytes
   * @param usage lines for the banner, in which {@code %1$s} stands for the node's address
   * @param stop ends it in order
   */
  record Begun(Route route, int maxBody, String usage, Supplier<CompletionStage<Done>> stop) {}
}
