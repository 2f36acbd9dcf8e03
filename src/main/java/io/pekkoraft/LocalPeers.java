package io.pekkoraft;

import io.pekkoraft.model.PeerId;
import io.pekkoraft.protocol.ClientMessage.GetStatus;
import io.pekkoraft.protocol.RaftMessage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.typed.ActorSystem;

/** The peers that run in an actor system, of whatever group: for those who watch over a node. */
public final class LocalPeers {
  /**
   * What a peer said when it was asked how it is.
   *
   * @param status empty when it did not answer in time
   */
  public record Answer(String group, PeerId peer, Optional<RaftStatus> status) {}

  private LocalPeers() {}

  /** Asks all of them, but for those that are to be stopped; ordered by group and peer. */
  public static CompletionStage<List<Answer>> ask(ActorSystem<?> system, Duration patience) {
    var answers = new ArrayList<CompletableFuture<Answer>>();
    Directory.of(system)
        .running()
        .forEach(
            (group, peers) ->
                peers.forEach(peer -> answers.add(ask(system, group, peer, patience))));
    return CompletableFuture.allOf(answers.toArray(CompletableFuture<?>[]::new))
        .thenApply(all -> answers.stream().map(CompletableFuture::join).toList());
  }

  private static CompletableFuture<Answer> ask(
      ActorSystem<?> system, String group, PeerId peer, Duration patience) {
    return Directory.of(system)
        .find(group, peer)
        .map(
            ref ->
                Ask.<RaftMessage, RaftStatus>ask(system, ref, GetStatus::new, patience)
                    .handle((status, late) -> Optional.ofNullable(status)))
        .orElseGet(() -> CompletableFuture.completedFuture(Optional.empty()))
        .thenApply(status -> new Answer(group, peer, status));
  }
}
