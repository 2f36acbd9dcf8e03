package io.pekkoraft.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pekkoraft.ReadConsistency;
import java.time.Duration;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.StatusCodes;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReadParametersTest {
  private static ReadConsistency asked(String query) {
    return ReadParameters.of(HttpRequest.GET("/kv/k" + query));
  }

  @Test
  @DisplayName("a read is linearizable, unless it is asked to be something else")
  void kinds() {
    assertThat(asked("")).isEqualTo(ReadConsistency.linearizable());
    assertThat(asked("?read=linearizable")).isEqualTo(ReadConsistency.linearizable());
    assertThat(asked("?read=lease&x=y")).isEqualTo(ReadConsistency.lease());
    assertThat(asked("?read=follower")).isEqualTo(ReadConsistency.follower());
  }

  @Test
  @DisplayName("how stale an answer may be is a number of milliseconds or seconds, or a second")
  void stale() {
    assertThat(asked("?read=stale")).isEqualTo(ReadConsistency.stale(Duration.ofSeconds(1)));
    assertThat(asked("?max-age=500ms&read=stale"))
        .isEqualTo(ReadConsistency.stale(Duration.ofMillis(500)));
    assertThat(asked("?read=stale&max-age=0ms")).isEqualTo(ReadConsistency.stale(Duration.ZERO));
    assertThat(asked("?read=stale&max-age=999999999s"))
        .isEqualTo(ReadConsistency.stale(Duration.ofSeconds(999_999_999)));
  }

  @ParameterizedTest
  @DisplayName("what is none of these is refused: to pass over it would answer another question")
  @ValueSource(
      strings = {
        "?read=",
        "?read=LEASE",
        "?read=eventual",
        "?read=stale&read=stale",
        "?read=stale&max-age=",
        "?read=stale&max-age=5",
        "?read=stale&max-age=-5s",
        "?read=stale&max-age=1.5s",
        "?read=stale&max-age=9999999999s",
        "?read=stale&max-age=1s&max-age=2s",
        "?read=follower&max-age=1s",
        "?max-age=1s"
      })
  void nonsense(String query) {
    assertThatThrownBy(() -> asked(query))
        .isInstanceOfSatisfying(
            ProblemException.class,
            refusal -> assertThat(refusal.problem().status()).isEqualTo(StatusCodes.BAD_REQUEST));
  }
}
