package io.pekkoraft.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.pekkoraft.RaftException;
import io.pekkoraft.RaftException.CommandFailed;
import io.pekkoraft.RaftException.CommandRefused;
import io.pekkoraft.RaftException.CommandRefused.Reason;
import io.pekkoraft.RaftException.NotLeader;
import io.pekkoraft.RaftException.OutcomeUnknown;
import io.pekkoraft.RaftException.Overloaded;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.pekko.http.javadsl.model.HttpEntity;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.StatusCodes;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ProblemTest {
  @ParameterizedTest(name = "{0} is {1}")
  @DisplayName("the status says what became of the request")
  @MethodSource
  void mapsFailures(RaftException failure, int status, boolean retry) {
    var problem = Problem.of(failure).orElseThrow();
    assertThat(problem.status().intValue()).isEqualTo(status);
    assertThat(problem.headers().stream().map(HttpHeader::lowercaseName))
        .isEqualTo(retry ? List.of("retry-after") : List.of());
  }

  static Stream<Arguments> mapsFailures() {
    return Stream.of(
        Arguments.of(new NotLeader(Optional.empty()), 503, true),
        Arguments.of(new Overloaded("full"), 503, true),
        Arguments.of(new OutcomeUnknown("late"), 504, false),
        Arguments.of(new CommandRefused(Reason.TOO_LARGE, "too large"), 413, false));
  }

  @Test
  @DisplayName("a bug is nobody's problem but ours")
  void leavesBugs() {
    assertThat(Problem.of(new CommandFailed("bug", new ArithmeticException()))).isEmpty();
    assertThat(Problem.of(new CommandRefused(Reason.NOT_SERIALIZABLE, "no serializer"))).isEmpty();
  }

  @Test
  @DisplayName("RFC 9457 it leaves as application/problem+json")
  void isAProblemDocument() throws Exception {
    var response = Problem.of(StatusCodes.NOT_FOUND, "There is no \"x\".").response();
    assertThat(response.status()).isEqualTo(StatusCodes.NOT_FOUND);
    assertThat(response.entity().getContentType()).hasToString("application/problem+json");
    var json =
        new ObjectMapper().readTree(((HttpEntity.Strict) response.entity()).getData().toArray());
    assertThat(json)
        .isEqualTo(
            new ObjectMapper()
                .readTree(
                    """
                    {"type": "about:blank", "title": "Not Found", "status": 404,
                     "detail": "There is no \\"x\\"."}
                    """));
  }
}
