package io.pekkoraft.demo;

import io.pekkoraft.RaftGroup;
import io.pekkoraft.ReadConsistency;
import io.pekkoraft.demo.KeyValue.Command;
import io.pekkoraft.demo.KeyValue.Get;
import io.pekkoraft.demo.KeyValue.Once;
import io.pekkoraft.demo.KeyValue.Put;
import io.pekkoraft.demo.KeyValue.Remove;
import io.pekkoraft.demo.KeyValue.Result;
import io.pekkoraft.http.IdempotencyKey;
import io.pekkoraft.http.Preconditions;
import io.pekkoraft.http.Problem;
import io.pekkoraft.http.ProblemException;
import io.pekkoraft.http.ReadParameters;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.apache.pekko.http.javadsl.model.HttpEntity;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.StatusCodes;
import org.apache.pekko.http.javadsl.server.AllDirectives;
import org.apache.pekko.http.javadsl.server.PathMatchers;
import org.apache.pekko.http.javadsl.server.Route;

/**
 * {@code /kv/{key}}: PUT, GET and DELETE. A key's version is its {@code ETag}; writes with {@code
 * If-Match} or {@code If-None-Match} are decided where they are applied, so that of several that
 * race one wins. Reads are linearizable, or as {@link ReadParameters} say.
 */
public final class KeyValueRoute extends AllDirectives {
  /** The most bytes of a value, and so of a request's body. */
  public static final int MAX_VALUE_BYTES = 1024 * 1024;

  private static final int MAX_KEY_BYTES = 1024;

  /** What bytes that are no UTF-8 are decoded to: two such keys would become one. */
  private static final char REPLACEMENT = '\uFFFD';

  private final Function<Command, CompletionStage<Result>> propose;
  private final BiFunction<Command, ReadConsistency, CompletionStage<Result>> read;

  KeyValueRoute(
      Function<Command, CompletionStage<Result>> propose,
      BiFunction<Command, ReadConsistency, CompletionStage<Result>> read) {
    this.propose = propose;
    this.read = read;
  }

  /** To be bound by {@code RaftHttp}, which reads the bodies and makes problems of errors. */
  public static Route of(RaftGroup<Command, Result> group) {
    return new KeyValueRoute(group::propose, group::read).route();
  }

  Route route() {
    var kv = PathMatchers.segment("kv").slash();
    var key = kv.concat(PathMatchers.segment());
    return concat(
        path(key, this::onKey),
        path(kv, () -> complete(badRequest("The key is empty.").response())),
        pathPrefix(
            key.slash(),
            first ->
                complete(
                    Problem.of(
                            StatusCodes.NOT_FOUND,
                            "A key is one segment of the path; a slash in it is written %2F.")
                        .response())));
  }

  private Route onKey(String key) {
    return concat(
        get(
            () ->
                answer(
                    request -> {
                      var get = new Get(legal(key));
                      var asked = Preconditions.of(request);
                      return read.apply(get, ReadParameters.of(request))
                          .thenApply(found -> KeyValueAnswers.toRead(asked, found));
                    })),
        put(
            () ->
                answer(
                    request -> {
                      var put = new Put(legal(key), bodyOf(request), conditionsOf(request));
                      return write(request, put);
                    })),
        delete(
            () ->
                answer(
                    request -> {
                      var remove = new Remove(legal(key), conditionsOf(request));
                      return write(request, remove);
                    })));
  }

  /** Under an {@code Idempotency-Key}, once, however often it comes. */
  private CompletionStage<HttpResponse> write(HttpRequest request, Command command) {
    var wanted =
        IdempotencyKey.of(request)
            .<Command>map(key -> new Once(key, Fingerprint.of(command), command))
            .orElse(command);
    return propose.apply(wanted).thenApply(KeyValueAnswers::toWrite);
  }

  private Route answer(Function<HttpRequest, CompletionStage<HttpResponse>> handler) {
    return extractRequest(request -> completeWithFuture(handler.apply(request)));
  }

  private static String legal(String key) {
    if (key.getBytes(StandardCharsets.UTF_8).length > MAX_KEY_BYTES) {
      throw new ProblemException(
          badRequest("A key may have " + MAX_KEY_BYTES + " bytes at most, decoded."));
    }
    if (key.indexOf(REPLACEMENT) >= 0) {
      throw new ProblemException(badRequest("The key is not UTF-8, percent-encoded."));
    }
    return key;
  }

  private static Problem badRequest(String detail) {
    return Problem.of(StatusCodes.BAD_REQUEST, detail);
  }

  private static List<Condition> conditionsOf(HttpRequest request) {
    return VersionTags.conditions(Preconditions.of(request));
  }

  /** In memory already: {@code RaftHttp} lets no other request in. */
  private static byte[] bodyOf(HttpRequest request) {
    return ((HttpEntity.Strict) request.entity()).getData().toArray();
  }
}
