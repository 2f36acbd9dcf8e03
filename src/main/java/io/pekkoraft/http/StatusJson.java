package io.pekkoraft.http;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pekkoraft.RaftStatus;
import io.pekkoraft.model.PeerId;
import java.util.Optional;

/**
 * How a peer is, as JSON: the fields of {@link RaftStatus}, and {@code peers} by their ids for a
 * leader. What a peer does not know is {@code null}.
 */
final class StatusJson {
  private StatusJson() {}

  static ObjectNode of(RaftStatus status) {
    var json =
        JsonNodeFactory.instance
            .objectNode()
            .put("id", status.id().value())
            .put("group", status.group())
            .put("role", status.role().name())
            .put("term", status.term().value())
            .put("leader", valueOf(status.leader()))
            .put("votedFor", valueOf(status.votedFor()))
            .put("commitIndex", status.commitIndex().value())
            .put("lastApplied", status.lastApplied().value())
            .put("firstIndex", status.firstIndex().value())
            .put("lastIndex", status.lastIndex().value())
            .put("disowned", status.disowned())
            .put("quiet", status.quiet());
    json.set("configuration", MembersRoute.json(status.configuration()));
    if (status.isLeader()) {
      var peers = json.putObject("peers");
      status
          .followers()
          .forEach(
              (id, follower) ->
                  peers
                      .putObject(id.value())
                      .put("matchIndex", follower.matchIndex().value())
                      .put("nextIndex", follower.nextIndex().value())
                      .put("state", follower.state().name()));
    }
    return json;
  }

  private static String valueOf(Optional<PeerId> id) {
    return id.map(PeerId::value).orElse(null);
  }
}
