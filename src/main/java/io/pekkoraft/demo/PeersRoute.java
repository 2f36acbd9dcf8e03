package io.pekkoraft.demo;

import io.pekkoraft.Isolation;
import io.pekkoraft.RaftGroup;
import io.pekkoraft.http.Problem;
import io.pekkoraft.http.ProblemException;
import io.pekkoraft.model.PeerId;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.apache.pekko.Done;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.StatusCodes;
import org.apache.pekko.http.javadsl.server.AllDirectives;
import org.apache.pekko.http.javadsl.server.PathMatchers;
import org.apache.pekko.http.javadsl.server.Route;

/**
 * {@code POST /demo/peers/{id}/stop}, {@code /start} and {@code /restart}: a peer ends and comes
 * back, to be watched. {@code /isolate} and {@code /heal}: it is cut off from the others, and hears
 * them again. 204 when that is done; a restart, and a start, when the peer has caught up.
 */
final class PeersRoute extends AllDirectives {
  private final RaftGroup<?, ?> group;
  private final String name;
  private final Isolation isolation;

  /**
   * @param name of the group
   */
  PeersRoute(RaftGroup<?, ?> group, String name, Isolation isolation) {
    this.group = group;
    this.name = name;
    this.isolation = isolation;
  }

  Route route() {
    return pathPrefix(
        PathMatchers.segment("demo").slash("peers").slash(PathMatchers.segment()),
        peer ->
            concat(
                on("stop", peer, id -> group.stopPeer(known(id))),
                on("start", peer, this::start),
                on("restart", peer, id -> group.restartPeer(known(id))),
                on("isolate", peer, id -> isolate(known(id))),
                on("heal", peer, id -> heal(known(id)))));
  }

  /** One that is not known yet waits to be added. */
  private CompletionStage<Done> start(PeerId peer) {
    return group.peers().contains(peer) ? group.startPeer(peer) : group.spawnPeer(peer);
  }

  private CompletionStage<Done> isolate(PeerId peer) {
    isolation.isolate(name, peer);
    return CompletableFuture.completedStage(Done.done());
  }

  private CompletionStage<Done> heal(PeerId peer) {
    isolation.heal(name, peer);
    return CompletableFuture.completedStage(Done.done());
  }

  private Route on(String verb, String peer, Function<PeerId, CompletionStage<Done>> action) {
    return path(
        verb,
        () ->
            post(
                () ->
                    completeWithFuture(
                        action
                            .apply(legal(peer))
                            .thenApply(
                                done ->
                                    HttpResponse.create().withStatus(StatusCodes.NO_CONTENT)))));
  }

  private static PeerId legal(String name) {
    try {
      return PeerId.of(name);
    } catch (IllegalArgumentException e) {
      throw new ProblemException(Problem.of(StatusCodes.BAD_REQUEST, e.getMessage()));
    }
  }

  private PeerId known(PeerId peer) {
    if (!group.peers().contains(peer)) {
      throw new ProblemException(
          Problem.of(
              StatusCodes.NOT_FOUND,
              "There is no such peer in here. There are " + group.peers() + "."));
    }
    return peer;
  }
}
