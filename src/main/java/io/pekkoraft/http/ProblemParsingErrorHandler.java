package io.pekkoraft.http;

import org.apache.pekko.event.LoggingAdapter;
import org.apache.pekko.http.ParsingErrorHandler;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.scaladsl.model.ErrorInfo;
import org.apache.pekko.http.scaladsl.model.StatusCode;
import org.apache.pekko.http.scaladsl.settings.ServerSettings;

/** Requests so malformed that no route ever sees them are problems as well. */
public final class ProblemParsingErrorHandler extends ParsingErrorHandler {
  /** Pekko HTTP looks for it by this name, as it does with objects of Scala. */
  public static final ProblemParsingErrorHandler MODULE$ = new ProblemParsingErrorHandler();

  private ProblemParsingErrorHandler() {}

  @Override
  public HttpResponse handle(
      StatusCode status, ErrorInfo error, LoggingAdapter log, ServerSettings settings) {
    log.info("Refused a request with {}: {}", status.intValue(), error.formatPretty());
    return Problem.of(status, error.summary()).response();
  }
}
