package io.pekkoraft.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pekkoraft.demo.OfficePlace.Phase;
import io.pekkoraft.demo.Outages.Measurement;
import io.pekkoraft.http.Problem;
import io.pekkoraft.http.ProblemException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.StreamSupport;
import org.apache.pekko.actor.Address;
import org.apache.pekko.cluster.ClusterEvent.CurrentClusterState;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.StatusCodes;
import org.apache.pekko.http.javadsl.server.AllDirectives;
import org.apache.pekko.http.javadsl.server.PathMatchers;
import org.apache.pekko.http.javadsl.server.Route;

/**
 * {@code GET /demo/nodes}: the nodes in this process. {@code POST /demo/nodes/{id}/kill} and {@code
 * /start}: one ends without a word, and comes back with the same address and data. {@code GET
 * /demo/outages}: how long shows were out after each kill, the newest first.
 */
final class NodesRoute extends AllDirectives {
  private static final Duration PATIENCE = Duration.ofMillis(500);

  private final OfficeNodes nodes;
  private final Outages outages;

  NodesRoute(OfficeNodes nodes, Outages outages) {
    this.nodes = nodes;
    this.outages = outages;
  }

  Route route() {
    return pathPrefix(
        "demo",
        () ->
            concat(
                path("nodes", () -> get(() -> completeWithFuture(all()))),
                path("outages", () -> get(() -> complete(json(measured())))),
                path(
                    PathMatchers.segment("nodes").slash(PathMatchers.segment()).slash("kill"),
                    id -> post(() -> completeWithFuture(kill(known(id))))),
                path(
                    PathMatchers.segment("nodes").slash(PathMatchers.segment()).slash("start"),
                    id -> post(() -> completeWithFuture(start(known(id)))))));
  }

  private CompletionStage<HttpResponse> kill(String id) {
    var then = ifKilled(id);
    return outages
        .kill(id)
        .thenApply(
            killed ->
                json(
                    JsonNodeFactory.instance
                        .objectNode()
                        .put("killed", id)
                        .put("led", killed.led())
                        .put("then", then)));
  }

  private CompletionStage<HttpResponse> start(String id) {
    return nodes
        .start(id)
        .thenApply(begun -> HttpResponse.create().withStatus(StatusCodes.NO_CONTENT));
  }

  private String known(String id) {
    if (!nodes.ids().contains(id)) {
      throw new ProblemException(
          Problem.of(
              StatusCodes.NOT_FOUND, "There is no such node. There are " + nodes.ids() + "."));
    }
    return id;
  }

  private CompletionStage<HttpResponse> all() {
    var view = nodes.running().findFirst().map(OfficeNode::cluster);
    var found = new ArrayList<CompletableFuture<ObjectNode>>();
    for (var id : nodes.ids()) {
      found.add(node(id, view).toCompletableFuture());
    }
    return CompletableFuture.allOf(found.toArray(CompletableFuture<?>[]::new))
        .thenApply(
            done -> {
              var json = JsonNodeFactory.instance.objectNode();
              var list = json.putArray("nodes");
              found.forEach(node -> list.add(node.join()));
              return json(json);
            });
  }

  private CompletionStage<ObjectNode> node(String id, Optional<CurrentClusterState> view) {
    var json =
        JsonNodeFactory.instance
            .objectNode()
            .put("id", id)
            .put("address", nodes.address(id).hostPort())
            .put("state", nodes.phase(id).name().toLowerCase(Locale.ROOT))
            .put("member", view.map(seen -> member(seen, nodes.address(id))).orElse("unknown"));
    nodes.node(id).flatMap(OfficeNode::console).ifPresent(url -> json.put("console", url));
    return nodes
        .node(id)
        .map(
            node ->
                node.peers(PATIENCE)
                    .thenApply(peers -> json(json, peers).put("ifKilled", ifKilled(id))))
        .orElseGet(() -> CompletableFuture.completedStage(json));
  }

  /** It is up when each of its peers knows who leads. */
  private static ObjectNode json(ObjectNode json, OfficeNode.Peers peers) {
    if (!peers.areServing()) {
      json.put("state", Phase.STARTING.name().toLowerCase(Locale.ROOT));
    }
    return json.put("leads", peers.leading()).put("serves", peers.serving());
  }

  /** What the others think of it. */
  private static String member(CurrentClusterState view, Address address) {
    return StreamSupport.stream(view.getMembers().spliterator(), false)
        .filter(member -> member.address().equals(address))
        .findFirst()
        .map(
            member ->
                member.status().toString().toLowerCase(Locale.ROOT)
                    + (view.getUnreachable().contains(member) ? ", unreachable" : ""))
        .orElse("none");
  }

  private String ifKilled(String id) {
    var left =
        nodes.ids().stream()
            .filter(other -> !other.equals(id) && nodes.phase(other) == Phase.UP)
            .count();
    if (left >= 2) {
      return "Two nodes are left, which is a majority: replicated shows have other leaders at once."
          + " Plain shows that live on "
          + id
          + " come back elsewhere when the cluster has decided that it is gone.";
    }
    return left == 1
        ? "One node is left, which is no majority: no replicated seat is sold, nor lost, until a"
            + " second one starts. The cluster's resolver may end the last one as well."
        : "No node is left: nobody answers until two have started.";
  }

  private JsonNode measured() {
    var json = JsonNodeFactory.instance.objectNode();
    var list = json.putArray("outages");
    outages.measured().forEach(measurement -> list.add(json(measurement)));
    return json;
  }

  private static ObjectNode json(Measurement measurement) {
    var json =
        JsonNodeFactory.instance
            .objectNode()
            .put("node", measurement.node())
            .put("killed", measurement.when().toString())
            .put("led", measurement.led())
            .put("left", measurement.left());
    var now = measurement.since();
    measurement
        .outages()
        .forEach(
            (variant, outage) ->
                json.putObject(variant.word())
                    .put("seconds", outage.length(now).toMillis() / 1000.0)
                    .put("state", outage.state().name().toLowerCase(Locale.ROOT))
                    .put("shows", outage.probed())
                    .put("waiting", outage.waiting().size())
                    .put("failed", outage.failed()));
    return json;
  }

  private static HttpResponse json(JsonNode json) {
    return HttpResponse.create()
        .withEntity(HttpEntities.create(ContentTypes.APPLICATION_JSON, json.toString()));
  }
}
