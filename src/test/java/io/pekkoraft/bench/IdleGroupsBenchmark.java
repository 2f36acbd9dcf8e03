package io.pekkoraft.bench;

import com.sun.management.OperatingSystemMXBean;
import com.typesafe.config.ConfigFactory;
import io.pekkoraft.CommandHandler;
import io.pekkoraft.Raft;
import io.pekkoraft.RaftEvent;
import io.pekkoraft.RaftSettings;
import io.pekkoraft.RaftStatus;
import io.pekkoraft.StateMachine;
import io.pekkoraft.model.PeerId;
import io.pekkoraft.protocol.ClientMessage;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import org.apache.pekko.actor.PoisonPill;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.actor.typed.eventstream.EventStream;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/**
 * What groups cost that have nothing to do: many groups of three in one JVM, with one journal.
 * Prints how long it takes until all have a leader, the heap and the processor time that they take
 * when idle, and how long it takes until all have a leader again when a third of the peers end at
 * once.
 *
 * <pre>
 *   mvn -q test-compile exec:java -Dexec.classpathScope=test \
 *     -Dexec.mainClass=io.pekkoraft.bench.IdleGroupsBenchmark -Dexec.args="1000 2s 20"
 * </pre>
 *
 * <p>Arguments: how many groups, {@code pekko-raft.quiet.after} ({@code off} for heartbeats all the
 * time), and for how many seconds the processor is watched.
 */
public final class IdleGroupsBenchmark {
  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final PeerId VICTIM = PeerId.of("p1");
  private static final Set<PeerId> PEERS = PeerId.setOf("p1", "p2", "p3");

  private final ConcurrentMap<String, PeerId> leaders = new ConcurrentHashMap<>();
  private final List<ActorRef<ClientMessage>> victims = new ArrayList<>();

  private IdleGroupsBenchmark() {}

  private static final class Empty extends StateMachine<byte[], Long, Long> {
    @Override
    public Long emptyState() {
      return 0L;
    }

    @Override
    public CommandHandler<byte[], Long, Long> commandHandler() {
      return (context, count, command) -> Effect().set(count + 1).thenReply(count + 1);
    }
  }

  public static void main(String[] args) throws Exception {
    var groups = args.length > 0 ? Integer.parseInt(args[0]) : 1000;
    var quietAfter = args.length > 1 ? args[1] : "2s";
    var seconds = args.length > 2 ? Integer.parseInt(args[2]) : 20;
    var directory = Files.createTempDirectory(Path.of("target"), "idle");
    var system =
        ActorSystem.create(
            Behaviors.empty(),
            "idle",
            ConfigFactory.parseMap(
                    Map.of(
                        "pekko-raft.rocksdb.dir",
                        directory.toString(),
                        "pekko-raft.quiet.after",
                        quietAfter))
                .withFallback(ConfigFactory.load("bench.conf")));
    try {
      new IdleGroupsBenchmark().run(system, groups, seconds);
    } finally {
      system.terminate();
      system.getWhenTerminated().toCompletableFuture().get(60, TimeUnit.SECONDS);
    }
  }

  private void run(ActorSystem<?> system, int groups, int seconds) throws Exception {
    listen(system);
    spawn(system, "warm-up");
    await(() -> leaders.size() == 1);
    var before = heap();
    var began = System.nanoTime();
    for (var i = 0; i < groups; i++) {
      spawn(system, "group-" + i);
    }
    await(() -> leaders.size() == groups + 1);
    say("%d groups of three have leaders after      %8.1f s", groups, since(began));
    TimeUnit.SECONDS.sleep(8); // They settle, and go quiet.
    var after = heap();
    say(
        "heap of an idle group, three peers          %8.1f KiB",
        (after - before) / 1024.0 / groups);
    var cpu = processorNanos();
    var watched = System.nanoTime();
    TimeUnit.SECONDS.sleep(seconds);
    say(
        "processor time of all of them, idle         %8.2f %% of a core",
        (processorNanos() - cpu) * 100.0 / (System.nanoTime() - watched));
    var orphans = new HashSet<String>();
    new TreeMap<>(leaders).forEach((group, id) -> addIf(id.equals(VICTIM), group, orphans));
    began = System.nanoTime();
    victims.forEach(peer -> Adapter.toClassic(peer).tell(PoisonPill.getInstance(), null));
    await(() -> orphans.stream().noneMatch(group -> leaders.get(group).equals(VICTIM)));
    say("%4d groups have another leader after        %8.1f s", orphans.size(), since(began));
  }

  private static void addIf(boolean condition, String group, Set<String> groups) {
    if (condition) {
      groups.add(group);
    }
  }

  private void listen(ActorSystem<?> system) {
    var listener =
        system.systemActorOf(
            Behaviors.<RaftEvent.RoleChanged>receiveMessage(
                changed -> {
                  if (changed.role() == RaftStatus.Role.LEADER) {
                    leaders.put(changed.group(), changed.peer());
                  }
                  return Behaviors.same();
                }),
            "listener",
            Props.empty());
    system.eventStream().tell(new EventStream.Subscribe<>(RaftEvent.RoleChanged.class, listener));
  }

  private void spawn(ActorSystem<?> system, String group) {
    var settings = RaftSettings.create(system);
    for (var id : PEERS) {
      var peer =
          system.systemActorOf(
              Raft.create(group, id, PEERS, new Empty(), settings),
              group + "-" + id,
              DispatcherSelector.fromConfig(settings.dispatcher()));
      if (id.equals(VICTIM)) {
        victims.add(peer);
      }
    }
  }

  private static void await(BooleanSupplier condition) throws Exception {
    var deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - deadline > 0) {
        throw new TimeoutException("not within " + PATIENCE);
      }
      TimeUnit.MILLISECONDS.sleep(20);
    }
  }

  private static long heap() throws InterruptedException {
    for (var i = 0; i < 4; i++) {
      System.gc();
      TimeUnit.MILLISECONDS.sleep(200);
    }
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }

  private static long processorNanos() {
    return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
        .getProcessCpuTime();
  }

  private static double since(long began) {
    return (System.nanoTime() - began) / 1e9;
  }

  private static void say(String format, Object... values) {
    System.out.printf(format + "%n", values);
  }
}
