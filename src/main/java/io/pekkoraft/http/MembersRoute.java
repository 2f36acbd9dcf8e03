package io.pekkoraft.http;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pekkoraft.RaftGroup;
import io.pekkoraft.membership.Change;
import io.pekkoraft.membership.VersionedConfiguration;
import io.pekkoraft.model.LogIndex;
import io.pekkoraft.model.PeerId;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.apache.pekko.Done;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.StatusCodes;
import org.apache.pekko.http.javadsl.server.AllDirectives;
import org.apache.pekko.http.javadsl.server.PathMatchers;
import org.apache.pekko.http.javadsl.server.Route;

/**
 * {@code /raft/members}: GET tells who belongs to the group, and the version of that; POST changes
 * it ({@code {"add": ["p4"], "remove": ["p1"], "learners": ["p5"], "from": 17}}), starting from the
 * version {@code from}, and answers with the new configuration when all of the change is committed.
 * 409 if another change is under way, or {@code from} is not the version in use.
 */
final class MembersRoute extends AllDirectives {
  private final RaftGroup<?, ?> group;
  private final Function<PeerId, CompletionStage<Done>> spawn;

  /**
   * @param spawn lets a newcomer run before it is added
   */
  MembersRoute(RaftGroup<?, ?> group, Function<PeerId, CompletionStage<Done>> spawn) {
    this.group = group;
    this.spawn = spawn;
  }

  Route route() {
    return path(
        PathMatchers.segment("raft").slash("members"),
        () ->
            concat(
                get(() -> completeWithFuture(group.members().thenApply(MembersRoute::ok))),
                // It ends by itself, within client.change-timeout.
                post(() -> withoutRequestTimeout(() -> extractRequest(this::change)))));
  }

  private Route change(HttpRequest request) {
    var change = asked(JsonBody.of(request, "add", "remove", "learners", "from"));
    return completeWithFuture(
        group
            .members()
            .thenCompose(now -> spawnNewcomers(now, change))
            .thenCompose(spawned -> group.changeMembership(change))
            .thenApply(MembersRoute::ok));
  }

  private static Change asked(JsonBody body) {
    var from =
        body.number("from")
            .orElseThrow(
                () ->
                    new ProblemException(
                        Problem.of(
                            StatusCodes.BAD_REQUEST,
                            "\"from\" is missing: the version that the change starts from, as GET"
                                + " /raft/members tells it.")));
    return new Change(
        body.peers("add"), body.peers("remove"), body.peers("learners"), LogIndex.of(from));
  }

  /** Not for a change that starts from something else: it will be refused. */
  private CompletionStage<Done> spawnNewcomers(VersionedConfiguration now, Change change) {
    CompletionStage<Done> spawned = CompletableFuture.completedStage(Done.done());
    if (now.version().equals(change.from())) {
      var newcomers = new TreeSet<>(change.add());
      newcomers.addAll(change.learners());
      newcomers.removeIf(now.configuration()::contains);
      for (var newcomer : newcomers) {
        spawned = spawned.thenCompose(before -> spawn.apply(newcomer));
      }
    }
    return spawned;
  }

  private static HttpResponse ok(VersionedConfiguration configuration) {
    return HttpResponse.create()
        .withEntity(
            HttpEntities.create(ContentTypes.APPLICATION_JSON, json(configuration).toString()));
  }

  /** {@code outgoing} votes as well, as long as a change is under way. */
  static ObjectNode json(VersionedConfiguration latest) {
    var json = JsonNodeFactory.instance.objectNode().put("version", latest.version().value());
    put(json, "voters", latest.configuration().voters());
    put(json, "outgoing", latest.configuration().outgoing());
    put(json, "learners", latest.configuration().learners());
    return json;
  }

  private static void put(ObjectNode json, String field, Set<PeerId> peers) {
    var list = json.putArray(field);
    peers.forEach(peer -> list.add(peer.value()));
  }
}
