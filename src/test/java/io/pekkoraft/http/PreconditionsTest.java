package io.pekkoraft.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.headers.EntityTagRanges;
import org.apache.pekko.http.javadsl.model.headers.IfMatch;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class PreconditionsTest {
  @Test
  @DisplayName("RFC 9110 §5.3 several lines of one header are one list, whatever their case")
  void joinsLines() {
    var request =
        HttpRequest.PUT("/")
            .withHeaders(
                List.of(
                    RawHeader.create("If-Match", "\"1\""), RawHeader.create("if-match", "\"2\"")));
    assertThat(Preconditions.of(request))
        .isEqualTo(
            new Preconditions(
                Optional.of(
                    new EntityTags(false, List.of(EntityTag.strong("1"), EntityTag.strong("2")))),
                Optional.empty()));
  }

  @Test
  @DisplayName("a header that Pekko HTTP has parsed says the same")
  void takesParsedHeaders() {
    var request = HttpRequest.GET("/").addHeader(IfMatch.create(EntityTagRanges.ALL));
    assertThat(Preconditions.of(request).ifMatch()).contains(new EntityTags(true, List.of()));
  }

  @Test
  @DisplayName("a malformed one ends the request with 400 and names the header")
  void refusesMalformed() {
    var request = HttpRequest.PUT("/").addHeader(RawHeader.create("If-None-Match", "5"));
    assertThatThrownBy(() -> Preconditions.of(request))
        .isInstanceOfSatisfying(
            ProblemException.class,
            ended -> {
              assertThat(ended.problem().status().intValue()).isEqualTo(400);
              assertThat(ended.problem().detail()).contains("If-None-Match").contains("position 1");
            });
  }
}
