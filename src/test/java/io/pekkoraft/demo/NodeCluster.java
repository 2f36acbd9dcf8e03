package io.pekkoraft.demo;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Nodes, each in a process of its own, on the loopback interface. */
final class NodeCluster implements AutoCloseable {
  private static final Pattern LEADER = Pattern.compile("\"leader\"\\s*:\\s*\"([^\"]+)\"");

  private final Path data;
  private final List<String> options;
  private final HttpClient client =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(1)).build();
  private final Map<String, Integer> raft = new TreeMap<>();
  private final Map<String, Integer> http = new TreeMap<>();
  private final Map<String, DemoProcess> running = new ConcurrentHashMap<>();
  private final AtomicLong probes = new AtomicLong();
  private Optional<Links> links = Optional.empty();

  NodeCluster(Path data, String... options) {
    this.data = data;
    this.options = List.of(options);
    List.of("n1", "n2", "n3").forEach(this::add);
  }

  /** Of three nodes whose links can be cut. */
  static NodeCluster withLinks(Path data) {
    var cluster = new NodeCluster(data);
    cluster.links = Optional.of(new Links(cluster.raft));
    return cluster;
  }

  Links links() {
    return links.orElseThrow();
  }

  /** A node that has its ports, and does not run. */
  void add(String id) {
    var ports = freePorts();
    raft.put(id, ports.get(0));
    http.put(id, ports.get(1));
  }

  private static List<Integer> freePorts() {
    try (var one = new ServerSocket(0);
        var other = new ServerSocket(0)) {
      return List.of(one.getLocalPort(), other.getLocalPort());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void start(String id, String... more) {
    var cluster =
        raft.entrySet().stream()
            .map(node -> node.getKey() + "=127.0.0.1:" + node.getValue())
            .collect(Collectors.joining(","));
    var arguments =
        new ArrayList<>(
            List.of(
                "--id",
                id,
                "--cluster",
                cluster,
                "--http",
                "127.0.0.1:" + http.get(id),
                "--data",
                directory(id).toString()));
    arguments.addAll(List.of(more));
    var all = new ArrayList<>(options);
    links.ifPresent(relays -> all.addAll(relays.options(id)));
    running.put(id, DemoProcess.ofNode(all, arguments));
  }

  int freeHttp() {
    return freePorts().get(1);
  }

  /** What a node says that can't start. */
  String failure(String id, Path directory, int port, String... more) {
    var arguments =
        new ArrayList<>(
            List.of(
                "--id",
                id,
                "--cluster",
                id + "=127.0.0.1:" + raft.get(id),
                "--http",
                "127.0.0.1:" + port,
                "--data",
                directory.toString()));
    arguments.addAll(List.of(more));
    try (var node = DemoProcess.ofNode(options, arguments)) {
      if (node.exitCode() == 0) {
        throw new AssertionError("It ended without an error: " + node.lines());
      }
      return String.join("\n", node.lines());
    }
  }

  /** Waits until it says that it listens. */
  void awaitStarted(String id) {
    running.get(id).awaitLine(Pattern.compile("/(kv/\\{key}|shows/\\{show})"));
  }

  void startAll(String... more) {
    http.keySet().forEach(id -> start(id, more));
    http.keySet().forEach(this::awaitStarted);
  }

  void kill(String id) {
    running.remove(id).killHard();
  }

  /** Ends one in order. */
  void stop(String id) {
    var ending = running.remove(id);
    ending.terminate();
    ending.exitCode();
  }

  /** Waits for a line in which {@code pattern} is found. */
  void awaitLine(String id, String pattern) {
    running.get(id).awaitLine(Pattern.compile(pattern));
  }

  /** Waits until one has ended by itself. */
  int exitCode(String id) {
    return running.remove(id).exitCode();
  }

  void signal(String id, String signal) {
    running.get(id).signal(signal);
  }

  List<String> ids() {
    return List.copyOf(http.keySet());
  }

  List<String> without(String one) {
    return ids().stream().filter(id -> !id.equals(one)).toList();
  }

  /** Its disk is gone. */
  void loseDisk(String id) {
    try (var all = Files.walk(directory(id))) {
      all.sorted((a, b) -> b.compareTo(a)).forEach(path -> path.toFile().delete());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Path directory(String id) {
    return data.resolve(id);
  }

  HttpResponse<String> send(String id, String method, String path, String body, Duration patience)
      throws IOException, InterruptedException {
    var publisher = body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body);
    return client.send(
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + http.get(id) + path))
            .timeout(patience)
            .method(method, publisher)
            .build(),
        BodyHandlers.ofString());
  }

  /** Who leads, as one of them says; waits until one does. */
  String leader(String asked) throws InterruptedException {
    var deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (System.nanoTime() - deadline < 0) {
      var leader = leaderAccordingTo(asked);
      if (leader.isPresent()) {
        return leader.get();
      }
      pause();
    }
    throw new AssertionError("Nobody leads, says " + asked);
  }

  private Optional<String> leaderAccordingTo(String asked) throws InterruptedException {
    try {
      var status = send(asked, "GET", "/raft/status", "", Duration.ofSeconds(2));
      return Optional.of(LEADER.matcher(status.body())).filter(Matcher::find).map(m -> m.group(1));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** How long until one of these nodes has written what was sent to it after now. */
  Duration timeToWrite(List<String> nodes) throws InterruptedException {
    var began = System.nanoTime();
    var done = new CountDownLatch(1);
    var took = new AtomicLong();
    for (var node : nodes) {
      var prober =
          new Thread(
              () -> {
                while (done.getCount() > 0) {
                  if (isWritten(node)) {
                    took.compareAndSet(0, System.nanoTime() - began);
                    done.countDown();
                  }
                }
              },
              "prober-" + node);
      prober.setDaemon(true);
      prober.start();
    }
    if (!done.await(30, TimeUnit.SECONDS)) {
      throw new AssertionError("No write within 30 s; " + logs());
    }
    return Duration.ofNanos(took.get());
  }

  private boolean isWritten(String node) {
    try {
      var path = "/kv/probe-" + probes.incrementAndGet();
      return send(node, "PUT", path, "x", Duration.ofSeconds(1)).statusCode() == 201;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      return true;
    }
  }

  String logs() {
    return running.entrySet().stream()
        .map(
            node -> {
              var lines = node.getValue().lines();
              return node.getKey() + lines.subList(Math.max(0, lines.size() - 20), lines.size());
            })
        .collect(Collectors.joining("\n"));
  }

  static void pause() throws InterruptedException {
    new CountDownLatch(1).await(20, TimeUnit.MILLISECONDS);
  }

  @Override
  public void close() {
    running.values().forEach(DemoProcess::close);
    links.ifPresent(Links::close);
  }
}
