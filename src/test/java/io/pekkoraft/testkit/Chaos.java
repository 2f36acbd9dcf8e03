package io.pekkoraft.testkit;

import io.pekkoraft.ReadConsistency;
import io.pekkoraft.model.PeerId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.IntFunction;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Faults at random, all drawn from the seed. Each run first draws its own mix (swarm testing):
 * which faults there are and how often, how good the network and the disks are, how much is
 * proposed; a mix of everything all the time would let some faults hide others.
 *
 * @param <C> the commands that it proposes, each of them once
 */
public final class Chaos<C> {
  private static final long MILLIS = 1_000_000;

  /** After about so many requests a client dies. */
  private static final int CLIENT_LIFE = 100;

  /** How often nobody asks for anything for a while, where groups go quiet. */
  private static final int LULL_ONCE_IN = 30;

  private static final Duration REVIVAL = Duration.ofMillis(500);

  private final Cluster<C, ?> cluster;
  private final Workload<C> workload;
  private final SplittableRandom random;
  private final Fluctuation fluctuation;
  private final Map<Fault, Double> mix = new EnumMap<>(Fault.class);
  private final double leaderBias;
  private final Duration faultEvery;
  private final Duration askEvery;
  private final int patience;
  private final List<SimulatedClient<C, ?>> clients = new ArrayList<>();
  private int proposed;
  private int coups;

  private enum Fault {
    CRASH,
    CRASH_DURING_WRITE,
    POWER_LOSS,
    BLACKOUT,
    PAUSE,
    ISOLATION,
    PARTITION,
    ONE_WAY,
    SLOW_LINK,
    STALL,
    DISK_FULL,
    COUP,
    TRANSFER,
    DRIFT
  }

  /** What the clients ask for meanwhile. */
  public interface Workload<C> {
    /**
     * @param number counts the commands; no two commands are equal
     */
    C command(int number, RandomGenerator random);

    /** What to read this time, if anything. */
    default Optional<C> query(RandomGenerator random) {
      return Optional.empty();
    }

    /** How many clients there are besides whose commands have numbers. */
    default int numberingClients() {
      return 0;
    }
  }

  private Chaos(Cluster<C, ?> cluster, Workload<C> workload, SplittableRandom random) {
    this.cluster = cluster;
    this.workload = workload;
    this.random = random;
    for (var fault : Fault.values()) {
      mix.put(fault, random.nextInt(3) == 0 ? random.nextDouble() / 2 : 0);
    }
    this.leaderBias = random.nextDouble();
    this.faultEvery = logUniform(80, 4000);
    this.askEvery = logUniform(3, 600);
    this.patience = oneOf(random, 4, 16, 64);
    drawNetwork();
    drawDisks();
    for (var i = 0; i < workload.numberingClients(); i++) {
      clients.add(cluster.newClient());
    }
    cluster.whenSomebodyLeads(this::strikeNewLeader);
    this.fluctuation = new Fluctuation(cluster, cluster.random());
  }

  /** By now: some may have come. */
  private List<PeerId> ids() {
    return List.copyOf(cluster.peers());
  }

  /**
   * Torments the cluster for so long, in virtual time.
   *
   * @param commands makes the n-th command; no two are equal
   */
  public static <C> void torment(
      Cluster<C, ?> cluster, Duration duration, IntFunction<C> commands) {
    torment(cluster, duration, (number, random) -> commands.apply(number));
  }

  /**
   * Torments the cluster for so long, in virtual time. Faults that last go on for a while, and
   * network and disks stay as bad as they were drawn, until {@link Cluster#recover()} or the end.
   */
  public static <C> void torment(Cluster<C, ?> cluster, Duration duration, Workload<C> workload) {
    new Chaos<>(cluster, workload, cluster.random()).run(duration);
  }

