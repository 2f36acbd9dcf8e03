package io.pekkoraft.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class EntityTagsTest {
  @ParameterizedTest(name = "{0}")
  @DisplayName("RFC 9110 §13.1 reads * and lists of tags, empty elements among them")
  @MethodSource
  void reads(String value, EntityTags expected) {
    assertThat(EntityTags.parse(value)).isEqualTo(expected);
  }

  static Stream<Arguments> reads() {
    return Stream.of(
        Arguments.of("*", new EntityTags(true, List.of())),
        Arguments.of(" * ", new EntityTags(true, List.of())),
        Arguments.of("\"5\"", list(strong("5"))),
        Arguments.of("W/\"5\"", list(weak("5"))),
        Arguments.of("\"\"", list(strong(""))),
        Arguments.of("\"*\"", list(strong("*"))),
        Arguments.of("\"a,b\"", list(strong("a,b"))),
        Arguments.of("\"a\\\"", list(strong("a\\"))),
        Arguments.of("\"\u00e9\"", list(strong("\u00e9"))),
        Arguments.of("\"1\",W/\"2\" ,\t\"3\"", list(strong("1"), weak("2"), strong("3"))),
        Arguments.of(", ,\"1\",, \"2\",", list(strong("1"), strong("2"))));
  }

  @ParameterizedTest(name = "\"{0}\"")
  @DisplayName("whatever else it is, it is malformed, and never taken for no condition")
  @ValueSource(
      strings = {
        "",
        " ",
        ",",
        "5",
        "'5'",
        "\"5",
        "5\"",
        "\"",
        "w/\"5\"",
        "W/ \"5\"",
        "W\"5\"",
        "W/5",
        "W/",
        "\"1\" \"2\"",
        "\"1\"\"2\"",
        "\"1\";\"2\"",
        "*,\"1\"",
        "\"1\",*",
        "**",
        "* *",
        "\"a b\"",
        "\"a\tb\"",
        "\"a\u007fb\"",
        "\"a\"b\""
      })
  void refuses(String value) {
    assertThatThrownBy(() -> EntityTags.parse(value)).isInstanceOf(IllegalArgumentException.class);
  }

  private static EntityTag strong(String opaque) {
    return EntityTag.strong(opaque);
  }

  private static EntityTag weak(String opaque) {
    return new EntityTag(true, opaque);
  }

  private static EntityTags list(EntityTag... tags) {
    return new EntityTags(false, List.of(tags));
  }
}
