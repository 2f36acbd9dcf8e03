package io.pekkoraft.dashboard;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pekkoraft.Inspection;
import io.pekkoraft.RaftStatus;
import io.pekkoraft.membership.VersionedConfiguration;
import io.pekkoraft.model.Entry;
import io.pekkoraft.model.LogIndex;
import io.pekkoraft.model.PeerId;
import io.pekkoraft.model.Term;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;

/**
 * All peers at one moment, as JSON. Times are in milliseconds, those of batches in microseconds.
 *
 * @param at in milliseconds since 1970
 */
record Frame(
    String group,
    long at,
    Collection<Sight> sights,
    SortedSet<PeerId> isolated,
    Flights.Times times) {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  /** Which of the entries are the same in several logs, and told once. */
  private record Place(long index, Term term) {}

  /** Of two that think they lead, the one in the newer term does. */
  private Optional<RaftStatus> leader() {
    return sights.stream()
        .flatMap(sight -> sight.status().stream())
        .filter(RaftStatus::isLeader)
        .max(Comparator.comparing(RaftStatus::term));
  }

  ObjectNode json(Labels labels) {
    var json = JSON.objectNode().put("group", group).put("at", at);
    var leader = leader();
    json.put("leader", leader.map(status -> status.id().value()).orElse(null));
    var told = new HashSet<Place>();
    var peers = json.putArray("peers");
    var entries = JSON.arrayNode();
    for (var sight : sights) {
      var peer = peers.addObject().put("id", sight.peer().value());
      peer.put("isolated", isolated.contains(sight.peer()));
      sight.status().ifPresent(status -> put(peer, status));
      sight
          .inside()
          .ifPresent(
              inside -> {
                putInside(peer, inside);
                addEntries(entries, inside, labels, told);
              });
    }
    json.set("entries", entries);
    leader.ifPresent(status -> putFollowers(json, status));
    newest().ifPresent(status -> json.set("members", members(status.configuration())));
    json.putObject("batches")
        .put("count", times.batches())
        .put("median", times.median())
        .put("p99", times.p99());
    return json;
  }

  private Optional<RaftStatus> newest() {
    return leader()
        .or(
            () ->
                sights.stream()
                    .flatMap(sight -> sight.status().stream())
                    .max(Comparator.comparing(status -> status.configuration().version())));
  }

  private static void put(ObjectNode peer, RaftStatus status) {
    peer.put("role", status.role().name())
        .put("term", status.term().value())
        .put("leader", status.leader().map(PeerId::value).orElse(null))
        .put("votedFor", status.votedFor().map(PeerId::value).orElse(null))
        .put("commit", status.commitIndex().value())
        .put("applied", status.lastApplied().value())
        .put("first", status.firstIndex().value())
        .put("last", status.lastIndex().value())
        .put("disowned", status.disowned())
        .put("quiet", status.quiet())
        .put("learner", status.isLearner())
        .put("member", status.isMember());
  }

  private static void putInside(ObjectNode peer, Inspection inside) {
    inside
        .electionTimeout()
        .ifPresent(
            wait ->
                peer.putObject("wait")
                    .put("left", wait.left().toMillis())
                    .put("whole", wait.whole().toMillis()));
    inside.snapshot().ifPresent(position -> peer.put("snapshot", position.index().value()));
    peer.put("tailFirst", inside.first().value());
    var terms = peer.putArray("tail");
    inside.tail().forEach(entry -> terms.add(entry.term().value()));
  }

  private static void addEntries(
      ArrayNode entries, Inspection inside, Labels labels, Set<Place> told) {
    var index = inside.first();
    for (var entry : inside.tail()) {
      if (told.add(new Place(index.value(), entry.term()))) {
        entries.add(json(index, entry, labels));
      }
      index = index.next();
    }
  }

  private static ObjectNode json(LogIndex index, Entry entry, Labels labels) {
    var json =
        JSON.objectNode()
            .put("index", index.value())
            .put("term", entry.term().value())
            .put("kind", entry.kind().name())
            .put("size", entry.payload().size());
    labels.of(index, entry).ifPresent(label -> json.put("label", label));
    return json;
  }

  private static void putFollowers(ObjectNode json, RaftStatus leader) {
    var followers = json.putObject("followers");
    leader
        .followers()
        .forEach(
            (id, follower) ->
                followers
                    .putObject(id.value())
                    .put("match", follower.matchIndex().value())
                    .put("next", follower.nextIndex().value())
                    .put("state", follower.state().name()));
  }

  /** Who belongs to the group. */
  static ObjectNode members(VersionedConfiguration latest) {
    var members = JSON.objectNode().put("version", latest.version().value());
    put(members, "voters", latest.configuration().voters());
    put(members, "outgoing", latest.configuration().outgoing());
    put(members, "learners", latest.configuration().learners());
    return members;
  }

  private static void put(ObjectNode json, String field, Set<PeerId> peers) {
    var list = json.putArray(field);
    peers.forEach(peer -> list.add(peer.value()));
  }
}
