package io.pekkoraft.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.pekkoraft.Explanation;
import io.pekkoraft.Finding;
import io.pekkoraft.RaftStatus.FollowerStatus.State;
import io.pekkoraft.RaftStatus.Role;
import io.pekkoraft.model.LogPosition;
import io.pekkoraft.model.PeerId;
import io.pekkoraft.model.Term;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ExplainJsonTest {
  private static final PeerId P1 = PeerId.of("p1");
  private static final PeerId P2 = PeerId.of("p2");

  @Test
  @DisplayName("ids as text, times in milliseconds, and what is in the way first")
  void parts() throws Exception {
    var silent = new TreeMap<>(Map.of(P2, Duration.ofMillis(700)));
    var explanation =
        new Explanation(
            P1,
            "kv",
            Optional.of(Role.LEADER),
            Term.of(3),
            List.of(new Finding.Lagging(P2, 11, State.PROBE), new Finding.NoQuorum(silent)));
    var down =
        new Explanation(
            P2, "kv", Optional.empty(), Term.ZERO, List.of(new Finding.Down(Optional.of("full"))));
    var json = ExplainRoute.json(new TreeMap<>(Map.of(P1, explanation, P2, down)));
    assertThat(new ObjectMapper().readTree(json.toString()))
        .isEqualTo(
            new ObjectMapper()
                .readTree(
                    """
                    {"progressing": false, "peers": {
                      "p1": {"role": "LEADER", "term": 3, "progressing": false,
                        "words": "p1 (LEADER) has no majority: there is no answer from p2 for 700 ms;\
                     has a follower, p2, that is 11 entries behind (PROBE)",
                        "findings": [
                          {"finding": "NoQuorum", "obstacle": true, "silent": {"p2": 700},
                           "words": "has no majority: there is no answer from p2 for 700 ms"},
                          {"finding": "Lagging", "obstacle": false, "follower": "p2",
                           "entries": 11, "state": "PROBE",
                           "words": "has a follower, p2, that is 11 entries behind (PROBE)"}]},
                      "p2": {"role": null, "term": 0, "progressing": false,
                        "words": "p2 is down: full",
                        "findings": [
                          {"finding": "Down", "obstacle": true, "reason": "full",
                           "words": "is down: full"}]}}}
                    """));
  }

  @Test
  @DisplayName("somebody leads with nothing in its way: the group is progressing")
  void progressing() {
    var explanation =
        new Explanation(
            P1,
            "kv",
            Optional.of(Role.LEADER),
            Term.of(3),
            List.of(new Finding.SendingSnapshot(P2, 7)));
    var receiving =
        new Explanation(
            P2,
            "kv",
            Optional.of(Role.FOLLOWER),
            Term.of(3),
            List.of(new Finding.ReceivingSnapshot(LogPosition.of(2, 50))));
    var json = ExplainRoute.json(new TreeMap<>(Map.of(P1, explanation, P2, receiving)));
    assertThat(json.get("progressing").booleanValue()).isTrue();
    assertThat(json.at("/peers/p2/findings/0/position").textValue()).isNotBlank();
  }
}
