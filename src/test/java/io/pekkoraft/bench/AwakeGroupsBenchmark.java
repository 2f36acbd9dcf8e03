package io.pekkoraft.bench;

import com.sun.management.OperatingSystemMXBean;
import com.typesafe.config.ConfigFactory;
import io.pekkoraft.CommandHandler;
import io.pekkoraft.GateTraffic;
import io.pekkoraft.RaftEvent;
import io.pekkoraft.RaftGroup;
import io.pekkoraft.RaftSettings;
import io.pekkoraft.RaftStatus;
import io.pekkoraft.RaftTap;
import io.pekkoraft.StateMachine;
import io.pekkoraft.model.PeerId;
import io.pekkoraft.node.RaftNode;
import io.pekkoraft.protocol.PeerMessage;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.LongAdder;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.actor.typed.eventstream.EventStream;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/**
 * What groups cost that have nothing to do but are awake, over three nodes: actor systems in one
 * JVM, each with a journal, that talk over the loopback interface. Prints what their gates send
 * each other, the processor time of all three, and how many elections there were meanwhile.
 *
 * <pre>
 *   mvn -q test-compile exec:java -Dexec.classpathScope=test \
 *     -Dexec.mainClass=io.pekkoraft.bench.AwakeGroupsBenchmark -Dexec.args="1000 10ms 20"
 * </pre>
 *
 * <p>Arguments: how many groups, {@code pekko-raft.node.heartbeat-wait}, for how many seconds it
 * watches, and {@code pekko-raft.heartbeat-interval}; the election time-out is from ten to twenty
 * times that, for processors that may be shared.
 */
public final class AwakeGroupsBenchmark {
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  private final Map<PeerId, ActorSystem<?>> systems = new LinkedHashMap<>();
  private final Map<PeerId, Address> addresses = new LinkedHashMap<>();
  private final Set<String> led = ConcurrentHashMap.newKeySet();
  private final LongAdder elections = new LongAdder();
  private final LongAdder said = new LongAdder();

  private AwakeGroupsBenchmark() {}

  /** Counts what peers say. */
  private final class Ear implements RaftTap.Listener {
    @Override
    public void sent(String group, PeerId from, PeerId to, PeerMessage message) {
      said.increment();
    }

    @Override
    public void applied(String group, PeerId leader, int entries, long nanos) {}
  }

  private static final class Empty extends StateMachine<Long, Long, Long> {
    @Override
    public Long emptyState() {
      return 0L;
    }

    @Override
    public CommandHandler<Long, Long, Long> commandHandler() {
      return (context, count, command) -> Effect().set(count + 1).thenReply(count + 1);
    }
  }

  public static void main(String[] args) throws Exception {
    var groups = args.length > 0 ? Integer.parseInt(args[0]) : 1000;
    var wait = args.length > 1 ? args[1] : "10ms";
    var seconds = args.length > 2 ? Integer.parseInt(args[2]) : 20;
    var interval = args.length > 3 ? Integer.parseInt(args[3].replace("ms", "")) : 50;
    var benchmark = new AwakeGroupsBenchmark();
    try {
      for (var id : PeerId.setOf("p1", "p2", "p3")) {
        benchmark.start(id, wait, interval);
      }
      benchmark.run(groups, seconds);
    } finally {
      benchmark.systems.values().forEach(ActorSystem::terminate);
      for (var system : benchmark.systems.values()) {
        system.getWhenTerminated().toCompletableFuture().get(60, TimeUnit.SECONDS);
      }
    }
  }

  private void start(PeerId id, String wait, int interval) throws Exception {
    var directory = Files.createTempDirectory(Path.of("target"), "awake");
    var system =
        ActorSystem.create(
            Behaviors.empty(),
            "awake",
            ConfigFactory.parseString(
                    GateTraffic.SETTING
                        + "pekko.remote.artery.canonical { hostname = 127.0.0.1, port = 0 }\n"
                        + "pekko-raft {\n"
                        + ("  rocksdb.dir = \"" + directory + "\"\n")
                        + ("  node { heartbeat-wait = " + wait + ", silence = 3s }\n")
                        + ("  heartbeat-interval = " + interval + "ms\n")
                        + ("  election-timeout.min = " + 10 * interval + "ms\n")
                        + ("  election-timeout.max = " + 20 * interval + "ms\n")
                        + "}\n")
                .withFallback(ConfigFactory.parseResources("pekko-raft-node.conf"))
                .withFallback(ConfigFactory.load("bench.conf"))
                .resolve());
    systems.put(id, system);
    addresses.put(id, RaftNode.get(system).address());
    RaftTap.of(system).add(new Ear());
    var listener =
        system.systemActorOf(
            Behaviors.<RaftEvent.RoleChanged>receiveMessage(
                changed -> {
                  if (changed.role() == RaftStatus.Role.LEADER) {
                    led.add(changed.group());
                    elections.increment();
                  }
                  return Behaviors.same();
                }),
            "listener",
            Props.empty());
    system.eventStream().tell(new EventStream.Subscribe<>(RaftEvent.RoleChanged.class, listener));
  }

  private void run(int groups, int seconds) throws Exception {
    for (var i = 0; i < groups; i++) {
      for (var node : systems.entrySet()) {
        RaftGroup.<Long, Long>spawn(
            node.getValue(),
            "group-" + i,
            node.getKey(),
            addresses,
            Empty::new,
            RaftSettings.create(node.getValue()));
      }
    }
    awaitLeaders(groups);
    TimeUnit.SECONDS.sleep(10); // They settle.
    var before = Sample.of(this);
    TimeUnit.SECONDS.sleep(seconds);
    before.report(Sample.of(this));
  }

  private record Sample(
      long at, long cpu, long said, long alone, long bundles, long bytes, long elections) {
    static Sample of(AwakeGroupsBenchmark benchmark) {
      var bean = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
      var all = benchmark.systems.values();
      return new Sample(
          System.nanoTime(),
          bean.getProcessCpuTime(),
          benchmark.said.sum(),
          all.stream().mapToLong(node -> GateTraffic.messages(node, "ForPeer")).sum(),
          all.stream().mapToLong(node -> GateTraffic.messages(node, "Bundle")).sum(),
          all.stream()
              .mapToLong(
                  node -> GateTraffic.bytes(node, "ForPeer") + GateTraffic.bytes(node, "Bundle"))
              .sum(),
          benchmark.elections.sum());
    }

    void report(Sample later) {
      var seconds = (later.at - at) / 1e9;
      say("said by peers                   %10.0f /s", (later.said - said) / seconds);
      say("messages of one peer alone      %10.0f /s", (later.alone - alone) / seconds);
      say("bundles                         %10.0f /s", (later.bundles - bundles) / seconds);
      say("KiB                             %10.0f /s", (later.bytes - bytes) / 1024.0 / seconds);
      say("processor time of three nodes   %10.1f %% of a core", (later.cpu - cpu) / 1e7 / seconds);
      say("elections meanwhile             %10d", later.elections - elections);
    }
  }

  private void awaitLeaders(int groups) throws Exception {
    var deadline = System.nanoTime() + PATIENCE.toNanos();
    while (led.size() < groups) {
      if (System.nanoTime() - deadline > 0) {
        throw new TimeoutException("not within " + PATIENCE);
      }
      TimeUnit.MILLISECONDS.sleep(20);
    }
  }

  private static void say(String format, Object... values) {
    System.out.printf(format + "%n", values);
  }
}
