package io.pekkoraft.http;

import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.StatusCodes;

/**
 * The header {@code Idempotency-Key}: a client's own name for a request, under which it may be sent
 * again and takes effect once (draft-ietf-httpapi-idempotency-key-header). A string in quotes, or,
 * as many clients send it, without them; it means the same.
 */
public final class IdempotencyKey {
  /** The most characters of a key. */
  public static final int MAX_LENGTH = 200;

  private static final Pattern LEGAL =
      Pattern.compile("[\\x21\\x23-\\x5B\\x5D-\\x7E]{1," + MAX_LENGTH + "}");

  private IdempotencyKey() {}

  /**
   * Empty when the request has none.
   *
   * @throws ProblemException 400, when it is malformed, too long, or given twice
   */
  public static Optional<String> of(HttpRequest request) {
    var lines =
        StreamSupport.stream(request.getHeaders().spliterator(), false)
            .filter(header -> header.is("idempotency-key"))
            .map(HttpHeader::value)
            .toList();
    if (lines.isEmpty()) {
      return Optional.empty();
    }
    var key = withoutQuotes(lines.get(0).strip());
    if (lines.size() > 1 || !LEGAL.matcher(key).matches()) {
      throw new ProblemException(
          Problem.of(
              StatusCodes.BAD_REQUEST,
              "The header Idempotency-Key is malformed: it is one string of 1 to "
                  + MAX_LENGTH
                  + " visible ASCII characters, without quotes and backslashes in it, as in"
                  + " Idempotency-Key: \"8e03978e-40d5-43dd-bc93-6894a57f9324\"."));
    }
    return Optional.of(key);
  }

  private static String withoutQuotes(String value) {
    var isQuoted = value.length() >= 2 && value.startsWith("\"") && value.endsWith("\"");
    return isQuoted ? value.substring(1, value.length() - 1) : value;
  }
}
