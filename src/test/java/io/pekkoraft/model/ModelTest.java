package io.pekkoraft.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ModelTest {
  @ParameterizedTest(name = "{0}@{1} against {2}@{3}: {4}")
  @DisplayName("§5.4.1 trap 8: the term decides, and between equal terms the index")
  @CsvSource({
    "5, 2,  5, 2, true",
    "6, 2,  5, 2, true",
    "4, 2,  5, 2, false",
    "1, 3,  9, 2, true",
    "9, 2,  1, 3, false",
    "0, 0,  0, 0, true",
    "0, 0,  1, 1, false",
  })
  void upToDate(long index, long term, long otherIndex, long otherTerm, boolean atLeast) {
    var own = LogPosition.of(term, index);
    var other = LogPosition.of(otherTerm, otherIndex);
    assertThat(own.isAtLeastAsUpToDateAs(other)).isEqualTo(atLeast);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a b", "a/b", "ü", "$a", "x\n", ".", ".."})
  void illegalPeerIds(String value) {
    assertThatThrownBy(() -> PeerId.of(value))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("1 to 64 letters");
  }

  @Test
  void peerIdsAreBounded() {
    assertThat(PeerId.of("a".repeat(64)).value()).hasSize(64);
    assertThatThrownBy(() -> PeerId.of("a".repeat(65)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void nothingIsNegative() {
    assertThatThrownBy(() -> Term.of(-1)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> LogIndex.of(-1)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(LogIndex.ZERO::previous).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void bytesAreEqualByContent() {
    var slice = new Bytes(new byte[] {9, 1, 2, 9}, 1, 2);
    assertThat(slice).isEqualTo(Bytes.wrap(new byte[] {1, 2}));
    assertThat(slice).hasSameHashCodeAs(Bytes.wrap(new byte[] {1, 2}));
    assertThat(slice).isNotEqualTo(Bytes.wrap(new byte[] {1, 3}));
  }
}
