package io.pekkoraft.dashboard;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pekkoraft.LocalPeers;
import io.pekkoraft.RaftStatus;
import io.pekkoraft.RaftStatus.FollowerStatus;
import io.pekkoraft.model.PeerId;
import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.http.javadsl.coding.Coder;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.http.javadsl.server.AllDirectives;
import org.apache.pekko.http.javadsl.server.PathMatchers;
import org.apache.pekko.http.javadsl.server.Route;

/**
 * {@code GET /raft/groups}: the groups with a peer in this actor system, by name; what is not known
 * in here is {@code null}. However many ask, the peers are asked once a second at most. A thousand
 * groups are 120 kB, every two seconds, and a twentieth of that packed, which a phone prefers.
 */
final class GroupsRoute extends AllDirectives {
  private static final Duration PATIENCE = Duration.ofSeconds(1);

  /** Unless its weight is 0. */
  private static final Pattern GZIP =
      Pattern.compile("(?i)\\bgzip\\b(?!\\s*;\\s*q=0(\\.0*)?\\s*(,|$))");

  private final ActorSystem<?> system;
  private final AtomicReference<Answer> latest = new AtomicReference<>();

  private record Answer(long asked, CompletionStage<String> json) {}

  GroupsRoute(ActorSystem<?> system) {
    this.system = system;
  }

  Route route() {
    return path(
        PathMatchers.segment("raft").slash("groups"),
        () ->
            get(() -> optionalHeaderValueByName("Accept-Encoding", accepted -> answer(accepted))));
  }

  /** The server leaves headers as they come, so Pekko HTTP does not know by itself who unpacks. */
  private Route answer(Optional<String> accepted) {
    Supplier<Route> plain = () -> completeWithFuture(groups().thenApply(GroupsRoute::ok));
    return accepted.filter(GZIP.asPredicate()).isPresent()
        ? encodeResponseWith(List.of(Coder.Gzip), plain)
        : plain.get();
  }

  private static HttpResponse ok(String json) {
    return HttpResponse.create()
        .addHeader(RawHeader.create("Cache-Control", "no-store"))
        .withEntity(HttpEntities.create(ContentTypes.APPLICATION_JSON, json));
  }

  private CompletionStage<String> groups() {
    var known = latest.get();
    var now = System.nanoTime();
    if (known == null || now - known.asked() > PATIENCE.toNanos()) {
      var fresh = LocalPeers.ask(system, PATIENCE).thenApply(GroupsRoute::json);
      var answer = new Answer(now, fresh);
      return latest.compareAndSet(known, answer) ? fresh : latest.get().json();
    }
    return known.json();
  }

  private static String json(List<LocalPeers.Answer> answers) {
    var statuses = answers.stream().flatMap(answer -> answer.status().stream()).toList();
    return json(statuses).toString();
  }

  static ObjectNode json(Collection<RaftStatus> peers) {
    var groups = new TreeMap<String, List<RaftStatus>>();
    for (var peer : peers) {
      groups.merge(
          peer.group(),
          List.of(peer),
          (some, one) -> Stream.concat(some.stream(), one.stream()).toList());
    }
    var json = JsonNodeFactory.instance.objectNode();
    var list = json.putArray("groups");
    groups.forEach((name, members) -> add(list, name, members));
    return json;
  }

  private static void add(ArrayNode list, String name, List<RaftStatus> members) {
    var best =
        members.stream()
            .max(
                Comparator.comparing(RaftStatus::isLeader)
                    .thenComparing(RaftStatus::term)
                    .thenComparing(status -> status.leader().isPresent()))
            .orElseThrow();
    var group =
        list.addObject()
            .put("group", name)
            .put("leader", best.leader().map(PeerId::value).orElse(null))
            .put("leads", best.isLeader())
            .put("quiet", best.quiet())
            .put("term", best.term().value())
            .put("commit", best.commitIndex().value())
            .put("last", best.lastIndex().value());
    if (best.isLeader()) {
      group.put("lag", lag(best));
    } else {
      group.putNull("lag");
    }
    var here = group.putArray("here");
    members.stream().map(RaftStatus::id).sorted().forEach(id -> here.add(id.value()));
  }

  /** How many entries the follower that is most behind has not confirmed. */
  private static long lag(RaftStatus leader) {
    return leader.followers().values().stream()
        .map(FollowerStatus::matchIndex)
        .mapToLong(match -> leader.lastIndex().value() - match.value())
        .max()
        .orElse(0);
  }
}
