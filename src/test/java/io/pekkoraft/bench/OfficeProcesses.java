package io.pekkoraft.bench;

import io.pekkoraft.cli.Main;
import io.pekkoraft.demo.TicketDatabase;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Three nodes of the ticket office, each a process, one of which is killed while they sell. */
final class OfficeProcesses implements AutoCloseable {
  private static final Map<String, String> VARIANTS = Map.of("replicated", "", "plain", "/plain");
  private static final int SHOWS = 20;
  private static final int SEATS = 100;
  private static final Duration PATIENCE = Duration.ofSeconds(1);
  private static final long OFTEN_MILLIS = 50;
  private static final long RARELY_MILLIS = 200;
  private static final long LONG_MILLIS = 5000;
  private static final int LIMIT_SECONDS = 180;

  private final HttpClient client = HttpClient.newBuilder().connectTimeout(PATIENCE).build();
  private final Map<String, Integer> http = new LinkedHashMap<>();
  private final Map<String, Process> nodes = new LinkedHashMap<>();
  private final TicketDatabase database;

  private OfficeProcesses(Path data, List<String> options) throws Exception {
    database = TicketDatabase.serve(data.resolve("database"), 0);
    var ports = freePorts(6);
    var cluster =
        IntStream.rangeClosed(1, 3)
            .mapToObj(i -> "n" + i + "=127.0.0.1:" + ports.get(i - 1))
            .collect(Collectors.joining(","));
    for (var i = 1; i <= 3; i++) {
      var id = "n" + i;
      http.put(id, ports.get(i + 2));
      var command = new ArrayList<>(List.of("java", "-Xmx512m", "-XX:+UseSerialGC"));
      command.addAll(options);
      var classes =
          List.of(System.getProperty("java.class.path").split(java.io.File.pathSeparator)).stream()
              .filter(each -> !each.endsWith("test-classes"))
              .collect(Collectors.joining(java.io.File.pathSeparator));
      command.addAll(List.of("-cp", classes, Main.class.getName(), "node", "--sharding"));
      command.addAll(List.of("--plain", database.url(), "--id", id, "--cluster", cluster));
      command.addAll(List.of("--http", "127.0.0.1:" + http.get(id)));
      command.addAll(List.of("--data", data.resolve(id).toString()));
      nodes.put(
          id,
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(data.resolve(id + ".log").toFile())
              .start());
    }
  }

  private static List<Integer> freePorts(int count) throws IOException {
    var sockets = new ArrayList<ServerSocket>();
    for (var i = 0; i < count; i++) {
      sockets.add(new ServerSocket(0));
    }
    var ports = sockets.stream().map(ServerSocket::getLocalPort).toList();
    for (var socket : sockets) {
      socket.close();
    }
    return ports;
  }

  /**
   * Kills a node of a new office.
   *
   * @return the outages in seconds, by variant
   */
  static Map<String, Double> kill(Path data, String victim, List<String> options) throws Exception {
    try (var office = new OfficeProcesses(data, options)) {
      var all = Set.copyOf(office.http.values());
      office.untilAllSell(all); // Now they are placed,
      TimeUnit.SECONDS.sleep(3); // and the nodes have warmed up.
      office.untilAllSell(all);
      office.nodes.get(victim).destroyForcibly();
      office.http.remove(victim);
      return office.untilAllSell(Set.copyOf(office.http.values()));
    }
  }

  /** Sells a seat of each show and takes it back, again and again, as the demo's probe does. */
  private Map<String, Double> untilAllSell(Set<Integer> ports) throws Exception {
    var began = System.nanoTime();
    var waiting = ConcurrentHashMap.<String>newKeySet();
    var longest = new ConcurrentHashMap<String, Double>();
    VARIANTS.forEach(
        (variant, prefix) ->
            IntStream.range(0, SHOWS).forEach(i -> waiting.add(prefix + "/shows/probe-" + i)));
    for (var seat = 0; !waiting.isEmpty(); seat = (seat + 1) % SEATS) {
      for (var show : waiting) {
        var port = List.copyOf(ports).get(Math.floorMod(show.hashCode(), ports.size()));
        sell(port, show + "/seats/" + (char) ('A' + seat / 10) + (seat % 10 + 1))
            .thenRun(
                () -> {
                  if (waiting.remove(show)) {
                    var variant = show.startsWith("/plain") ? "plain" : "replicated";
                    longest.merge(variant, (System.nanoTime() - began) / 1e9, Math::max);
                  }
                });
      }
      var millis = (System.nanoTime() - began) / 1_000_000;
      if (millis > LIMIT_SECONDS * 1000L) {
        throw new TimeoutException("still out: " + waiting);
      }
      TimeUnit.MILLISECONDS.sleep(millis < LONG_MILLIS ? OFTEN_MILLIS : RARELY_MILLIS);
    }
    return new TreeMap<>(longest);
  }

  private CompletableFuture<?> sell(int port, String seat) {
    return send(port, "POST", seat).thenCompose(sold -> send(port, "DELETE", seat));
  }

  private CompletableFuture<?> send(int port, String method, String seat) {
    var request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + seat + "?customer=prober"))
            .timeout(PATIENCE)
            .method(method, BodyPublishers.noBody())
            .build();
    return client
        .sendAsync(request, BodyHandlers.discarding())
        .thenAccept(
            answer -> {
              if (answer.statusCode() != 200) {
                throw new IllegalStateException(method + " " + seat + ": " + answer.statusCode());
              }
            });
  }

  @Override
  public void close() {
    nodes.values().forEach(Process::destroyForcibly);
    nodes.values().forEach(node -> node.onExit().join());
    database.close();
  }
}
