package io.pekkoraft.health;

import static org.assertj.core.api.Assertions.assertThat;

import io.pekkoraft.LocalPeers;
import io.pekkoraft.RaftStatus;
import io.pekkoraft.RaftStatus.Role;
import io.pekkoraft.membership.Configuration;
import io.pekkoraft.membership.VersionedConfiguration;
import io.pekkoraft.model.LogIndex;
import io.pekkoraft.model.PeerId;
import io.pekkoraft.model.Term;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ReportTest {
  private static LocalPeers.Answer silent() {
    return new LocalPeers.Answer("kv", PeerId.of("p1"), Optional.empty());
  }

  private static LocalPeers.Answer peer(
      Role role, String leader, Set<PeerId> members, boolean disowned) {
    var id = PeerId.of("p1");
    return new LocalPeers.Answer(
        "kv",
        id,
        Optional.of(
            new RaftStatus(
                id,
                "kv",
                role,
                Term.of(3),
                Optional.ofNullable(leader).map(PeerId::of),
                Optional.empty(),
                LogIndex.of(1),
                LogIndex.of(1),
                LogIndex.of(1),
                LogIndex.of(1),
                Collections.unmodifiableSortedMap(new TreeMap<>()),
                new VersionedConfiguration(LogIndex.of(1), Configuration.of(members)),
                disowned,
                false)));
  }

  private static LocalPeers.Answer following(String leader) {
    return peer(Role.FOLLOWER, leader, PeerId.setOf("p1", "p2", "p3"), false);
  }

  private static List<String> unready(LocalPeers.Answer... answers) {
    var report = Report.ofReadiness(List.of(answers));
    assertThat(report.good()).isEqualTo(report.why().isEmpty());
    return report.why();
  }

  @Test
  @DisplayName("ready is a node whose peers have read their journals and know who leads")
  void ready() {
    assertThat(unready(following("p2"), following("p1"))).isEmpty();
    assertThat(unready()).containsExactly("No peer runs here.");
    assertThat(unready(following("p2"), following(null))).containsExactly("kv/p1 knows no leader.");
    assertThat(unready(peer(Role.RECOVERING, "p2", PeerId.setOf("p1"), false)))
        .containsExactly("kv/p1 reads its journal.");
    assertThat(unready(silent())).containsExactly("kv/p1 does not answer.");
    assertThat(unready(peer(Role.FOLLOWER, "p2", PeerId.setOf("p2"), false)))
        .containsExactly("kv/p1 does not belong to the group, and waits to be added.");
    assertThat(unready(peer(Role.FOLLOWER, "p2", PeerId.setOf("p1"), true)))
        .containsExactly("kv/p1 has lost its disk, and waits to be removed and added anew.");
  }

  @Test
  @DisplayName("alive is a node whose peers answer, whatever is in their way")
  void alive() {
    assertThat(Report.ofLiveness(List.of()).good()).isTrue();
    assertThat(Report.ofLiveness(List.of(following(null))).good()).isTrue();
    var wedged = Report.ofLiveness(List.of(following("p2"), silent()));
    assertThat(wedged.good()).isFalse();
    assertThat(wedged.peers()).isEqualTo(2);
    assertThat(wedged.why()).containsExactly("kv/p1 does not answer.");
  }

  @Test
  @DisplayName("a thousand peers in trouble make a short report")
  void bounded() {
    var report = Report.ofReadiness(Collections.nCopies(1000, silent()));
    assertThat(report.peers()).isEqualTo(1000);
    assertThat(report.why()).hasSize(Report.MOST);
  }
}
