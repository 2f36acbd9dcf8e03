package io.pekkoraft.election;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import io.pekkoraft.RaftSettings;
import io.pekkoraft.model.PeerId;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class PrioritiesTest {
  private static final PeerId P1 = PeerId.of("p1");
  private static final PeerId P2 = PeerId.of("p2");
  private static final PeerId P3 = PeerId.of("p3");
  private static final Set<PeerId> ALL = PeerId.setOf("p1", "p2", "p3");
  private static final Priorities NONE = new Priorities(new TreeMap<>());
  private static final Priorities SOME = new Priorities(new TreeMap<>(Map.of(P1, 2, P2, 1)));

  @Test
  @DisplayName("without priorities all are equal, and nobody should rather lead")
  void none() {
    assertThat(ALL).allMatch(peer -> NONE.rank(peer, ALL) == 0);
    assertThat(NONE.preferredTo(P3, ALL)).isEmpty();
  }

  @Test
  @DisplayName("a peer comes after all voters with a higher number")
  void rank() {
    assertThat(SOME.rank(P1, ALL)).isZero();
    assertThat(SOME.rank(P2, ALL)).isEqualTo(1);
    assertThat(SOME.rank(P3, ALL)).isEqualTo(2);
    assertThat(SOME.rank(P3, PeerId.setOf("p3", "p4"))).isZero();
  }

  @Test
  @DisplayName("the highest number should lead; between equals, whoever leads goes on")
  void preferred() {
    assertThat(SOME.preferredTo(P3, ALL)).contains(P1);
    assertThat(SOME.preferredTo(P3, PeerId.setOf("p2", "p3"))).contains(P2);
    assertThat(SOME.preferredTo(P1, ALL)).isEmpty();
    var equal = new Priorities(new TreeMap<>(Map.of(P1, 1, P2, 1, P3, -1)));
    assertThat(equal.preferredTo(P2, ALL)).isEmpty();
    assertThat(equal.preferredTo(P3, ALL)).contains(P1);
  }

  @Test
  @DisplayName("who comes later waits longer, and never more than another time-out")
  void deference() {
    var timeout = new ElectionTimeout(Duration.ofMillis(150), Duration.ofMillis(300));
    assertThat(timeout.deference(0)).isZero();
    assertThat(timeout.deference(1)).isEqualTo(Duration.ofMillis(150));
    assertThat(timeout.deference(2)).isEqualTo(Duration.ofMillis(300));
    assertThat(timeout.deference(100)).isEqualTo(Duration.ofMillis(300));
  }

  @Test
  @DisplayName("the settings name peers by their ids, also those with dots")
  void settings() {
    var config =
        ConfigFactory.parseString(
                "leadership { priorities { p1 = 2, node.b = 1 }, hand-back-after = 5s }")
            .withFallback(ConfigFactory.load("in-memory.conf").getConfig("pekko-raft"));
    var leadership = RaftSettings.create(config).leadership();
    assertThat(leadership.priorities().byPeer())
        .containsExactly(Map.entry(PeerId.of("node.b"), 1), Map.entry(P1, 2));
    assertThat(leadership.handBackAfter()).contains(Duration.ofSeconds(5));
  }
}
