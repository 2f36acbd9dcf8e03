package io.pekkoraft.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.pekkoraft.RaftStatus;
import io.pekkoraft.RaftStatus.FollowerStatus;
import io.pekkoraft.RaftStatus.FollowerStatus.State;
import io.pekkoraft.RaftStatus.Role;
import io.pekkoraft.membership.Configuration;
import io.pekkoraft.membership.VersionedConfiguration;
import io.pekkoraft.model.LogIndex;
import io.pekkoraft.model.PeerId;
import io.pekkoraft.model.Term;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class StatusJsonTest {
  @Test
  @DisplayName("a leader's status names its peers by their ids")
  void leader() throws Exception {
    var p2 = new FollowerStatus(LogIndex.of(7), LogIndex.of(9), State.REPLICATE);
    var status = status(Role.LEADER, Optional.of(PeerId.of("p1")), Map.of(PeerId.of("p2"), p2));
    assertThat(StatusJson.of(status))
        .hasToString(
            "{\"id\":\"p1\",\"group\":\"kv\",\"role\":\"LEADER\",\"term\":3,\"leader\":\"p1\","
                + "\"votedFor\":\"p1\",\"commitIndex\":7,\"lastApplied\":6,\"firstIndex\":1,"
                + "\"lastIndex\":8,\"disowned\":false,\"quiet\":false,\"configuration\":{\"version\":5,\"voters\":[\"p1\",\"p2\"],"
                + "\"outgoing\":[],\"learners\":[]},\"peers\":{\"p2\":{\"matchIndex\":7,\"nextIndex\":9,"
                + "\"state\":\"REPLICATE\"}}}");
  }

  @Test
  @DisplayName("what another peer does not know is null, and of peers it says nothing")
  void preCandidate() throws Exception {
    var status = status(Role.PRE_CANDIDATE, Optional.empty(), Map.of());
    assertThat(new ObjectMapper().readTree(StatusJson.of(status).toString()))
        .isEqualTo(
            new ObjectMapper()
                .readTree(
                    """
                    {"id": "p1", "group": "kv", "role": "PRE_CANDIDATE", "term": 3,
                     "leader": null, "votedFor": null, "commitIndex": 7, "lastApplied": 6,
                     "firstIndex": 1, "lastIndex": 8, "disowned": false, "quiet": false,
                     "configuration":
                       {"version": 5, "voters": ["p1", "p2"], "outgoing": [], "learners": []}}
                    """));
  }

  private static RaftStatus status(
      Role role, Optional<PeerId> leader, Map<PeerId, FollowerStatus> followers) {
    return new RaftStatus(
        PeerId.of("p1"),
        "kv",
        role,
        Term.of(3),
        leader,
        leader,
        LogIndex.of(7),
        LogIndex.of(6),
        LogIndex.of(1),
        LogIndex.of(8),
        new TreeMap<>(followers),
        new VersionedConfiguration(LogIndex.of(5), Configuration.of(PeerId.setOf("p1", "p2"))),
        false,
        false);
  }
}
