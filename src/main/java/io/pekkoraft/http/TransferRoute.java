package io.pekkoraft.http;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.pekkoraft.RaftGroup;
import io.pekkoraft.model.PeerId;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.server.AllDirectives;
import org.apache.pekko.http.javadsl.server.PathMatchers;
import org.apache.pekko.http.javadsl.server.Route;

/**
 * {@code POST /raft/transfer}: the leader hands its office over, to the peer that the body names
 * ({@code {"to": "p2"}}) or, without one, to the follower that has most of the log. 200 and {@code
 * {"to": ...}} when the leader has left.
 */
final class TransferRoute extends AllDirectives {
  private final RaftGroup<?, ?> group;

  TransferRoute(RaftGroup<?, ?> group) {
    this.group = group;
  }

  Route route() {
    return path(
        PathMatchers.segment("raft").slash("transfer"),
        () -> post(() -> extractRequest(this::transfer)));
  }

  private Route transfer(HttpRequest request) {
    var to = JsonBody.of(request, "to").peer("to");
    return completeWithFuture(group.transferLeadership(to).thenApply(TransferRoute::done));
  }

  private static HttpResponse done(PeerId successor) {
    var json = JsonNodeFactory.instance.objectNode().put("to", successor.value());
    return HttpResponse.create()
        .withEntity(HttpEntities.create(ContentTypes.APPLICATION_JSON, json.toString()));
  }
}
