package io.pekkoraft.http;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpEntity;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.RequestEntity;
import org.apache.pekko.http.javadsl.model.StatusCodes;
import org.apache.pekko.http.javadsl.server.AllDirectives;
import org.apache.pekko.http.javadsl.server.Route;
import org.apache.pekko.http.scaladsl.model.EntityStreamException;
import org.apache.pekko.http.scaladsl.model.EntityStreamSizeException;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.util.ByteString;

/**
 * In front of a route: reads the whole body of a request, and refuses one that is too large. The
 * route inside finds it in memory, and no answer leaves before the client has said all it had to
 * say, which it might take for a broken connection.
 */
final class BoundedBody extends AllDirectives {
  /** How much more than allowed is read and thrown away, so that the client hears the answer. */
  private static final int PATIENCE = 8;

  private final long maxBytes;
  private final Duration timeout;

  /**
   * @param maxBytes the most that a body may have
   * @param timeout how long a client may take to send it
   */
  BoundedBody(long maxBytes, Duration timeout) {
    this.maxBytes = maxBytes;
    this.timeout = timeout;
  }

  Route around(Route inner) {
    return extractRequest(
        request ->
            extractMaterializer(
                materializer ->
                    onSuccess(
                        read(request, materializer),
                        body -> mapRequest(whole -> whole.withEntity(body), () -> inner))));
  }

  private CompletionStage<RequestEntity> read(HttpRequest request, Materializer materializer) {
    var entity = request.entity();
    if (entity instanceof HttpEntity.Strict strict) {
      return strict.getData().size() > maxBytes
          ? CompletableFuture.failedStage(tooLarge())
          : CompletableFuture.completedStage(entity);
    }
    var announced = entity.getContentLengthOption().orElse(0);
    if (announced > maxBytes && (announced > PATIENCE * maxBytes || awaitsContinue(request))) {
      // Unread, which closes the connection after the answer.
      return CompletableFuture.failedStage(tooLarge());
    }
    return entity
        .withSizeLimit(PATIENCE * maxBytes)
        .getDataBytes()
        .completionTimeout(timeout)
        .runFold(new Collected(), Collected::add, materializer)
        .handle((collected, failure) -> collected(entity, collected, failure));
  }

  private static boolean awaitsContinue(HttpRequest request) {
    return request.getHeader("Expect").isPresent();
  }

  private RequestEntity collected(RequestEntity entity, Collected collected, Throwable failure) {
    if (failure != null) {
      throw refusal(failure instanceof CompletionException ? failure.getCause() : failure);
    }
    if (collected.size > maxBytes) {
      throw tooLarge();
    }
    return HttpEntities.create(entity.getContentType(), collected.bytes);
  }

  /** What arrived so far, of which no more is kept than may be. */
  private final class Collected {
    private ByteString bytes = ByteString.emptyByteString();
    private long size;

    private Collected add(ByteString part) {
      size += part.size();
      bytes = size > maxBytes ? ByteString.emptyByteString() : bytes.concat(part);
      return this;
    }
  }

  private RuntimeException refusal(Throwable failure) {
    if (failure instanceof EntityStreamSizeException) {
      return tooLarge();
    }
    if (failure instanceof TimeoutException) {
      return new ProblemException(
          Problem.of(
              StatusCodes.REQUEST_TIMEOUT,
              "The body did not arrive within " + timeout.toSeconds() + " seconds."));
    }
    if (failure instanceof EntityStreamException malformed) {
      return new ProblemException(Problem.of(StatusCodes.BAD_REQUEST, malformed.info().summary()));
    }
    return new CompletionException(failure);
  }

  private ProblemException tooLarge() {
    return new ProblemException(
        Problem.of(
            StatusCodes.CONTENT_TOO_LARGE, "A body may have " + maxBytes + " bytes at most."));
  }
}
