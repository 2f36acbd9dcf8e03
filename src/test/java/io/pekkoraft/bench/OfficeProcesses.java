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
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Three nodes of the ticket office, each a process, one of which is killed while they sell. */
final class OfficeProcesses implements AutoCloseable {
  private static final Map<String, String> VARIANTS = Map.of("replicated", "", "plain", "/plain");
  private static final Pattern LEADS =
      Pattern.compile("(?<time>[0-9:.]+)  (?<node>\\S+) leads (?<group>Show-\\d+), term \\d+");
  private static final int SHOWS = 20;
  private static final int SEATS = 100;
  private static final Duration PATIENCE = Duration.ofSeconds(1);
  private static final long PAUSE_MILLIS = 50;
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
      System.out.print(
          "(of the 16 groups it leads " + office.led(data, victim.replace('n', 'r')) + ") ");
      office.nodes.get(victim).destroyForcibly();
      office.http.remove(victim);
      return office.untilAllSell(Set.copyOf(office.http.values()));
    }
  }

  /**
   * Sells a seat of each show and takes it back, again and again, one at a time: many connections
   * at once would cost more than what is measured. What it finds is too long by {@link #PATIENCE}
   * at most.
   *
   * @return when the last of the shows had done so, in seconds
   */
  private Map<String, Double> untilAllSell(Set<Integer> ports) throws Exception {
    var began = System.nanoTime();
    var all = new ArrayList<CompletableFuture<?>>();
    var longest = new ConcurrentHashMap<String, Double>();
    VARIANTS.forEach(
        (variant, prefix) -> {
          for (var i = 0; i < SHOWS; i++) {
            var port = List.copyOf(ports).get(i % ports.size());
            all.add(
                sellAtLast(port, prefix + "/shows/probe-" + i, 0)
                    .thenRun(() -> longest.merge(variant, since(began), Math::max)));
          }
        });
    CompletableFuture.allOf(all.toArray(CompletableFuture<?>[]::new))
        .get(LIMIT_SECONDS, TimeUnit.SECONDS);
    return new TreeMap<>(longest);
  }

  /** How many groups the peers of that name lead, by what all nodes have written. */
  private long led(Path data, String id) throws IOException {
    var leaders = new TreeMap<String, String>();
    var lines = new ArrayList<String>();
    for (var node : nodes.keySet()) {
      lines.addAll(Files.readAllLines(data.resolve(node + ".log")));
    }
    lines.stream()
        .map(LEADS::matcher)
        .filter(Matcher::matches)
        .sorted(Comparator.comparing(line -> line.group("time")))
        .forEach(line -> leaders.put(line.group("group"), line.group("node")));
    return leaders.values().stream().filter(id::equals).count();
  }

  private static double since(long began) {
    return (System.nanoTime() - began) / 1e9;
  }

  private CompletableFuture<?> sellAtLast(int port, String show, int seat) {
    var soon = CompletableFuture.delayedExecutor(PAUSE_MILLIS, TimeUnit.MILLISECONDS);
    return sell(port, show + "/seats/" + (char) ('A' + seat / 10) + (seat % 10 + 1))
        .<CompletableFuture<?>>handle(
            (sold, failure) ->
                failure == null
                    ? CompletableFuture.completedFuture(sold)
                    : CompletableFuture.runAsync(() -> {}, soon)
                        .thenCompose(again -> sellAtLast(port, show, (seat + 1) % SEATS)))
        .thenCompose(last -> last);
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
