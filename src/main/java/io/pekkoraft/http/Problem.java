package io.pekkoraft.http;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.pekkoraft.RaftException;
import io.pekkoraft.RaftException.ChangeRefused;
import io.pekkoraft.RaftException.CommandRefused;
import io.pekkoraft.RaftException.CommandRefused.Reason;
import io.pekkoraft.RaftException.NotLeader;
import io.pekkoraft.RaftException.OutcomeUnknown;
import io.pekkoraft.RaftException.Overloaded;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.pekko.http.javadsl.model.ContentType;
import org.apache.pekko.http.javadsl.model.HttpCharsets;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.MediaTypes;
import org.apache.pekko.http.javadsl.model.StatusCode;
import org.apache.pekko.http.javadsl.model.StatusCodes;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;

/**
 * Why a request was not served, for a program and for a human (RFC 9457). Its type is {@code
 * about:blank}: the status says all that a program needs.
 *
 * @param headers that belong to the status, such as {@code Allow} or {@code Retry-After}
 */
public record Problem(StatusCode status, String detail, List<HttpHeader> headers) {
  private static final ContentType CONTENT_TYPE =
      MediaTypes.applicationWithFixedCharset("problem+json", HttpCharsets.UTF_8).toContentType();

  /** Seconds; a new leader is there long before. */
  private static final String RETRY_AFTER = "1";

  public Problem {
    headers = List.copyOf(headers);
  }

  public static Problem of(StatusCode status, String detail) {
    return new Problem(status, detail, List.of());
  }

  /** 503: surely nothing happened, so that the client may ask again. */
  public static Problem unavailable(String detail) {
    return of(StatusCodes.SERVICE_UNAVAILABLE, detail)
        .with(RawHeader.create("Retry-After", RETRY_AFTER));
  }

  /**
   * What a group's failure means to a client: 503 when surely nothing happened, 504 when nobody can
   * tell. Empty when it is a bug, and the client can do nothing about it.
   */
  public static Optional<Problem> of(RaftException failure) {
    if (failure instanceof NotLeader) {
      return Optional.of(
          unavailable("The group has no leader at the moment. Nothing was done; try again."));
    }
    if (failure instanceof Overloaded) {
      return Optional.of(
          unavailable("Too many requests are pending. Nothing was done; try again later."));
    }
    if (failure instanceof OutcomeUnknown) {
      return Optional.of(
          of(
              StatusCodes.GATEWAY_TIMEOUT,
              "The group gave no answer: it took too long, or its leader lost its office. A write"
                  + " may have taken effect, may yet do so, or never will; read before you repeat"
                  + " it."));
    }
    if (failure instanceof CommandRefused refused && refused.reason() == Reason.TOO_LARGE) {
      return Optional.of(of(StatusCodes.CONTENT_TOO_LARGE, failure.getMessage()));
    }
    if (failure instanceof ChangeRefused refused) {
      return Optional.of(of(refused));
    }
    return Optional.empty();
  }

  /** 409 when it collides with another, so that to look again helps; 422 when it never can be. */
  private static Problem of(ChangeRefused refused) {
    return switch (refused.reason()) {
      case UNDER_WAY, STALE -> of(StatusCodes.CONFLICT, refused.getMessage());
      case TIMED_OUT, NOT_READY, NO_MAJORITY, FAILED -> unavailable(refused.getMessage());
      case NO_SUCH_PEER, MALFORMED, ALREADY_THERE, NO_VOTER_LEFT, TOO_MANY ->
          of(StatusCodes.UNPROCESSABLE_CONTENT, refused.getMessage());
    };
  }

  public Problem with(HttpHeader header) {
    var more = new ArrayList<>(headers);
    more.add(header);
    return new Problem(status, detail, more);
  }

  public HttpResponse response() {
    var json =
        JsonNodeFactory.instance
            .objectNode()
            .put("type", "about:blank")
            .put("title", status.reason())
            .put("status", status.intValue())
            .put("detail", detail)
            .toString();
    return HttpResponse.create()
        .withStatus(status)
        .withHeaders(headers)
        .withEntity(HttpEntities.create(CONTENT_TYPE, json.getBytes(StandardCharsets.UTF_8)));
  }
}
