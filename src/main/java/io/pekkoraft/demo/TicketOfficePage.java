package io.pekkoraft.demo;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.pekkoraft.http.PageFiles;
import java.util.EnumSet;
import java.util.List;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.server.AllDirectives;
import org.apache.pekko.http.javadsl.server.PathMatchers;
import org.apache.pekko.http.javadsl.server.Route;

/**
 * {@code GET /}: the page with the seats; {@code /office/{file}}: its own files; {@code /office}:
 * what else is served that the page can use.
 */
final class TicketOfficePage extends AllDirectives {
  private static final String INDEX = "office.html";

  private static final List<String> FILES =
      List.of(INDEX, "office.css", "office.js", "seats.js", "nodes.js", "outages.js", "ticket.svg");

  private final PageFiles files = new PageFiles(TicketOfficePage.class, FILES);
  private final String abilities;

  private TicketOfficePage(EnumSet<Variant> variants, boolean nodes) {
    var json = JsonNodeFactory.instance.objectNode();
    var offered = json.putArray("variants");
    variants.forEach(variant -> offered.add(variant.word()));
    abilities = json.put("nodes", nodes).toString();
  }

  /**
   * @param variants whose shows are served
   * @param nodes whether {@code /demo/nodes} and {@code /demo/outages} are
   */
  static Route of(EnumSet<Variant> variants, boolean nodes) {
    return new TicketOfficePage(variants, nodes).route();
  }

  private Route route() {
    return get(
        () ->
            concat(
                pathSingleSlash(() -> files.file(INDEX)),
                path(
                    "office",
                    () -> complete(HttpEntities.create(ContentTypes.APPLICATION_JSON, abilities))),
                path(PathMatchers.segment("office").slash(PathMatchers.segment()), files::file)));
  }
}
