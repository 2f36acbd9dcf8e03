package io.pekkoraft.dashboard;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pekkoraft.RaftEvent;
import io.pekkoraft.RaftEvent.ConfigurationChanged;
import io.pekkoraft.RaftEvent.RoleChanged;
import io.pekkoraft.RaftSettings;
import io.pekkoraft.model.PeerId;
import java.util.SortedSet;
import org.apache.pekko.http.javadsl.model.sse.ServerSentEvent;

/** What a page hears, but for the frames: see {@link Frame}. */
final class Messages {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private Messages() {}

  /** The first thing: what will be seen here, and what can be done. */
  static ServerSentEvent hello(
      String group, Dashboard.Abilities abilities, RaftSettings raft, DashboardSettings settings) {
    var json =
        JSON.objectNode()
            .put("group", group)
            .put("keyValue", abilities.keyValue())
            .put("peerControls", abilities.peerControls())
            .put("heartbeatMillis", raft.heartbeatInterval().toMillis())
            .put("logEntries", settings.logEntries())
            .put("maxFlights", settings.maxFlights())
            .put("flightsMillis", settings.flightsInterval().toMillis());
    json.putObject("electionTimeout")
        .put("minMillis", raft.electionTimeout().min().toMillis())
        .put("maxMillis", raft.electionTimeout().max().toMillis());
    return message("hello", json);
  }

  /** How much the page has not heard. */
  static ServerSentEvent lost(long count) {
    return message("lost", JSON.objectNode().put("count", count));
  }

  /** The page is one too many. */
  static ServerSentEvent full(int most) {
    return message("full", JSON.objectNode().put("most", most));
  }

  static ServerSentEvent flights(Flights.Taken taken, SortedSet<PeerId> isolated) {
    var json = JSON.objectNode().put("total", taken.total());
    var list = json.putArray("flights");
    for (var flight : taken.flights()) {
      list.add(flight.json(isolated.contains(flight.from()) || isolated.contains(flight.to())));
    }
    return message("flights", json);
  }

  /**
   * What happened to a peer.
   *
   * @param at in milliseconds since 1970
   */
  static ObjectNode event(RaftEvent event, long at) {
    var json =
        JSON.objectNode()
            .put("at", at)
            .put("peer", event.peer().value())
            .put("kind", event.getClass().getSimpleName())
            .put("words", event.inWords())
            .put("trouble", event.isTrouble());
    if (event instanceof RoleChanged changed) {
      json.put("role", changed.role().name())
          .put("term", changed.term().value())
          .put("leader", changed.leader().map(PeerId::value).orElse(null));
    }
    if (event instanceof ConfigurationChanged changed) {
      json.put("committed", changed.committed())
          .set("members", Frame.members(changed.configuration()));
    }
    return json;
  }

  static ServerSentEvent message(String type, JsonNode json) {
    return ServerSentEvent.create(json.toString(), type);
  }
}
