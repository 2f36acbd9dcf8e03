package io.pekkoraft.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.pekkoraft.http.EntityTag;
import io.pekkoraft.http.EntityTags;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConditionTest {
  @ParameterizedTest(name = "If-Match: {0} against {1} is {2}")
  @DisplayName("RFC 9110 §13.1.1 If-Match compares strongly")
  @CsvSource(
      quoteCharacter = '\'',
      delimiter = '|',
      value = {
        "*          | 5 | true",
        "*          |   | false",
        "\"5\"      | 5 | true",
        "\"5\"      | 6 | false",
        "\"5\"      |   | false",
        "\"4\",\"5\"| 5 | true",
        "W/\"5\"    | 5 | false",
        "W/\"5\",\"5\"|5| true",
        "\"05\"     | 5 | false",
        "\"+5\"     | 5 | false",
        "\"x\"      | 5 | false",
        "\"99999999999999999999\" | 5 | false"
      })
  void ifMatch(String header, Long version, boolean holds) {
    var condition = VersionTags.ifMatch(EntityTags.parse(header));
    assertThat(condition.holdsFor(optional(version))).isEqualTo(holds);
  }

  @ParameterizedTest(name = "If-None-Match: {0} against {1} is {2}")
  @DisplayName("RFC 9110 §13.1.2 If-None-Match compares weakly")
  @CsvSource(
      quoteCharacter = '\'',
      delimiter = '|',
      value = {
        "*          | 5 | false",
        "*          |   | true",
        "\"5\"      | 5 | false",
        "\"5\"      | 6 | true",
        "\"5\"      |   | true",
        "\"4\",\"5\"| 5 | false",
        "W/\"5\"    | 5 | false",
        "\"x\"      | 5 | true"
      })
  void ifNoneMatch(String header, Long version, boolean holds) {
    var condition = VersionTags.ifNoneMatch(EntityTags.parse(header));
    assertThat(condition.holdsFor(optional(version))).isEqualTo(holds);
  }

  @Test
  @DisplayName("a version's tag is strong")
  void tag() {
    assertThat(VersionTags.tag(42)).isEqualTo(EntityTag.strong("42")).hasToString("\"42\"");
  }

  @Test
  @DisplayName("of several conditions all must hold")
  void all() {
    List<Condition> conditions =
        List.of(new Condition.Present(), new Condition.NoneOf(List.of(5L)));
    assertThat(Condition.allHold(conditions, OptionalLong.of(6))).isTrue();
    assertThat(Condition.allHold(conditions, OptionalLong.of(5))).isFalse();
    assertThat(Condition.allHold(conditions, OptionalLong.empty())).isFalse();
    assertThat(Condition.allHold(List.of(), OptionalLong.empty())).isTrue();
  }

  private static OptionalLong optional(Long version) {
    return version == null ? OptionalLong.empty() : OptionalLong.of(version);
  }
}
