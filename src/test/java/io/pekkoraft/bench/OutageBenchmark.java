package io.pekkoraft.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.typesafe.config.ConfigFactory;
import io.pekkoraft.demo.TicketOfficeDemo;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * For how long shows of the ticket office take no writes when a node is killed: replicated, and as
 * plain sharded entities over a database. Each round is a new office, and kills n1, n2 or n3 in
 * turn; the first of them has the coordinator of the plain shards.
 *
 * <pre>
 *   mvn -q test-compile exec:exec -Dexec.classpathScope=test -Dexec.executable=java \
 *     -Dexec.args="-cp %classpath io.pekkoraft.bench.OutageBenchmark processes 6"
 * </pre>
 *
 * <p>Arguments: {@code processes}, where a node is a process that is killed with {@code kill -9},
 * or {@code jvm}, as {@code demo --sharding} has them; how many rounds; and {@code stable-after} of
 * Pekko's split brain resolver, 20s by default.
 */
public final class OutageBenchmark {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int LIMIT_SECONDS = 180;

  private final HttpClient client = HttpClient.newHttpClient();

  private OutageBenchmark() {}

  public static void main(String[] args) throws Exception {
    var processes = args.length == 0 || args[0].equals("processes");
    var rounds = args.length > 1 ? Integer.parseInt(args[1]) : 6;
    var stableAfter = args.length > 2 ? args[2] : "20s";
    var setting = "pekko.cluster.split-brain-resolver.stable-after";
    System.setProperty(setting, stableAfter);
    ConfigFactory.invalidateCaches();
    var benchmark = new OutageBenchmark();
    var all = new TreeMap<String, List<Double>>();
    for (var round = 0; round < rounds; round++) {
      var victim = "n" + (round % 3 + 1);
      var data = Files.createTempDirectory(Files.createDirectories(Path.of("target")), "outage");
      var outages =
          processes
              ? OfficeProcesses.kill(data, victim, List.of("-D" + setting + "=" + stableAfter))
              : benchmark.kill(data, victim);
      say("%s is killed: %s", victim, outages);
      outages.forEach(
          (variant, seconds) -> {
            var who = variant.equals("replicated") ? "" : victim.equals("n1") ? ", n1" : ", others";
            all.computeIfAbsent(variant + who, none -> new ArrayList<>()).add(seconds);
          });
    }
    say("%s, stable-after = %s", processes ? "kill -9" : "one JVM", stableAfter);
    all.forEach(OutageBenchmark::sum);
    System.exit(0);
  }

  private static void sum(String what, List<Double> seconds) {
    seconds.sort(null);
    var middle = seconds.size() / 2;
    var median =
        seconds.size() % 2 == 1
            ? seconds.get(middle)
            : (seconds.get(middle - 1) + seconds.get(middle)) / 2;
    say(
        "%-14s median %6.2f s (%.2f to %.2f), %d times",
        what, median, seconds.get(0), seconds.get(seconds.size() - 1), seconds.size());
  }

  private Map<String, Double> kill(Path data, String victim) throws Exception {
    var own = Map.of("pekko-raft.demo.port", 0, "pekko-raft.rocksdb.dir", data.toString());
    var demo =
        TicketOfficeDemo.start(ConfigFactory.parseMap(own).withFallback(ConfigFactory.load()));
    var url = "http://127.0.0.1:" + demo.port() + "/demo/";
    var said =
        send(HttpRequest.newBuilder(URI.create(url + "nodes/" + victim + "/kill")).POST(none()));
    System.out.print("(of the 16 groups it led " + said.path("led").asInt() + ") ");
    var deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
    for (; ; ) {
      var newest = send(HttpRequest.newBuilder(URI.create(url + "outages"))).at("/outages/0");
      if (isOver(newest, "replicated") && isOver(newest, "plain")) {
        demo.stop().toCompletableFuture().get(LIMIT_SECONDS, TimeUnit.SECONDS);
        return Map.of(
            "replicated", seconds(newest, "replicated"), "plain", seconds(newest, "plain"));
      }
      if (System.nanoTime() - deadline > 0) {
        throw new TimeoutException(newest.toString());
      }
      TimeUnit.MILLISECONDS.sleep(200);
    }
  }

  private static HttpRequest.BodyPublisher none() {
    return BodyPublishers.noBody();
  }

  private static boolean isOver(JsonNode newest, String variant) {
    return newest.path(variant).path("state").asText().equals("over");
  }

  private static double seconds(JsonNode newest, String variant) {
    return newest.path(variant).path("seconds").doubleValue();
  }

  private JsonNode send(HttpRequest.Builder request) throws Exception {
    return JSON.readTree(client.send(request.build(), BodyHandlers.ofByteArray()).body());
  }

  private static void say(String format, Object... values) {
    System.out.printf(format + "%n", values);
  }
}
