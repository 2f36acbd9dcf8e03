package io.pekkoraft.http;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pekkoraft.RaftGroup;
import io.pekkoraft.model.LogPosition;
import io.pekkoraft.model.PeerId;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.server.AllDirectives;
import org.apache.pekko.http.javadsl.server.PathMatchers;
import org.apache.pekko.http.javadsl.server.Route;

/**
 * {@code POST /raft/snapshot}: the peer that the body names ({@code {"peer": "p2"}}) or, without
 * one, every peer that runs here takes a snapshot. 200 and what each includes, {@code {"p2":
 * {"index": 7, "term": 2}}}, when they are on disk; 504 when that takes long, and then they are
 * taken all the same; 409 when one is being taken already.
 */
final class SnapshotRoute extends AllDirectives {
  /** Below the server's own patience, which would answer without saying what became of it. */
  private static final Duration PATIENCE = Duration.ofSeconds(15);

  private final RaftGroup<?, ?> group;

  SnapshotRoute(RaftGroup<?, ?> group) {
    this.group = group;
  }

  Route route() {
    return path(
        PathMatchers.segment("raft").slash("snapshot"),
        () -> post(() -> extractRequest(this::take)));
  }

  private Route take(HttpRequest request) {
    var peer = JsonBody.of(request, "peer").peer("peer");
    var taken =
        peer.isPresent()
            ? take(List.of(peer.get()))
            : group.status().thenCompose(running -> take(running.keySet()));
    return completeWithFuture(taken.thenApply(SnapshotRoute::done));
  }

  private CompletionStage<ObjectNode> take(Collection<PeerId> peers) {
    CompletionStage<ObjectNode> all =
        CompletableFuture.completedStage(JsonNodeFactory.instance.objectNode());
    for (var peer : peers) {
      all =
          all.thenCombine(
              group.takeSnapshot(peer, PATIENCE), (json, position) -> add(json, peer, position));
    }
    return all;
  }

  private static ObjectNode add(ObjectNode json, PeerId peer, LogPosition position) {
    json.putObject(peer.value())
        .put("index", position.index().value())
        .put("term", position.term().value());
    return json;
  }

  private static HttpResponse done(ObjectNode json) {
    return HttpResponse.create()
        .withEntity(HttpEntities.create(ContentTypes.APPLICATION_JSON, json.toString()));
  }
}
