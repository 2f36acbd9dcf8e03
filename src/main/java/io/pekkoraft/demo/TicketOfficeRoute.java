package io.pekkoraft.demo;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pekkoraft.demo.TicketOffice.Answer;
import io.pekkoraft.demo.TicketOffice.Cancel;
import io.pekkoraft.demo.TicketOffice.Command;
import io.pekkoraft.demo.TicketOffice.Free;
import io.pekkoraft.demo.TicketOffice.Reserve;
import io.pekkoraft.demo.TicketOffice.Reserved;
import io.pekkoraft.demo.TicketOffice.Show;
import io.pekkoraft.demo.TicketOffice.Taken;
import io.pekkoraft.demo.TicketOffice.View;
import io.pekkoraft.http.Problem;
import io.pekkoraft.http.ProblemException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.http.javadsl.marshalling.sse.EventStreamMarshalling;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.StatusCode;
import org.apache.pekko.http.javadsl.model.StatusCodes;
import org.apache.pekko.http.javadsl.model.sse.ServerSentEvent;
import org.apache.pekko.http.javadsl.server.AllDirectives;
import org.apache.pekko.http.javadsl.server.PathMatchers;
import org.apache.pekko.http.javadsl.server.Route;
import org.apache.pekko.japi.Pair;
import org.apache.pekko.stream.javadsl.Source;

/**
 * {@code /shows/{show}}: who has which seat, once or live as {@code /events}; {@code
 * /seats/{seat}?customer=}: POST and DELETE.
 */
final class TicketOfficeRoute extends AllDirectives {
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final Duration LOOK_AGAIN = Duration.ofMillis(250);
  private static final Duration LOOK_PATIENCE = Duration.ofSeconds(1);
  private static final int MAX_NAME = 64;
  private static final ServerSentEvent NOTHING = ServerSentEvent.heartbeat();
  private static final ServerSentEvent SILENT = ServerSentEvent.create("{}", "silent");

  private final Shows shows;

  private TicketOfficeRoute(Shows shows) {
    this.shows = shows;
  }

  static Route of(Shows shows) {
    return new TicketOfficeRoute(shows).route();
  }

  private Route route() {
    var show = PathMatchers.segment("shows").slash().concat(PathMatchers.segment());
    var seat = show.slash("seats").slash().concat(PathMatchers.segment());
    return concat(
        path(show, name -> get(() -> completeWithFuture(view(name)))),
        path(show.slash("events"), name -> get(() -> events(name))),
        path(
            seat,
            (name, number) ->
                parameterOptional(
                    "customer",
                    customer -> onSeat(name, number, legal("customer", customer.orElse(""))))));
  }

  private Route onSeat(String show, String seat, String customer) {
    if (!TicketOffice.isSeat(seat)) {
      return complete(
          Problem.of(StatusCodes.NOT_FOUND, "There is no seat " + seat + ", only A1 to J10.")
              .response());
    }
    return concat(
        post(() -> completeWithFuture(ask(show, to -> new Reserve(seat, customer, to)))),
        delete(() -> completeWithFuture(ask(show, to -> new Cancel(seat, customer, to)))));
  }

  private CompletionStage<HttpResponse> ask(
      String show, Function<ActorRef<Answer>, Command> command) {
    return shows
        .ask(legal("show", show), command, PATIENCE)
        .handle(TicketOfficeRoute::orProblem)
        .thenApply(TicketOfficeRoute::response);
  }

  private CompletionStage<HttpResponse> view(String name) {
    return shows
        .ask(legal("show", name), View::new, PATIENCE)
        .handle(TicketOfficeRoute::orProblem)
        .thenApply(show -> json(StatusCodes.OK, json(name, show)));
  }

  /** A change when there is one; {@code silent} when the show gives no answer. */
  private Route events(String name) {
    var show = legal("show", name);
    var changes =
        Source.tick(Duration.ZERO, LOOK_AGAIN, show)
            .mapMaterializedValue(ticking -> NotUsed.getInstance())
            .mapAsync(1, this::look)
            .statefulMap(
                () -> NOTHING,
                (before, now) -> Pair.create(now, now.equals(before) ? NOTHING : now),
                last -> Optional.empty())
            .filter(news -> !news.equals(NOTHING))
            .keepAlive(Duration.ofSeconds(10), ServerSentEvent::heartbeat);
    return complete(StatusCodes.OK, changes, EventStreamMarshalling.toEventStream());
  }

  private CompletionStage<ServerSentEvent> look(String show) {
    return shows
        .ask(show, View::new, LOOK_PATIENCE)
        .thenApply(seen -> ServerSentEvent.create(json(show, seen).toString()))
        .exceptionally(noAnswer -> SILENT);
  }

  private static String legal(String what, String name) {
    if (name.isBlank() || name.length() > MAX_NAME) {
      throw new ProblemException(
          Problem.of(
              StatusCodes.BAD_REQUEST,
              "The name of the " + what + " has 1 to " + MAX_NAME + " characters."));
    }
    return name;
  }

  private static <T> T orProblem(T answer, Throwable failure) {
    if (failure == null) {
      return answer;
    }
    var cause = failure instanceof CompletionException ? failure.getCause() : failure;
    if (cause instanceof TimeoutException) {
      throw new ProblemException(
          Problem.of(
              StatusCodes.GATEWAY_TIMEOUT,
              "No answer in time; the seat may have been sold. To ask again does no harm."));
    }
    throw failure instanceof RuntimeException known ? known : new CompletionException(failure);
  }

  private static HttpResponse response(Answer answer) {
    if (answer instanceof Reserved reserved) {
      return json(StatusCodes.OK, seat(reserved.seat(), reserved.customer()));
    }
    if (answer instanceof Taken taken) {
      return json(StatusCodes.CONFLICT, seat(taken.seat(), taken.customer()));
    }
    return json(
        StatusCodes.OK, JsonNodeFactory.instance.objectNode().put("seat", ((Free) answer).seat()));
  }

  private static ObjectNode seat(String seat, String customer) {
    return JsonNodeFactory.instance.objectNode().put("seat", seat).put("customer", customer);
  }

  private static ObjectNode json(String name, Show show) {
    var json = JsonNodeFactory.instance.objectNode().put("show", name);
    var taken = json.putObject("taken");
    new TreeMap<>(show.taken()).forEach(taken::put);
    return json;
  }

  private static HttpResponse json(StatusCode status, ObjectNode json) {
    return HttpResponse.create()
        .withStatus(status)
        .withEntity(
            HttpEntities.create(
                ContentTypes.APPLICATION_JSON, json.toString().getBytes(StandardCharsets.UTF_8)));
  }
}
