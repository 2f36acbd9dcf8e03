package io.pekkoraft.testkit;

import io.pekkoraft.model.PeerId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.IntFunction;

/**
 * Faults at random, all drawn from the seed. Each run first draws its own mix (swarm testing):
 * which faults there are and how often, how good the network and the disks are, how much is
 * proposed; a mix of everything all the time would let some faults hide others.
 *
 * @param <C> the commands that it proposes, each of them once
 */
public final class Chaos<C> {
  private static final long MILLIS = 1_000_000;

  private final Cluster<C, ?> cluster;
  private final IntFunction<C> commands;
  private final SplittableRandom random;
  private final List<PeerId> ids;
  private final Map<Fault, Double> mix = new EnumMap<>(Fault.class);
  private final double leaderBias;
  private final Duration faultEvery;
  private final Duration proposeEvery;
  private int proposed;

  private enum Fault {
    CRASH,
    CRASH_DURING_WRITE,
    PAUSE,
    ISOLATION,
    PARTITION,
    ONE_WAY,
    STALL,
    DRIFT
  }

  private Chaos(Cluster<C, ?> cluster, IntFunction<C> commands, SplittableRandom random) {
    this.cluster = cluster;
    this.commands = commands;
    this.random = random;
    this.ids = List.copyOf(cluster.peers());
    for (var fault : Fault.values()) {
      mix.put(fault, random.nextBoolean() ? random.nextDouble() : 0);
    }
    this.leaderBias = random.nextDouble();
    this.faultEvery = logUniform(20, 2000);
    this.proposeEvery = logUniform(2, 500);
    drawNetwork();
    drawDisks();
  }

  /**
   * Torments the cluster for so long, in virtual time.
   *
   * @param commands makes the n-th command; no two are equal
   */
  public static <C> void torment(
      Cluster<C, ?> cluster, Duration duration, IntFunction<C> commands) {
    new Chaos<>(cluster, commands, cluster.random()).run(duration);
  }

  private void drawNetwork() {
    var unreliable = random.nextBoolean();
    // In a third of the runs a message takes about as long as an election time-out.
    var slowest = random.nextInt(3) == 0 ? 5 + random.nextLong(150) : 1 + random.nextLong(5);
    cluster
        .network()
        .conditions(
            new Network.Conditions(
                MILLIS / 20,
                slowest * MILLIS,
                unreliable ? random.nextDouble() * 0.15 : 0,
                unreliable ? random.nextDouble() * 0.1 : 0,
                unreliable ? random.nextDouble() * 0.1 : 0,
                2000 * MILLIS));
  }

  private void drawDisks() {
    var slowest = random.nextInt(3) == 0 ? 1 + random.nextLong(60) : 1;
    var failure = random.nextInt(4) == 0 ? 0.002 : 0;
    for (var id : ids) {
      cluster.disk(id).conditions(new Disk.Conditions(MILLIS / 10, slowest * MILLIS, failure));
    }
  }

  /** Short times matter as much as long ones. */
  private Duration logUniform(double fromMillis, double toMillis) {
    var millis = fromMillis * Math.pow(toMillis / fromMillis, random.nextDouble());
    return Duration.ofNanos((long) (millis * MILLIS));
  }

  private void run(Duration duration) {
    var end = cluster.time().plus(duration);
    proposeForever(end);
    while (cluster.time().compareTo(end) < 0) {
      cluster.passes(Duration.ofNanos(1 + random.nextLong(2 * faultEvery.toNanos())));
      for (var fault : Fault.values()) {
        if (random.nextDouble() < mix.get(fault) / 2) {
          strike(fault, victim());
        }
      }
      reviveSome();
    }
  }

  private void proposeForever(Duration end) {
    cluster.later(
        Duration.ofNanos(1 + random.nextLong(2 * proposeEvery.toNanos())),
        () -> {
          if (cluster.time().compareTo(end) < 0) {
            cluster.propose(victim(), commands.apply(proposed++));
            proposeForever(end);
          }
        });
  }

  private PeerId victim() {
    var leaders = cluster.lastLeader();
    return leaders.isPresent() && random.nextDouble() < leaderBias
        ? leaders.get()
        : ids.get(random.nextInt(ids.size()));
  }

  /** Whoever stopped by itself, because its disk failed, is started again. */
  private void reviveSome() {
    for (var id : ids) {
      if (!cluster.isRunning(id) && random.nextInt(3) == 0) {
        cluster.start(id);
      }
    }
  }

  private void strike(Fault fault, PeerId victim) {
    switch (fault) {
      case CRASH -> crash(victim);
      case CRASH_DURING_WRITE -> crashDuringWrite(victim);
      case PAUSE -> cluster.pause(victim, logUniform(1, 1000));
      case ISOLATION -> {
        cluster.isolate(victim);
        cluster.later(logUniform(10, 2000), () -> cluster.heal(victim));
      }
      case PARTITION -> {
        var sides = List.of(new ArrayList<PeerId>(), new ArrayList<PeerId>());
        ids.forEach(id -> sides.get(random.nextInt(2)).add(id));
        cluster.partition(sides.get(0), sides.get(1));
        cluster.later(logUniform(10, 2000), cluster::heal);
      }
      case ONE_WAY -> {
        var other = ids.get(random.nextInt(ids.size()));
        if (!other.equals(victim)) {
          cluster.cut(victim, other);
          cluster.later(logUniform(10, 2000), cluster::heal);
        }
      }
      case STALL -> cluster.disk(victim).stall(logUniform(1, 1000).toNanos());
      case DRIFT -> cluster.drift(victim, 0.95 + random.nextDouble() * 0.1);
    }
  }

  private void crash(PeerId victim) {
    cluster.crash(victim);
    cluster.later(logUniform(1, 3000), () -> cluster.start(victim));
  }

  /** The moment that matters: something is promised in memory and not on the disk yet. */
  private void crashDuringWrite(PeerId victim) {
    cluster.later(
        Duration.ofNanos(random.nextLong(20 * MILLIS)),
        () -> {
          if (cluster.disk(victim).isWriting()) {
            crash(victim);
          }
        });
  }
}
