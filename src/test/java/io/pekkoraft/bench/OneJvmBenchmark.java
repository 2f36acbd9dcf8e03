package io.pekkoraft.bench;

import com.typesafe.config.ConfigFactory;
import io.pekkoraft.CommandHandler;
import io.pekkoraft.Raft;
import io.pekkoraft.RaftClient;
import io.pekkoraft.RaftGroup;
import io.pekkoraft.RaftSettings;
import io.pekkoraft.RaftStatus;
import io.pekkoraft.ReadConsistency;
import io.pekkoraft.StateMachine;
import io.pekkoraft.client.ClientRequest;
import io.pekkoraft.model.PeerId;
import io.pekkoraft.protocol.ClientMessage;
import io.pekkoraft.protocol.ClientMessage.Propose;
import io.pekkoraft.protocol.ClientMessage.Read;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.HdrHistogram.Histogram;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.pattern.StatusReply;

/**
 * How many commands a second a group of three in one JVM commits, each of them synced to disk by
 * RocksDB before it counts, or how many reads it answers; measured from the request to the state
 * machine's reply.
 *
 * <pre>
 *   mvn -q test-compile exec:java -Dexec.classpathScope=test \
 *     -Dexec.mainClass=io.pekkoraft.bench.OneJvmBenchmark -Dexec.args="writes 5 1 16 64 256 1024"
 * </pre>
 *
 * <p>Arguments: what to ask for ({@code writes}, {@code reads}, {@code leases}, {@code sessions}),
 * seconds a row, and the numbers of outstanding commands. A row is warmed up for as long as it is
 * measured. All rows are run three times, interleaved, and of each the median run is printed, with
 * the spread.
 */
public final class OneJvmBenchmark {
  private static final byte[] COMMAND = new byte[256];
  private static final byte[] NOTHING = {};
  private static final int REPEATS = 3;

  private OneJvmBenchmark() {}

  /** What is asked for. */
  enum Load {
    WRITES(replyTo -> new Propose<>(COMMAND, replyTo)),
    READS(replyTo -> new Read<>(NOTHING, ReadConsistency.linearizable(), replyTo)),
    LEASES(replyTo -> new Read<>(NOTHING, ReadConsistency.lease(), replyTo)),
    /** The same writes by way of a {@link RaftClient}. */
    SESSIONS(replyTo -> new Propose<>(COMMAND, replyTo));

    private final ClosedLoop.Request request;

    Load(ClosedLoop.Request request) {
      this.request = request;
    }
  }

  private static final class Counting extends StateMachine<byte[], Long, Long> {
    @Override
    public Long emptyState() {
      return 0L;
    }

    @Override
    public CommandHandler<byte[], Long, Long> commandHandler() {
      return (context, count, command) ->
          command.length == 0
              ? Effect().reply(count)
              : Effect().set(count + 1).thenReply(count + 1);
    }
  }

  public static void main(String[] args) throws Exception {
    var load = args.length > 0 ? Load.valueOf(args[0].toUpperCase(Locale.ROOT)) : Load.WRITES;
    var each = Duration.ofSeconds(args.length > 1 ? Long.parseLong(args[1]) : 5);
    var rows =
        args.length > 2
            ? Arrays.stream(args).skip(2).map(Integer::valueOf).toList()
            : List.of(1, 16, 64, 256, 1024);
    var directory = Files.createTempDirectory(Path.of("target"), "bench");
    var system =
        ActorSystem.create(
            Behaviors.empty(),
            "bench",
            ConfigFactory.parseMap(Map.of("pekko-raft.rocksdb.dir", directory.toString()))
                .withFallback(ConfigFactory.load("bench.conf")));
    try {
      var leader = startGroup(system);
      var runs = new HashMap<Integer, List<Run>>();
      for (var repeat = 0; repeat < REPEATS; repeat++) {
        for (var outstanding : rows) {
          var run = measure(system, leader, load, outstanding, each);
          runs.computeIfAbsent(outstanding, key -> new ArrayList<>()).add(run);
        }
      }
      System.out.println(
          "outstanding   requests/s (min to max)            p50 us   p99 us  p99.9 us");
      rows.forEach(outstanding -> print(outstanding, runs.get(outstanding)));
    } finally {
      system.terminate();
      system.getWhenTerminated().toCompletableFuture().get(30, TimeUnit.SECONDS);
    }
  }

  record Run(double commandsPerSecond, Histogram nanos) {}

  static ActorRef<ClientMessage> startGroup(ActorSystem<?> system) throws Exception {
    var settings = RaftSettings.create(system);
    var ids = PeerId.setOf("p1", "p2", "p3");
    var peers = new HashMap<PeerId, ActorRef<ClientMessage>>();
    for (var id : ids) {
      peers.put(
          id,
          system.systemActorOf(
              Raft.create("bench", id, ids, new Counting()),
              id.value(),
              DispatcherSelector.fromConfig(settings.dispatcher())));
    }
    var group = RaftGroup.<byte[], Long>of(system, "bench", ids, settings);
    group.propose(COMMAND).toCompletableFuture().get(10, TimeUnit.SECONDS);
    RaftStatus leader =
        group.leader().toCompletableFuture().get(10, TimeUnit.SECONDS).orElseThrow();
    return peers.get(leader.id());
  }

  static Run measure(
      ActorSystem<?> system,
      ActorRef<ClientMessage> leader,
      Load load,
      int outstanding,
      Duration each)
      throws Exception {
    var control = new ClosedLoop.Control();
    system.systemActorOf(
        load == Load.SESSIONS
            ? ClosedLoop.create(askingClient(system), outstanding, control)
            : ClosedLoop.create(leader, load.request, outstanding, control),
        "load-" + outstanding + "-" + System.nanoTime(),
        Props.empty());
    TimeUnit.NANOSECONDS.sleep(each.toNanos());
    control.latencies();
    var began = System.nanoTime();
    TimeUnit.NANOSECONDS.sleep(each.toNanos());
    var nanos = control.latencies();
    var seconds = (System.nanoTime() - began) / 1e9;
    control.stop().get(30, TimeUnit.SECONDS);
    return new Run(nanos.getTotalCount() / seconds, nanos);
  }

  private static Consumer<ActorRef<StatusReply<Long>>> askingClient(ActorSystem<?> system) {
    var client =
        system.systemActorOf(
            RaftClient.<byte[], Long>create("bench", PeerId.setOf("p1", "p2", "p3")),
            "client-" + System.nanoTime(),
            Props.empty());
    return replyTo -> client.tell(new ClientRequest.Propose<>(COMMAND, replyTo));
  }

  private static void print(int outstanding, List<Run> runs) {
    runs.sort(Comparator.comparing(Run::commandsPerSecond));
    var median = runs.get(runs.size() / 2);
    System.out.printf(
        "%11d   %,10.0f (%,.0f to %,.0f)   %8d %8d %9d%n",
        outstanding,
        median.commandsPerSecond(),
        runs.get(0).commandsPerSecond(),
        runs.get(runs.size() - 1).commandsPerSecond(),
        median.nanos().getValueAtPercentile(50) / 1000,
        median.nanos().getValueAtPercentile(99) / 1000,
        median.nanos().getValueAtPercentile(99.9) / 1000);
  }
}
