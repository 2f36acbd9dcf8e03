package io.pekkoraft.sharding.placement;

import static org.assertj.core.api.Assertions.assertThat;

import io.pekkoraft.RaftStatus;
import io.pekkoraft.membership.Configuration;
import io.pekkoraft.membership.VersionedConfiguration;
import io.pekkoraft.model.LogIndex;
import io.pekkoraft.model.PeerId;
import io.pekkoraft.model.Term;
import io.pekkoraft.sharding.placement.Replacement.Step;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** How a group gets another peer in the place of a lost one (§6). */
class ReplacementTest {
  private static Optional<RaftStatus> peer(SortedSet<PeerId> members, boolean disowned) {
    return Optional.of(
        new RaftStatus(
            PeerId.of("r1"),
            "Show-0",
            RaftStatus.Role.FOLLOWER,
            Term.of(3),
            Optional.empty(),
            Optional.empty(),
            LogIndex.of(0),
            LogIndex.of(0),
            LogIndex.of(1),
            LogIndex.of(0),
            new TreeMap<>(),
            new VersionedConfiguration(LogIndex.of(5), Configuration.of(members)),
            disowned,
            false));
  }

  @Test
  @DisplayName("the old peer is not removed before the new one is there")
  void waits() {
    assertThat(Step.of(Optional.empty())).isEqualTo(Step.WAIT);
  }

  @Test
  @DisplayName(
      "a new peer that the group does not know, or takes for the old one, is made a member")
  void changes() {
    assertThat(Step.of(peer(PeerId.setOf("r2", "r3"), false))).isEqualTo(Step.CHANGE);
    assertThat(Step.of(peer(PeerId.setOf("r1", "r2", "r3"), true))).isEqualTo(Step.CHANGE);
    assertThat(Step.of(peer(PeerId.setOf("r1", "r2", "r3"), false))).isEqualTo(Step.DONE);
  }
}
