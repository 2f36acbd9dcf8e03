package io.pekkoraft.http;

import io.pekkoraft.RaftGroup;
import io.pekkoraft.RaftStatus;
import java.util.Comparator;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.StatusCodes;
import org.apache.pekko.http.javadsl.server.AllDirectives;
import org.apache.pekko.http.javadsl.server.PathMatchers;
import org.apache.pekko.http.javadsl.server.Route;

/**
 * {@code GET /raft/status}: how a peer is, as JSON. That of the leader, or of {@code ?peer=p2}; of
 * the peer that has come furthest while nobody leads.
 */
final class StatusRoute extends AllDirectives {
  private static final Comparator<RaftStatus> LEADER_FIRST =
      Comparator.comparing(RaftStatus::isLeader)
          .thenComparing(RaftStatus::term)
          .thenComparing(RaftStatus::lastIndex)
          .reversed();

  private final RaftGroup<?, ?> group;

  StatusRoute(RaftGroup<?, ?> group) {
    this.group = group;
  }

  Route route() {
    return path(
        PathMatchers.segment("raft").slash("status"),
        () ->
            get(
                () ->
                    parameterOptional("peer", peer -> peer.map(this::named).orElseGet(this::any))));
  }

  private Route named(String name) {
    return group.peers().stream()
        .filter(id -> id.value().equals(name))
        .findFirst()
        .map(id -> answer(group.status(id), "Peer " + id + " does not answer; try again."))
        .orElseThrow(
            () ->
                new ProblemException(
                    Problem.of(
                        StatusCodes.NOT_FOUND,
                        "The group has no such peer. Its peers: " + group.peers() + ".")));
  }

  private Route any() {
    return answer(
        group.status().thenApply(all -> all.values().stream().min(LEADER_FIRST)),
        "No peer answers; try again.");
  }

  private Route answer(CompletionStage<Optional<RaftStatus>> status, String otherwise) {
    return completeWithFuture(
        status.thenApply(
            answered ->
                answered
                    .map(StatusRoute::ok)
                    .orElseGet(() -> Problem.unavailable(otherwise).response())));
  }

  private static HttpResponse ok(RaftStatus status) {
    return HttpResponse.create()
        .withEntity(
            HttpEntities.create(ContentTypes.APPLICATION_JSON, StatusJson.of(status).toString()));
  }
}