  /**
   * Settings at random: bounds so low that all of them are met, for {@link Simulation#settings}.
   * With {@code -Dsim.quiet=true}, groups go quiet under every seed.
   */
  public static String settings(long seed) {
    var random = new SplittableRandom(seed);
    return (random.nextBoolean() ? smallSteps(random) : "")
        + (random.nextInt(3) == 0 ? shortTimeouts(random) : "")
        + (random.nextBoolean() ? "reads.lease = on\n" : "")
        + (random.nextInt(3) > 0 ? snapshots(random) : "")
        + (random.nextBoolean() ? forgetfulSessions(random) : "")
        + (random.nextBoolean() || Boolean.getBoolean("sim.quiet") ? quiet(random) : "");
  }

  /** At once, so that groups are quiet whenever nothing is asked for some milliseconds. */
  private static String quiet(RandomGenerator random) {
    return "quiet { after = %d ms, heartbeat-interval = %d ms }\n"
        .formatted(oneOf(random, 1, 10, 100), oneOf(random, 400, 3000, 30000));
  }

  /** Sessions that expire, make room for others, and have little room themselves. */
  private static String forgetfulSessions(RandomGenerator random) {
    return """
    sessions { expire-after = %d ms, max-sessions = %d, max-reply-size = %d, max-in-flight = %d }
    client { max-in-flight = %d, resend-after = %d ms, timeout = %d ms }
    """
        .formatted(
            oneOf(random, 50, 500, 600000),
            oneOf(random, 1, 2, 10000),
            oneOf(random, 150, 1000, 67108864),
            oneOf(random, 1, 4, 1024),
            oneOf(random, 1, 4, 512),
            oneOf(random, 30, 200, 1000),
            oneOf(random, 300, 5000));
  }

  /** As short as messages and writes take: elections overlap, leaders follow each other quickly. */
  private static String shortTimeouts(RandomGenerator random) {
    var heartbeat = 2 + random.nextInt(20);
    return """
    heartbeat-interval = %d ms
    election-timeout { min = %d ms, max = %d ms }
    """
        .formatted(heartbeat, 3 * heartbeat, 6 * heartbeat);
  }

  /** Often, small ones, and a log so short that whoever is away needs one. */
  private static String snapshots(RandomGenerator random) {
    var least = 1 + random.nextInt(20);
    var bytes = 500 + random.nextInt(10_000);
    var chunk = 16 + random.nextInt(2000);
    return """
    snapshots { min-entries = %d, max-entries = %d, keep-entries = %d }
    snapshots { max-size = %d, max-log-size = %d, retry-after = %d ms }
    snapshots { chunk-size = %d, window-size = %d, patience = %d }
    """
        .formatted(
            least,
            least + random.nextInt(100),
            random.nextInt(3) == 0 ? 0 : random.nextInt(50),
            bytes,
            bytes + random.nextInt(5000),
            1 + random.nextInt(1000),
            chunk,
            chunk * (1 + random.nextInt(5)),
            1 + random.nextInt(10));
  }

  private static String smallSteps(RandomGenerator random) {
    return """
    replication { max-batch-size = %d, max-in-flight-messages = %d, max-in-flight-size = %d }
    proposals.max-pending = %d
    reads.max-pending = %d
    max-apply-batch = %d
    store.max-write-size = %d
    """
        .formatted(
            oneOf(random, 1, 40, 1000, 131072),
            oneOf(random, 1, 2, 8, 64),
            oneOf(random, 131072, 262144),
            oneOf(random, 1, 8, 64, 16384),
            oneOf(random, 1, 8, 16384),
            oneOf(random, 1, 3, 1024),
            oneOf(random, 1, 4194304));
  }

  private static int oneOf(RandomGenerator random, int... values) {
    return values[random.nextInt(values.length)];
  }

