package io.pekkoraft.http;

import java.util.Optional;
import java.util.Set;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpMethod;
import org.apache.pekko.http.javadsl.model.HttpMethods;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.StatusCodes;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.http.javadsl.server.AllDirectives;
import org.apache.pekko.http.javadsl.server.Route;

/**
 * In front of a route: who would change how a group runs needs the admin token. That is whatever is
 * not a mere question, under {@code /raft} and {@code /demo}.
 */
final class AdminGuard extends AllDirectives {
  private static final Set<String> ADMIN = Set.of("raft", "demo");

  /** They change nothing. */
  static final Set<HttpMethod> QUESTIONS =
      Set.of(HttpMethods.GET, HttpMethods.HEAD, HttpMethods.OPTIONS);

  private final Optional<AdminToken> token;

  /**
   * @param token without one, everybody may do everything
   */
  AdminGuard(Optional<AdminToken> token) {
    this.token = token;
  }

  Route around(Route inner) {
    return token.map(required -> around(inner, required)).orElse(inner);
  }

  private Route around(Route inner, AdminToken required) {
    return extractRequest(
        request -> mayPass(request, required) ? inner : complete(refusal().response()));
  }

  private static boolean mayPass(HttpRequest request, AdminToken token) {
    return !isAdmin(request)
        || token.isIn(request.getHeader("Authorization").map(HttpHeader::value));
  }

  /** The path as routes see it: segments, percent-decoded. */
  static boolean isAdmin(HttpRequest request) {
    var segments = request.getUri().pathSegments().iterator();
    return !QUESTIONS.contains(request.method())
        && segments.hasNext()
        && ADMIN.contains(segments.next());
  }

  private static Problem refusal() {
    return Problem.of(
            StatusCodes.UNAUTHORIZED,
            "This needs the admin token: Authorization: Bearer, and what"
                + " pekko-raft.http.admin-token or admin-token-file says at this node.")
        .with(RawHeader.create("WWW-Authenticate", "Bearer realm=\"pekko-raft\""));
  }
}
