package io.pekkoraft.http;

import java.util.Optional;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.StatusCodes;
import org.apache.pekko.http.javadsl.server.AllDirectives;
import org.apache.pekko.http.javadsl.server.Route;

/**
 * In front of a route: a page that comes from elsewhere changes nothing here, whoever looks at it.
 * A browser on the machine of a demo that knows no users reaches it, and says with {@code Origin}
 * for which page (RFC 6454 §7); what is no browser says nothing, and passes.
 */
final class ForeignPages extends AllDirectives {
  Route around(Route inner) {
    return extractRequest(
        request -> isFromElsewhere(request) ? complete(refusal().response()) : inner);
  }

  static boolean isFromElsewhere(HttpRequest request) {
    return !AdminGuard.QUESTIONS.contains(request.method())
        && header(request, "Origin")
            .filter(origin -> !isOf(origin, header(request, "Host").orElse("")))
            .isPresent();
  }

  private static Optional<String> header(HttpRequest request, String name) {
    return request.getHeader(name).map(HttpHeader::value);
  }

  /** Schemes may differ, for a proxy may have taken the TLS off. */
  private static boolean isOf(String origin, String host) {
    var authority = origin.indexOf("://");
    return authority > 0 && origin.substring(authority + 3).equalsIgnoreCase(host);
  }

  private static Problem refusal() {
    return Problem.of(
        StatusCodes.FORBIDDEN,
        "This came from a page of another origin (the Origin header), which may look and not"
            + " change anything.");
  }
}
