package io.pekkoraft.bench;

import com.typesafe.config.ConfigFactory;
import io.pekkoraft.Raft;
import io.pekkoraft.RaftGroup;
import io.pekkoraft.RaftSettings;
import io.pekkoraft.model.PeerId;
import io.pekkoraft.protocol.ClientMessage;
import io.pekkoraft.protocol.ClientMessage.Propose;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/**
 * What taking a large snapshot costs the writes that go on meanwhile: three peers in one JVM and on
 * one disk, whose leader takes one under load.
 *
 * <pre>
 *   mvn -q test-compile exec:java -Dexec.classpathScope=test \
 *     -Dexec.mainClass=io.pekkoraft.bench.SnapshotBenchmark -Dexec.args="1024 16"
 * </pre>
 *
 * <p>Arguments: the size of the state in MiB, and how many writes are outstanding. Without and with
 * are measured in turns, five times each.
 */
public final class SnapshotBenchmark {
  private static final byte[] COMMAND = new byte[256];
  private static final int REPEATS = 5;
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private SnapshotBenchmark() {}

  private record Row(double seconds, Histogram nanos) {
    double p99() {
      return nanos.getValueAtPercentile(99) / 1e6;
    }

    @Override
    public String toString() {
      return String.format(
          "%5.1f s  %,8.0f writes/s   p50 %.2f ms   p99 %.2f ms   slowest %.1f ms",
          seconds,
          nanos.getTotalCount() / seconds,
          nanos.getValueAtPercentile(50) / 1e6,
          p99(),
          nanos.getMaxValue() / 1e6);
    }
  }

  public static void main(String[] arguments) throws Exception {
    var size = arguments.length > 0 ? Long.parseLong(arguments[0]) << 20 : 1L << 30;
    var outstanding = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 16;
    var directory = Files.createTempDirectory(Path.of("target"), "bench");
    var system =
        ActorSystem.create(
            Behaviors.empty(),
            "bench",
            ConfigFactory.parseMap(
                    Map.of(
                        "pekko-raft.rocksdb.dir",
                        directory.toString(),
                        // Only the snapshots that are measured.
                        "pekko-raft.snapshots.max-entries",
                        Long.MAX_VALUE,
                        "pekko-raft.snapshots.max-size",
                        "1 GiB",
                        "pekko-raft.snapshots.max-log-size",
                        "4 GiB"))
                .withFallback(ConfigFactory.load("bench.conf")));
    try {
      var prepared = FileState.prepare(directory.resolve("prepared.bin"), size);
      measure(system, new FileState(prepared, directory), outstanding);
    } finally {
      system.terminate();
      system.getWhenTerminated().toCompletableFuture().get(30, TimeUnit.SECONDS);
    }
  }

  private static void measure(ActorSystem<?> system, FileState machine, int outstanding)
      throws Exception {
    var settings = RaftSettings.create(system);
    var ids = PeerId.setOf("p1", "p2", "p3");
    var peers = new HashMap<PeerId, ActorRef<ClientMessage>>();
    for (var id : ids) {
      var peer = Raft.create("bench", id, ids, machine);
      peers.put(
          id,
          system.systemActorOf(
              peer, id.value(), DispatcherSelector.fromConfig(settings.dispatcher())));
    }
    var group = RaftGroup.<byte[], Long>of(system, "bench", ids, settings);
    group.propose(FileState.FILL).toCompletableFuture().get(10, TimeUnit.SECONDS);
    var leader = group.leader().toCompletableFuture().get(10, TimeUnit.SECONDS).orElseThrow().id();
    var control = new ClosedLoop.Control();
    system.systemActorOf(
        ClosedLoop.create(
            peers.get(leader), replyTo -> new Propose<>(COMMAND, replyTo), outstanding, control),
        "load",
        Props.empty());
    TimeUnit.SECONDS.sleep(5);
    var ratios = new ArrayList<Double>();
    for (var repeat = 0; repeat < REPEATS; repeat++) {
      var without = row(control, () -> TimeUnit.SECONDS.sleep(5));
      var with =
          row(
              control,
              () ->
                  group
                      .takeSnapshot(leader, PATIENCE)
                      .toCompletableFuture()
                      .get(PATIENCE.toSeconds(), TimeUnit.SECONDS));
      System.out.println("without " + without);
      System.out.println("with    " + with);
      ratios.add(with.p99() / without.p99());
    }
    control.stop().get(30, TimeUnit.SECONDS);
    ratios.sort(null);
    System.out.printf(
        "p99 with by p99 without: %.2f (%.2f to %.2f)%n",
        ratios.get(REPEATS / 2), ratios.get(0), ratios.get(REPEATS - 1));
  }

  /** Something that takes its time. */
  private interface Step {
    void run() throws Exception;
  }

  private static Row row(ClosedLoop.Control control, Step step) throws Exception {
    control.latencies();
    var began = System.nanoTime();
    step.run();
    return new Row((System.nanoTime() - began) / 1e9, control.latencies());
  }
}
