package io.pekkoraft.bench;

import com.sun.management.OperatingSystemMXBean;
import com.typesafe.config.ConfigFactory;
import io.pekkoraft.RaftEvent;
import io.pekkoraft.RaftSettings;
import io.pekkoraft.RaftStatus;
import io.pekkoraft.demo.TicketOffice;
import io.pekkoraft.sharding.RaftSharding;
import io.pekkoraft.sharding.ShardingSettings;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.actor.typed.eventstream.EventStream;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/** A node of {@link ShardingBenchmark}: does what it reads, and writes what came of it. */
final class ShardingNode {
  private static final String SYSTEM = "shards";
  private static final int FIRST_PORT = 7450;
  private static final String ANSWER = "answer: ";
  private static final int IN_FLIGHT = 256;
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final ActorSystem<Void> system;
  private final int count;
  private final int groups;
  private final Set<String> led = ConcurrentHashMap.newKeySet();

  private ShardingNode(ActorSystem<Void> system, int count, int groups) {
    this.system = system;
    this.count = count;
    this.groups = groups;
  }

  /** The process, as the benchmark sees it. */
  static final class Remote {
    private final Process process;
    private final PrintStream orders;
    private final BlockingQueue<String> answers = new LinkedBlockingQueue<>();

    private Remote(Process process) {
      this.process = process;
      orders = new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8);
      var listener = new Thread(this::listen, "answers of " + process.pid());
      listener.setDaemon(true);
      listener.start();
    }

    void begin() {
      ask("begin");
    }

    /** How many groups are led there. */
    int led() {
      return Integer.parseInt(ask("led"));
    }

    double heapKiB() {
      return Double.parseDouble(ask("heap"));
    }

    double processorSeconds() {
      return Double.parseDouble(ask("processor"));
    }

    /** Sells a seat of each of these shows; does not wait. */
    void fill(int from, int to) {
      orders.println("fill " + from + " " + to);
    }

    /** How often one had to ask again. */
    int awaitFilled() {
      return Integer.parseInt(answer());
    }

    void kill() {
      process.destroyForcibly();
    }

    private String ask(String order) {
      orders.println(order);
      return answer();
    }

    private String answer() {
      try {
        var answer = answers.poll(10, TimeUnit.MINUTES);
        if (answer == null || answer.isEmpty()) {
          throw new IllegalStateException("The node has ended, or hangs.");
        }
        return answer;
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }

    /** Reads all that it says, at once: a pipe that is full would stop the node at its log. */
    private void listen() {
      var said = process.inputReader(StandardCharsets.UTF_8);
      said.lines()
          .forEach(
              line -> {
                if (line.startsWith(ANSWER)) {
                  answers.add(line.substring(ANSWER.length()));
                } else {
                  System.err.println(line);
                }
              });
      answers.add("");
    }
  }

  static Remote start(int number, int count, Path data, int groups) throws IOException {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of("-Xmx1g", "-XX:+UseSerialGC", "-cp", System.getProperty("java.class.path")));
    command.add(ShardingNode.class.getName());
    command.addAll(List.of("" + number, "" + count, "" + groups, data.toString()));
    return new Remote(
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start());
  }

  /** Arguments: its number, how many nodes there are, how many groups, and its directory. */
  public static void main(String[] args) throws IOException {
    var number = Integer.parseInt(args[0]);
    var settings =
        Map.<String, Object>of(
            "pekko.remote.artery.canonical.hostname",
            "127.0.0.1",
            "pekko.remote.artery.canonical.port",
            FIRST_PORT + number,
            "pekko.cluster.seed-nodes",
            seeds(Integer.parseInt(args[1])),
            "pekko.cluster.roles",
            List.of("replica-" + number),
            "pekko-raft.rocksdb.dir",
            args[3],
            "pekko-raft.sharding.max-live",
            10,
            "pekko-raft.sharding.passivate-idle-after",
            "3s",
            "pekko-raft.quiet.after",
            "2s");
    var system =
        ActorSystem.<Void>create(
            Behaviors.empty(),
            SYSTEM,
            ConfigFactory.parseMap(settings)
                .withFallback(ConfigFactory.parseResources("pekko-raft-many-groups.conf"))
                .withFallback(ConfigFactory.parseResources("pekko-raft-cluster.conf"))
                .withFallback(ConfigFactory.load("bench.conf"))
                .resolve());
    new ShardingNode(system, Integer.parseInt(args[1]), Integer.parseInt(args[2])).serve();
  }

  private static List<String> seeds(int count) {
    return IntStream.rangeClosed(1, count)
        .mapToObj(number -> "pekko://" + SYSTEM + "@127.0.0.1:" + (FIRST_PORT + number))
        .toList();
  }

  private void serve() throws IOException {
    listen();
    var orders = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (var line = orders.readLine(); line != null; line = orders.readLine()) {
      var words = line.split(" ");
      var answer =
          switch (words[0]) {
            case "begin" -> begin();
            case "fill" -> fill(Integer.parseInt(words[1]), Integer.parseInt(words[2]));
            case "led" -> led.size();
            case "heap" -> heapKiB();
            case "processor" -> processorSeconds();
            default -> throw new IllegalArgumentException(line);
          };
      System.out.println(ANSWER + answer);
    }
    system.terminate();
  }

  private void listen() {
    var listener =
        system.systemActorOf(
            Behaviors.<RaftEvent.RoleChanged>receiveMessage(
                changed -> {
                  if (changed.role() == RaftStatus.Role.LEADER) {
                    led.add(changed.group());
                  } else {
                    led.remove(changed.group());
                  }
                  return Behaviors.same();
                }),
            "listener",
            Props.empty());
    system.eventStream().tell(new EventStream.Subscribe<>(RaftEvent.RoleChanged.class, listener));
  }

  private String begin() {
    var sharding = ShardingSettings.create(system).withReplicas(count).withGroups(groups);
    RaftSharding.get(system).init(TicketOffice.entity(), sharding, RaftSettings.create(system));
    return "begun";
  }

  /** A seat that was sold to the same one is sold once: who hears nothing asks again. */
  private String fill(int from, int to) {
    var room = new Semaphore(IN_FLIGHT);
    var again = new AtomicInteger();
    for (var number = from; number < to; number++) {
      room.acquireUninterruptibly();
      sell("show-" + number, room, again);
    }
    room.acquireUninterruptibly(IN_FLIGHT);
    return again.toString();
  }

  private void sell(String name, Semaphore room, AtomicInteger again) {
    RaftSharding.get(system)
        .entityRefFor(TicketOffice.KEY, name)
        .<TicketOffice.Answer>ask(
            replyTo -> new TicketOffice.Reserve("A1", "ann", replyTo), PATIENCE)
        .whenComplete(
            (sold, failure) -> {
              if (failure == null) {
                room.release();
              } else {
                if (again.incrementAndGet() % 1000 == 1) {
                  System.err.println("asks again: " + failure);
                }
                sell(name, room, again);
              }
            });
  }

  private static double heapKiB() {
    for (var i = 0; i < 4; i++) {
      System.gc();
      pause();
    }
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() / 1024.0;
  }

  private static void pause() {
    try {
      TimeUnit.MILLISECONDS.sleep(200);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static double processorSeconds() {
    return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
            .getProcessCpuTime()
        / 1e9;
  }
}
