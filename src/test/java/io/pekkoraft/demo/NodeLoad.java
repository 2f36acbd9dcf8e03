package io.pekkoraft.demo;

import io.pekkoraft.CommandHandler;
import io.pekkoraft.StateMachine;
import java.net.http.HttpResponse;
import java.util.Optional;
import java.util.Random;

/** Clients that put and get. */
final class NodeLoad extends Load<NodeLoad.Command> {
  /**
   * @param value empty for a get
   */
  record Command(String key, String value) {}

  /** One key. */
  private static final class Register extends StateMachine<Command, String, String> {
    @Override
    public String emptyState() {
      return "";
    }

    @Override
    public CommandHandler<Command, String, String> commandHandler() {
      return (context, state, command) ->
          command.value().isEmpty()
              ? Effect().reply(state)
              : Effect().set(command.value()).thenReply("put");
    }
  }

  NodeLoad(NodeCluster cluster, long seed) {
    super(cluster, new Register(), Command::key);
    begin(seed);
  }

  @Override
  Command next(String client, int number, Random random) {
    var key = "key-" + number / OPERATIONS_PER_KEY;
    return new Command(key, random.nextBoolean() ? client + "-" + number : "");
  }

  @Override
  boolean isRead(Command command) {
    return command.value().isEmpty();
  }

  @Override
  Wanted wanted(Command command) {
    var path = "/kv/" + command.key();
    return isRead(command)
        ? new Wanted("GET", path, "", NodeLoad::got)
        : new Wanted("PUT", path, command.value(), NodeLoad::put);
  }

  private static Optional<String> got(HttpResponse<String> answer) {
    if (answer.statusCode() == 404) {
      return Optional.of("");
    }
    return Optional.of(answer.body()).filter(body -> answer.statusCode() == 200);
  }

  private static Optional<String> put(HttpResponse<String> answer) {
    return Optional.of("put").filter(done -> answer.statusCode() / 100 == 2);
  }
}
