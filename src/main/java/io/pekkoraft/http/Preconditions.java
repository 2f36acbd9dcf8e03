package io.pekkoraft.http;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.StatusCodes;

/** What a request says must hold of the resource before anything is done (RFC 9110 §13). */
public record Preconditions(Optional<EntityTags> ifMatch, Optional<EntityTags> ifNoneMatch) {
  /**
   * Reads the text of the headers, as Pekko HTTP leaves out, with a warning in the log, what it
   * can't parse.
   *
   * @throws ProblemException 400, when one of them is malformed
   */
  public static Preconditions of(HttpRequest request) {
    return new Preconditions(tags(request, "If-Match"), tags(request, "If-None-Match"));
  }

  private static Optional<EntityTags> tags(HttpRequest request, String name) {
    return valueOf(request, name)
        .map(
            value -> {
              try {
                return EntityTags.parse(value);
              } catch (IllegalArgumentException malformed) {
                throw new ProblemException(
                    Problem.of(
                        StatusCodes.BAD_REQUEST,
                        "The header "
                            + name
                            + " is malformed: "
                            + malformed.getMessage()
                            + ". An entity tag stands in quotes, as in "
                            + name
                            + ": \"42\"."));
              }
            });
  }

  /** Several lines of one name are one list (RFC 9110 §5.3). */
  private static Optional<String> valueOf(HttpRequest request, String name) {
    var lines =
        StreamSupport.stream(request.getHeaders().spliterator(), false)
            .filter(header -> header.is(name.toLowerCase(Locale.ROOT)))
            .map(HttpHeader::value)
            .toList();
    return lines.isEmpty()
        ? Optional.empty()
        : Optional.of(lines.stream().collect(Collectors.joining(", ")));
  }
}
