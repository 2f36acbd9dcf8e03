package io.pekkoraft.dashboard;

import io.pekkoraft.http.PageFiles;
import java.util.List;
import org.apache.pekko.http.javadsl.server.AllDirectives;
import org.apache.pekko.http.javadsl.server.PathMatchers;
import org.apache.pekko.http.javadsl.server.Route;

/**
 * {@code GET /} and, where something else is there, {@code /dashboard}: the page; {@code
 * /dashboard/{file}}: its own files, and nothing else.
 */
final class PageRoute extends AllDirectives {
  private static final String INDEX = "index.html";

  private static final List<String> FILES =
      List.of(
          INDEX,
          "dashboard.css",
          "icon.svg",
          "main.js",
          "api.js",
          "stream.js",
          "dom.js",
          "names.js",
          "state.js",
          "ring.js",
          "peers.js",
          "log.js",
          "timeline.js",
          "plots.js",
          "groups.js",
          "actions.js",
          "events.js",
          "vendor-uplot.js",
          "vendor-uplot.css",
          "vendor-uplot-LICENSE.txt");

  private final PageFiles files = new PageFiles(PageRoute.class, FILES);

  Route route() {
    return get(
        () ->
            concat(
                pathSingleSlash(() -> files.file(INDEX)),
                path("dashboard", () -> files.file(INDEX)),
                path(
                    PathMatchers.segment("dashboard").slash(PathMatchers.segment()), files::file)));
  }
}
