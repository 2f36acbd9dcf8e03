package io.pekkoraft.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.pekkoraft.health.Health;
import io.pekkoraft.health.Report;
import io.pekkoraft.metrics.Exposition;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.StatusCodes;
import org.apache.pekko.http.javadsl.server.AllDirectives;
import org.apache.pekko.http.javadsl.server.PathMatchers;
import org.apache.pekko.http.javadsl.server.Route;

/**
 * For who watches over a node: {@code GET /health/ready} and {@code /health/alive}, 200 or 503 and
 * why, as JSON; {@code GET /metrics} for Prometheus. Neither asks another node anything.
 */
final class OperationsRoute extends AllDirectives {
  private final ActorSystem<?> system;

  OperationsRoute(ActorSystem<?> system) {
    this.system = system;
  }

  Route route() {
    var health = Health.of(system);
    return concat(
        health("ready", health::ready),
        health("alive", health::alive),
        path("metrics", () -> get(() -> complete(metrics()))));
  }

  private Route health(String what, Supplier<CompletionStage<Report>> asked) {
    return path(
        PathMatchers.segment("health").slash(what),
        () -> get(() -> completeWithFuture(asked.get().thenApply(report -> answer(what, report)))));
  }

  private static HttpResponse answer(String what, Report report) {
    var json =
        JsonNodeFactory.instance
            .objectNode()
            .put("status", report.good() ? what : "not " + what)
            .put("peers", report.peers());
    var why = json.putArray("why");
    report.why().forEach(why::add);
    return HttpResponse.create()
        .withStatus(report.good() ? StatusCodes.OK : StatusCodes.SERVICE_UNAVAILABLE)
        .withEntity(HttpEntities.create(ContentTypes.APPLICATION_JSON, json.toString()));
  }

  private HttpResponse metrics() {
    return Exposition.of(system)
        .map(
            text ->
                HttpResponse.create()
                    .withEntity(
                        HttpEntities.create(
                            ContentTypes.parse(Exposition.CONTENT_TYPE), text.getBytes(UTF_8))))
        .orElseGet(
            () ->
                Problem.of(
                        StatusCodes.NOT_FOUND,
                        "No meters are kept for Prometheus; pekko-raft.insight.metrics ="
                            + " io.pekkoraft.metrics.MicrometerMetrics does.")
                    .response());
  }
}
