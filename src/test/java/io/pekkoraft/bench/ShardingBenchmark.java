package io.pekkoraft.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.ToDoubleFunction;

/**
 * Many groups with many entities on three nodes, each a process: what they cost when idle, and how
 * long it takes until all groups have a leader again when one node is killed.
 *
 * <pre>
 *   mvn -q test-compile exec:exec -Dexec.classpathScope=test -Dexec.executable=java \
 *     -Dexec.args="-cp %classpath io.pekkoraft.bench.ShardingBenchmark 1000 100000 20"
 * </pre>
 *
 * <p>Arguments: how many groups, how many entities, and for how many seconds the processors are
 * watched. The peers go quiet after two seconds without work.
 */
public final class ShardingBenchmark {
  private static final int NODES = 3;

  private final List<ShardingNode.Remote> nodes = new ArrayList<>();

  private ShardingBenchmark() {}

  public static void main(String[] args) throws Exception {
    var groups = args.length > 0 ? Integer.parseInt(args[0]) : 1000;
    var entities = args.length > 1 ? Integer.parseInt(args[1]) : 100_000;
    var seconds = args.length > 2 ? Integer.parseInt(args[2]) : 20;
    var benchmark = new ShardingBenchmark();
    try {
      benchmark.run(groups, entities, seconds);
    } finally {
      benchmark.nodes.forEach(ShardingNode.Remote::kill);
    }
  }

  private void run(int groups, int entities, int seconds) throws Exception {
    var directory = Files.createTempDirectory(Files.createDirectories(Path.of("target")), "shards");
    for (var number = 1; number <= NODES; number++) {
      nodes.add(ShardingNode.start(number, NODES, directory.resolve("n" + number), groups));
    }
    TimeUnit.SECONDS.sleep(10); // What a start leaves behind is not there for long.
    var empty = onEach(ShardingNode.Remote::heapKiB);
    var began = System.nanoTime();
    nodes.forEach(ShardingNode.Remote::begin);
    awaitLeaders(groups);
    say("%d groups of three have leaders after          %8.1f s", groups, since(began));

    TimeUnit.SECONDS.sleep(10); // The groups go quiet.
    var idle = onEach(ShardingNode.Remote::heapKiB);
    for (var i = 0; i < NODES; i++) {
      say(
          "n%d: heap of a group without entities          %8.1f KiB",
          i + 1, (idle.get(i) - empty.get(i)) / groups);
    }

    began = System.nanoTime();
    var share = entities / NODES;
    for (var i = 0; i < NODES; i++) {
      nodes.get(i).fill(i * share, i == NODES - 1 ? entities : (i + 1) * share);
    }
    var again = nodes.stream().mapToInt(ShardingNode.Remote::awaitFilled).sum();
    var took = since(began);
    say(
        "%d entities are made in                     %8.1f s, %.0f/s, asked again for %d",
        entities, took, entities / took, again);

    TimeUnit.SECONDS.sleep(10); // The groups go quiet.
    var full = onEach(ShardingNode.Remote::heapKiB);
    for (var i = 0; i < NODES; i++) {
      say(
          "n%d: heap of a group with its entities          %8.1f KiB",
          i + 1, (full.get(i) - empty.get(i)) / groups);
    }
    TimeUnit.SECONDS.sleep(30); // What the compiler has left to do is not idle.
    var processor = onEach(ShardingNode.Remote::processorSeconds);
    began = System.nanoTime();
    TimeUnit.SECONDS.sleep(seconds);
    var later = onEach(ShardingNode.Remote::processorSeconds);
    took = since(began);
    for (var i = 0; i < NODES; i++) {
      say(
          "n%d: processor time, idle                       %8.2f %% of a core",
          i + 1, (later.get(i) - processor.get(i)) * 100 / took);
    }
    var orphans = nodes.get(0).led();
    began = System.nanoTime();
    nodes.remove(0).kill();
    awaitLeaders(groups);
    say("a node is killed: %d groups have another leader %8.1f s later", orphans, since(began));
  }

  private List<Double> onEach(ToDoubleFunction<ShardingNode.Remote> measure) {
    return nodes.stream().map(measure::applyAsDouble).toList();
  }

  private void awaitLeaders(int groups) throws Exception {
    var deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(3);
    var led = 0;
    while (led < groups) {
      if (System.nanoTime() - deadline > 0) {
        throw new TimeoutException("only " + led + " groups have a leader");
      }
      TimeUnit.MILLISECONDS.sleep(20);
      led = nodes.stream().mapToInt(ShardingNode.Remote::led).sum();
    }
  }

  private static double since(long began) {
    return (System.nanoTime() - began) / 1e9;
  }

  private static void say(String format, Object... values) {
    System.out.printf(format + "%n", values);
  }
}
