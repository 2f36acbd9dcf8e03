package io.pekkoraft.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pekkoraft.model.PeerId;
import java.util.OptionalLong;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonBodyTest {
  private static JsonBody body(String text) {
    return JsonBody.of(HttpRequest.POST("/raft/x").withEntity(text), "to", "add", "from");
  }

  @Test
  @DisplayName("each field may be left out, and so may the body")
  void nothing() {
    for (var empty : new String[] {"", "{}", " { } "}) {
      assertThat(body(empty).peer("to")).isEmpty();
      assertThat(body(empty).peers("add")).isEmpty();
      assertThat(body(empty).number("from")).isEmpty();
    }
  }

  @Test
  @DisplayName("a peer, a list of peers, a number")
  void fields() {
    var body = body("{\"to\": \"p2\", \"add\": [\"p5\", \"p4\"], \"from\": 17}");
    assertThat(body.peer("to")).contains(PeerId.of("p2"));
    assertThat(body.peers("add")).containsExactly(PeerId.of("p4"), PeerId.of("p5"));
    assertThat(body.number("from")).isEqualTo(OptionalLong.of(17));
  }

  @ParameterizedTest
  @DisplayName("what is not such an object is refused whole")
  @ValueSource(
      strings = {
        "{",
        "null",
        "[]",
        "7",
        "\"p2\"",
        "{} {}",
        "{\"too\": \"p2\"}",
        "{\"to\": 1, \"to\": 1}"
      })
  void noObject(String text) {
    refused(() -> body(text), 400);
  }

  @ParameterizedTest
  @DisplayName("a field of another kind is refused")
  @ValueSource(
      strings = {
        "{\"to\": null, \"add\": null, \"from\": null}",
        "{\"to\": 2, \"add\": \"p4\", \"from\": \"17\"}",
        "{\"to\": [\"p2\"], \"add\": [4], \"from\": -1}",
        "{\"to\": \"\", \"add\": [\"\"], \"from\": 1.5}",
        "{\"to\": \"a/b\", \"add\": [\"p4\", \"p4\"], \"from\": 1e99}"
      })
  void ofAnotherKind(String text) {
    refused(() -> body(text).peer("to"), 400);
    refused(() -> body(text).peers("add"), 400);
    refused(() -> body(text).number("from"), 400);
  }

  @Test
  @DisplayName("it has a bound")
  void tooLarge() {
    refused(() -> body(" ".repeat(JsonBody.MAX_BYTES - 1) + "{}"), 413);
    refused(() -> body("[".repeat(JsonBody.MAX_BYTES)), 400);
  }

  private static void refused(Runnable reading, int status) {
    assertThatThrownBy(reading::run)
        .isInstanceOfSatisfying(
            ProblemException.class,
            refusal -> assertThat(refusal.problem().status().intValue()).isEqualTo(status));
  }
}
