package io.pekkoraft.demo;

import io.pekkoraft.StateMachine;
import io.pekkoraft.testkit.linearizability.History;
import io.pekkoraft.testkit.linearizability.Linearizability;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/**
 * Clients that ask any node while it goes wrong, and what they saw. What was not acknowledged may
 * have taken effect or not.
 *
 * @param <C> what they ask
 */
abstract class Load<C> {
  static final int OPERATIONS_PER_KEY = 60;
  private static final int CLIENTS = 4;
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private final NodeCluster cluster;
  private final StateMachine<C, String, ?> model;
  private final Function<C, String> key;
  private final History<C, String> history = new History<>();
  private final List<Thread> clients = new ArrayList<>();
  private final AtomicInteger operations = new AtomicInteger();
  private final AtomicInteger acknowledged = new AtomicInteger();
  private volatile boolean enough;

  /**
   * @param model of what has one key
   */
  Load(NodeCluster cluster, StateMachine<C, String, ?> model, Function<C, String> key) {
    this.cluster = cluster;
    this.model = model;
    this.key = key;
  }

  /** A request, and what its answer says; empty when nobody can tell from it what happened. */
  record Wanted(
      String method,
      String path,
      String body,
      Function<HttpResponse<String>, Optional<String>> result) {}

  /** The next of all, by one of the clients. */
  abstract C next(String client, int number, Random random);

  abstract boolean isRead(C command);

  abstract Wanted wanted(C command);

  final void begin(long seed) {
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
      var nodes = cluster.ids();
      var node = nodes.get(random.nextInt(nodes.size()));
      try {
        one(name, node, next(name, operations.incrementAndGet(), random));
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  private void one(String name, String node, C command) throws InterruptedException {
    var call = isRead(command) ? history.read(name, command) : history.called(name, command);
    var wanted = wanted(command);
    try {
      var answer = cluster.send(node, wanted.method(), wanted.path(), wanted.body(), PATIENCE);
      var result = wanted.result().apply(answer);
      if (result.isPresent()) {
        call.returned(result.get());
        acknowledged.incrementAndGet();
        return;
      }
    } catch (IOException e) {
      // Nobody knows.
    }
    call.unknown();
    NodeCluster.pause();
  }

  final int acknowledged() {
    return acknowledged.get();
  }

  /** Ends the clients, and judges what they saw. */
  final void requireLinearizable() throws InterruptedException {
    enough = true;
    for (var client : clients) {
      client.join(TimeUnit.SECONDS.toMillis(10));
    }
    Linearizability.of(model).perKey(key).requireLinearizable(history);
  }
}
