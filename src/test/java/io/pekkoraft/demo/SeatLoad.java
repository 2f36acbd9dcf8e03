package io.pekkoraft.demo;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.pekkoraft.CommandHandler;
import io.pekkoraft.StateMachine;
import java.net.http.HttpResponse;
import java.util.Optional;
import java.util.Random;
import java.util.function.Function;

/** Customers that buy seats, give them back, and look who has them. */
final class SeatLoad extends Load<SeatLoad.Command> {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int SEATS = 3;

  private enum Kind {
    RESERVE,
    CANCEL,
    LOOK
  }

  record Command(Kind kind, String show, String seat, String customer) {
    String key() {
      return show + "/" + seat;
    }
  }

  /** One seat; the state, and each answer, is who has it, if anybody. */
  private static final class Seat extends StateMachine<Command, String, String> {
    @Override
    public String emptyState() {
      return "";
    }

    @Override
    public CommandHandler<Command, String, String> commandHandler() {
      return (context, holder, command) -> {
        if (command.kind() == Kind.RESERVE && holder.isEmpty()) {
          return Effect().set(command.customer()).thenReply(command.customer());
        }
        if (command.kind() == Kind.CANCEL && holder.equals(command.customer())) {
          return Effect().set("").thenReply("");
        }
        return Effect().reply(holder);
      };
    }
  }

  SeatLoad(NodeCluster cluster, long seed) {
    super(cluster, new Seat(), Command::key);
    begin(seed);
  }

  @Override
  Command next(String client, int number, Random random) {
    var kind = Kind.values()[random.nextInt(3)];
    var show = "show-" + number / (SEATS * OPERATIONS_PER_KEY);
    return new Command(kind, show, "A" + (1 + random.nextInt(SEATS)), client);
  }

  @Override
  boolean isRead(Command command) {
    return command.kind() == Kind.LOOK;
  }

  @Override
  Wanted wanted(Command command) {
    if (isRead(command)) {
      return new Wanted(
          "GET",
          "/shows/" + command.show(),
          "",
          answered(json -> json.at("/taken/" + command.seat())));
    }
    return new Wanted(
        command.kind() == Kind.RESERVE ? "POST" : "DELETE",
        "/shows/" + command.show() + "/seats/" + command.seat() + "?customer=" + command.customer(),
        "",
        answered(json -> json.path("customer")));
  }

  private static Function<HttpResponse<String>, Optional<String>> answered(
      Function<JsonNode, JsonNode> holder) {
    return answer ->
        answer.statusCode() == 200 || answer.statusCode() == 409
            ? Optional.of(holder.apply(json(answer)).asText(""))
            : Optional.empty();
  }

  private static JsonNode json(HttpResponse<String> answer) {
    try {
      return JSON.readTree(answer.body());
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(answer.body(), e);
    }
  }
}
