package io.pekkoraft.demo;

import io.pekkoraft.CommandHandler;
import io.pekkoraft.StateMachine;
import io.pekkoraft.testkit.linearizability.History;
import io.pekkoraft.testkit.linearizability.Linearizability;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Clients that put and get at any node while it goes wrong, and what they saw. A put that was not
 * acknowledged may have taken effect or not.
 */
final class NodeLoad {
  private static final int CLIENTS = 4;
  private static final int OPERATIONS_PER_KEY = 60;

  private final NodeCluster cluster;
  private final History<Command, String> history = new History<>();
  private final List<Thread> clients = new ArrayList<>();
  private final AtomicInteger operations = new AtomicInteger();
  private final AtomicInteger acknowledged = new AtomicInteger();
  private volatile boolean enough;

  /**
   * @param value empty for a get
   */
  private record Command(String key, String value) {}

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
    this.cluster = cluster;
    for (var i = 0; i < CLIENTS; i++) {
      var name = "client-" + i;
      var random = new Random(seed + i);
      var client = new Thread(() -> run(name, random), name);
      client.setDaemon(true);
      clients.add(client);
      client.start();
    }
  }

  private void run(String name, Random random) {
    while (!enough) {
      var number = operations.incrementAndGet();
      var key = "key-" + number / OPERATIONS_PER_KEY;
      var nodes = cluster.ids();
      var node = nodes.get(random.nextInt(nodes.size()));
      var command = new Command(key, random.nextBoolean() ? name + "-" + number : "");
      try {
        one(name, node, command);
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  private void one(String name, String node, Command command) throws InterruptedException {
    var path = "/kv/" + command.key();
    var isGet = command.value().isEmpty();
    var call = isGet ? history.read(name, command) : history.called(name, command);
    try {
      var answer =
          cluster.send(node, isGet ? "GET" : "PUT", path, command.value(), Duration.ofSeconds(2));
      if (answer.statusCode() / 100 == 2) {
        call.returned(isGet ? answer.body() : "put");
        acknowledged.incrementAndGet();
      } else if (isGet && answer.statusCode() == 404) {
        call.returned("");
      } else {
        call.unknown();
        NodeCluster.pause();
      }
    } catch (IOException e) {
      call.unknown();
      NodeCluster.pause();
    }
  }

  int acknowledged() {
    return acknowledged.get();
  }

  /** Ends the clients, and judges what they saw. */
  void requireLinearizable() throws InterruptedException {
    enough = true;
    for (var client : clients) {
      client.join(TimeUnit.SECONDS.toMillis(10));
    }
    Linearizability.of(new Register()).perKey(Command::key).requireLinearizable(history);
  }
}