  private void drawNetwork() {
    var unreliable = random.nextBoolean();
    // In a third of the runs a message takes about as long as an election time-out.
    var slowest = random.nextInt(3) == 0 ? 5 + random.nextLong(150) : 1 + random.nextLong(5);
    var held = logUniform(20, 2000).toNanos();
    cluster
        .network()
        .conditions(
            new Network.Conditions(
                MILLIS / 20,
                slowest * MILLIS,
                unreliable ? random.nextDouble() * 0.15 : 0,
                unreliable ? random.nextDouble() * 0.2 : 0,
                unreliable ? random.nextDouble() * 0.5 : 0,
                held));
  }

  private void drawDisks() {
    var slowest = random.nextInt(3) == 0 ? 1 + random.nextLong(60) : 1;
    var failure = random.nextInt(4) == 0 ? 0.002 : 0;
    for (var id : ids()) {
      cluster.disk(id).conditions(new Disk.Conditions(MILLIS / 10, slowest * MILLIS, failure));
    }
  }

  /** The names of all that may strike. */
  static Set<String> faults() {
    return Stream.concat(
            Arrays.stream(Fault.values()).map(Enum::name), Fluctuation.events().stream())
        .collect(Collectors.toSet());
  }

  /** Short times matter as much as long ones. */
  private Duration logUniform(double fromMillis, double toMillis) {
    var millis = fromMillis * Math.pow(toMillis / fromMillis, random.nextDouble());
    return Duration.ofNanos((long) (millis * MILLIS));
  }

  private void run(Duration duration) {
    var end = cluster.time().plus(duration);
    askForever(end);
    while (cluster.time().compareTo(end) < 0) {
      cluster.passes(Duration.ofNanos(1 + random.nextLong(2 * faultEvery.toNanos())));
      cluster.status(victim());
      for (var fault : Fault.values()) {
        if (random.nextDouble() < mix.get(fault)) {
          strike(fault, victim());
        }
      }
      fluctuation.strike();
      reviveSome();
    }
    coups = 0;
  }

  private void askForever(Duration end) {
    var lull =
        cluster.restsWhenIdle() && random.nextInt(LULL_ONCE_IN) == 0
            ? logUniform(100, 3000)
            : Duration.ZERO;
    cluster.later(
        lull.plusNanos(1 + random.nextLong(2 * askEvery.toNanos())),
        () -> {
          if (cluster.time().compareTo(end) < 0) {
            ask();
            askForever(end);
          }
        });
  }

  /** Clients wait for their answers: a peer that gives none is asked for no more. */
  private void ask() {
    if (!clients.isEmpty() && random.nextInt(2) == 0) {
      letClientAsk(random.nextInt(clients.size()));
      return;
    }
    var victim = victim();
    if (cluster.pending(victim) >= patience) {
      return;
    }
    var query = workload.query(random);
    if (query.isPresent()) {
      cluster.read(victim, query.get(), consistency());
    } else {
      cluster.propose(victim, workload.command(proposed++, random));
    }
  }

  /** Clients come and go; of what one had asked for when it went, nobody hears any more. */
  private void letClientAsk(int which) {
    var client = clients.get(which);
    if (random.nextInt(CLIENT_LIFE) == 0) {
      client.crash();
      clients.set(which, cluster.newClient());
    } else if (client.pending() < patience) {
      var query = workload.query(random);
      if (query.isEmpty()) {
        client.propose(workload.command(proposed++, random));
      } else if (random.nextBoolean()) {
        client.read(query.get());
      } else {
        client.readOfSession(query.get());
      }
    }
  }

  private ReadConsistency consistency() {
    return switch (random.nextInt(5)) {
      case 0 -> ReadConsistency.linearizable();
      case 1 -> ReadConsistency.lease();
      case 2 -> ReadConsistency.stale(logUniform(1, 2000));
      case 3 -> ReadConsistency.atLeast(cluster.latestAcknowledged());
      default -> ReadConsistency.follower();
    };
  }

  private PeerId victim() {
    var leaders = cluster.lastLeader();
    return leaders.isPresent() && random.nextDouble() < leaderBias
        ? leaders.get()
        : ids().get(random.nextInt(ids().size()));
  }

