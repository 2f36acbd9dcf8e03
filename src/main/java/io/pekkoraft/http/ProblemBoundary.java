package io.pekkoraft.http;

import io.pekkoraft.RaftException;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.CompletionException;
import java.util.stream.StreamSupport;
import org.apache.pekko.http.javadsl.model.HttpEntity;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.StatusCodes;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.http.javadsl.server.AllDirectives;
import org.apache.pekko.http.javadsl.server.ExceptionHandler;
import org.apache.pekko.http.javadsl.server.MethodRejection;
import org.apache.pekko.http.javadsl.server.RejectionHandler;
import org.apache.pekko.http.javadsl.server.Route;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Around a route: whatever goes wrong inside leaves as a {@link Problem}. */
final class ProblemBoundary extends AllDirectives {
  private static final Logger log = LoggerFactory.getLogger(ProblemBoundary.class);

  Route around(Route inner) {
    return withRequestTimeoutResponse(
        ProblemBoundary::timedOut,
        () -> handleExceptions(exceptions(), () -> handleRejections(rejections(), () -> inner)));
  }

  /** Of no use but against bugs: a group answers within {@code client.timeout}, which is less. */
  private static HttpResponse timedOut(HttpRequest request) {
    return Problem.of(
            StatusCodes.GATEWAY_TIMEOUT,
            "The server did not answer in time. A write may have taken effect or not.")
        .response();
  }

  private ExceptionHandler exceptions() {
    return ExceptionHandler.newBuilder()
        .matchAny(
            failure -> extractRequest(request -> complete(problemOf(request, failure).response())))
        .build();
  }

  private static Problem problemOf(HttpRequest request, Throwable failure) {
    var cause = failure instanceof CompletionException ? failure.getCause() : failure;
    var known =
        cause instanceof ProblemException ended
            ? Optional.of(ended.problem())
            : cause instanceof RaftException raft ? Problem.of(raft) : Optional.<Problem>empty();
    return known.orElseGet(
        () -> {
          log.error("{} {} failed", request.method().name(), request.getUri().path(), cause);
          return Problem.of(
              StatusCodes.INTERNAL_SERVER_ERROR, "The request failed; the server's log says why.");
        });
  }

  private RejectionHandler rejections() {
    return RejectionHandler.newBuilder()
        .handleAll(
            MethodRejection.class,
            rejections -> {
              var allowed = new TreeSet<String>();
              rejections.forEach(rejection -> allowed.add(rejection.supported().name()));
              if (allowed.contains("GET")) {
                allowed.add("HEAD");
              }
              return complete(notAllowed(String.join(", ", allowed)).response());
            })
        .handleNotFound(
            complete(
                Problem.of(StatusCodes.NOT_FOUND, "There is nothing at this path.").response()))
        .build()
        .withFallback(RejectionHandler.defaultHandler())
        .mapRejectionResponse(ProblemBoundary::asProblem);
  }

  private static Problem notAllowed(String allowed) {
    return Problem.of(StatusCodes.METHOD_NOT_ALLOWED, "Allowed at this path: " + allowed + ".")
        .with(RawHeader.create("Allow", allowed));
  }

  /** Pekko HTTP's own answers are plain text; the text becomes the detail. */
  private static HttpResponse asProblem(HttpResponse response) {
    if (!(response.entity() instanceof HttpEntity.Strict strict)
        || strict.getContentType().toString().startsWith("application/problem+json")) {
      return response;
    }
    var headers = StreamSupport.stream(response.getHeaders().spliterator(), false).toList();
    return new Problem(response.status(), strict.getData().utf8String(), headers).response();
  }
}
