package io.pekkoraft.bench;

import com.sun.management.OperatingSystemMXBean;
import com.typesafe.config.ConfigFactory;
import io.pekkoraft.metrics.MicrometerJournal;
import io.pekkoraft.metrics.MicrometerMetrics;
import io.pekkoraft.protocol.ClientMessage;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/**
 * What Micrometer's meters cost: the writes of {@link OneJvmBenchmark} at a group with them and at
 * one without, in turn, in one JVM; prints the median ratio of writes a second and of CPU time a
 * write. An argument {@code none} at the end compares two groups without, which tells what chance
 * does.
 *
 * <pre>
 *   mvn -q test-compile exec:java -Dexec.classpathScope=test \
 *     -Dexec.mainClass=io.pekkoraft.bench.MetersBenchmark -Dexec.args="2 9 256"
 * </pre>
 *
 * <p>Arguments: seconds of warming up and of measuring, pairs, outstanding commands.
 */
public final class MetersBenchmark {
  private MetersBenchmark() {}

  /**
   * @param rate writes a second
   * @param cpu nanoseconds of this process for a write, which others on the machine disturb less
   */
  private record Cost(double rate, double cpu) {}

  private static long cpuNanos() {
    return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
        .getProcessCpuTime();
  }

  private record Node(ActorSystem<?> system, ActorRef<ClientMessage> leader) {
    Cost writes(int outstanding, Duration each) throws Exception {
      var began = cpuNanos();
      var rate =
          OneJvmBenchmark.measure(system, leader, OneJvmBenchmark.Load.WRITES, outstanding, each)
              .commandsPerSecond();
      // It is warmed up for as long as it is measured.
      return new Cost(rate, (cpuNanos() - began) / (rate * 2 * each.toNanos() / 1e9));
    }

    void end() throws Exception {
      system.terminate();
      system.getWhenTerminated().toCompletableFuture().get(30, TimeUnit.SECONDS);
    }
  }

  public static void main(String[] args) throws Exception {
    var each = Duration.ofSeconds(args.length > 0 ? Long.parseLong(args[0]) : 2);
    var pairs = args.length > 1 ? Integer.parseInt(args[1]) : 9;
    var outstanding = args.length > 2 ? Integer.parseInt(args[2]) : 256;
    var chance = args.length > 3 && args[3].equals("none");
    var without = start("without", false);
    var with = start("with", !chance);
    try {
      var rates = new ArrayList<Double>();
      var costs = new ArrayList<Double>();
      for (var pair = 0; pair < pairs; pair++) {
        // Each goes first as often as the other.
        var withFirst = pair % 2 == 0;
        var first = (withFirst ? with : without).writes(outstanding, each);
        var second = (withFirst ? without : with).writes(outstanding, each);
        var on = withFirst ? first : second;
        var off = withFirst ? second : first;
        rates.add(on.rate() / off.rate());
        costs.add(on.cpu() / off.cpu());
        System.out.printf(
            "with %,9.0f/s %,7.0f ns   without %,9.0f/s %,7.0f ns%n",
            on.rate(), on.cpu(), off.rate(), off.cpu());
      }
      print("writes a second", rates);
      print("CPU time a write", costs);
    } finally {
      with.end();
      without.end();
    }
  }

  private static Node start(String name, boolean counts) throws Exception {
    var directory = Files.createTempDirectory(Path.of("target"), "bench");
    var system =
        ActorSystem.create(
            Behaviors.empty(),
            name,
            ConfigFactory.parseMap(
                    Map.of(
                        "pekko-raft.rocksdb.dir",
                        directory.toString(),
                        // The leader stays, however busy the machine is.
                        "pekko-raft.election-timeout.min",
                        "1s",
                        "pekko-raft.election-timeout.max",
                        "2s",
                        "pekko-raft.client.timeout",
                        "9s",
                        "pekko-raft.insight.metrics",
                        counts ? MicrometerMetrics.class.getName() : "",
                        "pekko-raft.rocksdb.metrics",
                        counts ? MicrometerJournal.class.getName() : ""))
                .withFallback(ConfigFactory.load("bench.conf")));
    return new Node(system, OneJvmBenchmark.startGroup(system));
  }

  private static void print(String what, List<Double> ratios) {
    var sorted = ratios.stream().sorted().toList();
    System.out.printf(
        "%s, with to without: median %.2f (%.2f to %.2f, %d pairs)%n",
        what,
        sorted.get(sorted.size() / 2),
        sorted.get(0),
        sorted.get(sorted.size() - 1),
        sorted.size());
  }
}
