package io.pekkoraft.demo;

import java.util.EnumSet;
import java.util.Optional;
import org.apache.pekko.http.javadsl.server.Directives;
import org.apache.pekko.http.javadsl.server.Route;

/** What each ticket office serves: {@code /shows}, {@code /plain/shows} and the page. */
final class TicketOfficeRoutes {
  private TicketOfficeRoutes() {}

  /**
   * @param plain empty where there is no database
   * @param nodes whether they can be killed over HTTP
   */
  static Route of(Shows replicated, Optional<Shows> plain, boolean nodes) {
    var variants = EnumSet.of(Variant.REPLICATED);
    plain.ifPresent(there -> variants.add(Variant.PLAIN));
    var route =
        Directives.concat(TicketOfficeRoute.of(replicated), TicketOfficePage.of(variants, nodes));
    return plain
        .map(shows -> Directives.pathPrefix("plain", () -> TicketOfficeRoute.of(shows)))
        .map(twin -> Directives.concat(route, twin))
        .orElse(route);
  }
}
