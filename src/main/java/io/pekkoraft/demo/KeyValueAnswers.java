package io.pekkoraft.demo;

import io.pekkoraft.demo.KeyValue.Created;
import io.pekkoraft.demo.KeyValue.Found;
import io.pekkoraft.demo.KeyValue.Missing;
import io.pekkoraft.demo.KeyValue.OtherRequest;
import io.pekkoraft.demo.KeyValue.PreconditionFailed;
import io.pekkoraft.demo.KeyValue.Removed;
import io.pekkoraft.demo.KeyValue.Replaced;
import io.pekkoraft.demo.KeyValue.Result;
import io.pekkoraft.http.Preconditions;
import io.pekkoraft.http.Problem;
import java.util.OptionalLong;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.StatusCode;
import org.apache.pekko.http.javadsl.model.StatusCodes;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.util.ByteString;

/** What the state machine said, in HTTP. */
final class KeyValueAnswers {
  private KeyValueAnswers() {}

  static HttpResponse toWrite(Result result) {
    if (result instanceof Created created) {
      return tagged(StatusCodes.CREATED, created.version());
    }
    if (result instanceof Replaced replaced) {
      return tagged(StatusCodes.NO_CONTENT, replaced.version());
    }
    if (result instanceof Removed) {
      return HttpResponse.create().withStatus(StatusCodes.NO_CONTENT);
    }
    return toNothingDone(result);
  }

  /** A read changes nothing, so its preconditions are decided here, by the version it found. */
  static HttpResponse toRead(Preconditions asked, Result result) {
    if (!(result instanceof Found found)) {
      return toNothingDone(result);
    }
    var version = OptionalLong.of(found.version());
    if (!asked.ifMatch().map(VersionTags::ifMatch).map(c -> c.holdsFor(version)).orElse(true)) {
      return preconditionFailed(version).response();
    }
    if (!asked
        .ifNoneMatch()
        .map(VersionTags::ifNoneMatch)
        .map(c -> c.holdsFor(version))
        .orElse(true)) {
      return tagged(StatusCodes.NOT_MODIFIED, found.version());
    }
    return tagged(StatusCodes.OK, found.version())
        .withEntity(
            HttpEntities.create(
                ContentTypes.APPLICATION_OCTET_STREAM, ByteString.fromArrayUnsafe(found.value())));
  }

  private static HttpResponse toNothingDone(Result result) {
    if (result instanceof Missing) {
      return Problem.of(StatusCodes.NOT_FOUND, "There is no such key.").response();
    }
    if (result instanceof PreconditionFailed failed) {
      return preconditionFailed(failed.version()).response();
    }
    if (result instanceof OtherRequest) {
      return Problem.of(
              StatusCodes.UNPROCESSABLE_CONTENT,
              "This Idempotency-Key was used for another request; nothing was done.")
          .response();
    }
    throw new IllegalStateException("No answer to this request: " + result);
  }

  private static Problem preconditionFailed(OptionalLong version) {
    return Problem.of(
        StatusCodes.PRECONDITION_FAILED,
        version.isPresent()
            ? "The key's entity tag is " + VersionTags.tag(version.getAsLong()) + " now."
            : "There is no such key now.");
  }

  private static HttpResponse tagged(StatusCode status, long version) {
    return HttpResponse.create()
        .withStatus(status)
        .addHeader(RawHeader.create("ETag", VersionTags.tag(version).toString()));
  }
}