  /** Whoever stopped by itself, because its disk failed, is started again. */
  private void reviveSome() {
    for (var id : ids()) {
      var chance = Math.min(0.5, (double) faultEvery.toNanos() / REVIVAL.toNanos());
      if (!cluster.isRunning(id) && random.nextDouble() < chance) {
        cluster.start(id);
      }
    }
  }

  private void strike(Fault fault, PeerId victim) {
    switch (fault) {
      case CRASH -> crash(fault, victim);
      case CRASH_DURING_WRITE -> crashDuringWrite(victim);
      case POWER_LOSS -> losePower(fault, victim);
      case BLACKOUT -> {
        if (random.nextInt(5) == 0) {
          ids().forEach(id -> losePower(fault, id));
        }
      }
      case PAUSE -> {
        struck(fault);
        cluster.pause(victim, logUniform(1, 1000));
      }
      case ISOLATION -> {
        struck(fault);
        cluster.isolate(victim);
        cluster.later(logUniform(10, 2000), () -> cluster.heal(victim));
      }
      case PARTITION -> {
        var sides = List.of(new ArrayList<PeerId>(), new ArrayList<PeerId>());
        ids().forEach(id -> sides.get(random.nextInt(2)).add(id));
        struck(fault);
        cluster.partition(sides.get(0), sides.get(1));
        cluster.later(logUniform(10, 2000), () -> cluster.mend(sides.get(0), sides.get(1)));
      }
      case ONE_WAY -> {
        var other = another(victim);
        struck(fault);
        cluster.cut(victim, other);
        cluster.later(logUniform(10, 2000), () -> cluster.mend(victim, other));
      }
      case SLOW_LINK -> {
        var other = another(victim);
        struck(fault);
        cluster.slow(victim, other, logUniform(1, 500));
        cluster.later(logUniform(10, 2000), () -> cluster.mend(victim, other));
      }
      case STALL -> {
        struck(fault);
        cluster.stallDisk(victim, logUniform(1, 1000));
      }
      case DISK_FULL -> {
        struck(fault);
        cluster.fillDisk(victim, logUniform(1, 1000));
      }
      case COUP -> coups++;
      case TRANSFER -> {
        struck(fault);
        cluster.transfer(
            victim, random.nextBoolean() ? Optional.of(another(victim)) : Optional.empty());
      }
      case DRIFT -> {
        struck(fault);
        cluster.drift(victim, 0.95 + random.nextDouble() * 0.1);
      }
    }
  }

  private void struck(Fault fault) {
    cluster.coverage().count(Coverage.Kind.FAULT, fault.name());
  }

  /** Before its first entry is anywhere, or just after. */
  private void strikeNewLeader(PeerId leader) {
    if (coups > 0) {
      coups--;
      struck(Fault.COUP);
      var fault = random.nextBoolean() ? Fault.CRASH : Fault.ISOLATION;
      cluster.later(logUniform(0.01, 5), () -> strike(fault, leader));
    }
  }

  private PeerId another(PeerId victim) {
    var others = ids().stream().filter(id -> !id.equals(victim)).toList();
    return others.isEmpty() ? victim : others.get(random.nextInt(others.size()));
  }

  private void crash(Fault fault, PeerId victim) {
    if (cluster.isRunning(victim)) {
      struck(fault);
      cluster.crash(victim);
      cluster.later(logUniform(1, 3000), () -> cluster.start(victim));
    }
  }

  private void losePower(Fault fault, PeerId victim) {
    struck(fault);
    cluster.losePower(victim);
    cluster.later(logUniform(1, 3000), () -> cluster.start(victim));
  }

  /** The moment that matters: something is promised in memory and not on the disk yet. */
  private void crashDuringWrite(PeerId victim) {
    cluster.later(
        Duration.ofNanos(random.nextLong(20 * MILLIS)),
        () -> {
          if (cluster.disk(victim).isWriting()) {
            crash(Fault.CRASH_DURING_WRITE, victim);
          }
        });
  }
}
