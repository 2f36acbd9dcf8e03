package io.pekkoraft.membership;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pekkoraft.model.LogIndex;
import io.pekkoraft.model.PeerId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigurationTest {
  private static Configuration ofSize(int size) {
    var peers = new ArrayList<PeerId>();
    for (var i = 1; i <= size; i++) {
      peers.add(PeerId.of("p" + i));
    }
    return Configuration.of(peers);
  }

  @ParameterizedTest(name = "{0} peers: {1}")
  @CsvSource({"1, 1", "2, 2", "3, 2", "4, 3", "5, 3", "6, 4", "7, 4"})
  void majority(int peers, int majority) {
    assertThat(ofSize(peers).majority()).isEqualTo(majority);
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
  void majorityMatch(String matched, long expected) {
    var indexes = Arrays.stream(matched.split(" ")).map(Long::valueOf).toList();
    var configuration = ofSize(indexes.size());
    var peers = List.copyOf(configuration.peers());
    assertThat(configuration.majorityMatch(peer -> LogIndex.of(indexes.get(peers.indexOf(peer)))))
        .isEqualTo(LogIndex.of(expected));
  }

  @Test
  void strangersDoNotCount() {
    assertThat(ofSize(3).isMajority(Set.of(PeerId.of("p1"), PeerId.of("x"), PeerId.of("y"))))
        .isFalse();
  }

  @Test
  void needsAPeer() {
    assertThatThrownBy(() -> Configuration.of(List.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("at least one peer");
  }
}
