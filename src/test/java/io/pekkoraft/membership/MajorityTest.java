package io.pekkoraft.membership;

import static org.assertj.core.api.Assertions.assertThat;

import io.pekkoraft.model.LogIndex;
import io.pekkoraft.model.PeerId;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MajorityTest {
  private static Set<PeerId> peers(int count) {
    var peers = new TreeSet<PeerId>();
    for (var i = 1; i <= count; i++) {
      peers.add(PeerId.of("p" + i));
    }
    return peers;
  }

  @ParameterizedTest(name = "{0} peers: {1}")
  @DisplayName("§5 more than half")
  @CsvSource({"1, 1", "2, 2", "3, 2", "4, 3", "5, 3", "6, 4", "7, 4"})
  void size(int peers, int majority) {
    assertThat(Majority.size(peers(peers))).isEqualTo(majority);
  }

  @ParameterizedTest(name = "{0} stored: {1}")
  @DisplayName("§5.3 the highest index that a majority has")
  @CsvSource({
    "'5',         5",
    "'5 3',       3",
    "'5 3 1',     3",
    "'5 5 1',     5",
    "'0 0 9',     0",
    "'4 3 2 1',   2",
    "'1 9 9 1 9', 9",
    "'1 2 3 4 5', 3",
  })
  void match(String matched, long expected) {
    var indexes = Arrays.stream(matched.split(" ")).map(Long::valueOf).toList();
    var peers = peers(indexes.size());
    var ranked = List.copyOf(peers);
    assertThat(Majority.match(peers, peer -> LogIndex.of(indexes.get(ranked.indexOf(peer)))))
        .isEqualTo(LogIndex.of(expected));
  }

  @Test
  @DisplayName("strangers don't count")
  void strangers() {
    assertThat(Majority.agrees(peers(3), PeerId.setOf("p1", "x", "y"))).isFalse();
    assertThat(Majority.agrees(peers(3), PeerId.setOf("p1", "p2", "x"))).isTrue();
  }
}
