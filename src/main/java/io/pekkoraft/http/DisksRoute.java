package io.pekkoraft.http;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pekkoraft.model.PeerId;
import io.pekkoraft.sharding.EntityTypeKey;
import io.pekkoraft.sharding.RaftSharding;
import io.pekkoraft.sharding.placement.DiskStatus;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.pekko.actor.Address;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.StatusCode;
import org.apache.pekko.http.javadsl.model.StatusCodes;
import org.apache.pekko.http.javadsl.server.AllDirectives;
import org.apache.pekko.http.javadsl.server.PathMatchers;
import org.apache.pekko.http.javadsl.server.Route;

/**
 * {@code GET /raft/disks}: which disk holds the peers of which replica of a type's entities, and
 * which node has it. {@code POST /raft/disks} with {@code {"lost": ..., "next": ...}}: another disk
 * takes the place of one that is lost for good. 202, and what came of it is in the answer to GET.
 */
public final class DisksRoute extends AllDirectives {
  private final RaftSharding sharding;
  private final EntityTypeKey<?> type;
  private final AtomicReference<Optional<Replacing>> last = new AtomicReference<>(Optional.empty());

  private record Replacing(String lost, String next, String state) {
    private static final String UNDER_WAY = "under way";

    boolean isUnderWay() {
      return state.equals(UNDER_WAY);
    }
  }

  private DisksRoute(RaftSharding sharding, EntityTypeKey<?> type) {
    this.sharding = sharding;
    this.type = type;
  }

  /**
   * To be bound by {@link RaftHttp}.
   *
   * @param type that has begun here, over the nodes of a cluster
   */
  public static Route of(RaftSharding sharding, EntityTypeKey<?> type) {
    return new DisksRoute(sharding, type).route();
  }

  private Route route() {
    return path(
        PathMatchers.segment("raft").slash("disks"),
        () ->
            concat(
                get(() -> complete(answer(StatusCodes.OK))),
                post(() -> extractRequest(request -> complete(replace(request))))));
  }

  private HttpResponse replace(HttpRequest request) {
    var body = JsonBody.of(request, "lost", "next");
    var next = new Replacing(body.text("lost"), body.text("next"), Replacing.UNDER_WAY);
    var before = last.get();
    if (before.filter(Replacing::isUnderWay).isPresent()
        || !last.compareAndSet(before, Optional.of(next))) {
      return Problem.of(
              StatusCodes.CONFLICT,
              "A replacement is under way; GET /raft/disks tells how it goes.")
          .response();
    }
    sharding
        .replaceDisk(type, next.lost(), next.next())
        .whenComplete((done, failure) -> last.set(Optional.of(ended(next, failure))));
    return answer(StatusCodes.ACCEPTED);
  }

  private static Replacing ended(Replacing under, Throwable failure) {
    var cause = failure instanceof CompletionException ? failure.getCause() : failure;
    return new Replacing(
        under.lost(), under.next(), cause == null ? "done" : "failed: " + cause.getMessage());
  }

  private HttpResponse answer(StatusCode status) {
    var json = JsonNodeFactory.instance.objectNode().put("type", type.name());
    write(sharding.disks(type), json.putObject("disks"));
    last.get()
        .ifPresent(
            replacing ->
                json.putObject("replacing")
                    .put("lost", replacing.lost())
                    .put("next", replacing.next())
                    .put("state", replacing.state()));
    return HttpResponse.create()
        .withStatus(status)
        .withEntity(HttpEntities.create(ContentTypes.APPLICATION_JSON, json.toString()));
  }

  private static void write(SortedMap<PeerId, List<DiskStatus>> disks, ObjectNode json) {
    disks.forEach(
        (replica, all) -> {
          var list = json.putArray(replica.value());
          all.forEach(
              disk ->
                  list.addObject()
                      .put("disk", disk.disk())
                      .put("node", disk.node().map(Address::toString).orElse(null))
                      .put("joined", disk.joined()));
        });
  }
}
