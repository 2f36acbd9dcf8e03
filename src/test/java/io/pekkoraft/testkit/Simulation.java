package io.pekkoraft.testkit;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.pekkoraft.StateMachine;
import io.pekkoraft.model.PeerId;
import io.pekkoraft.testkit.linearizability.History;
import io.pekkoraft.testkit.linearizability.Linearizability;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.LongStream;

/**
 * Runs a story with a seed. A run is quiet; if it fails, the same seed runs again with the trace
 * kept as text, and that failure is thrown: with the seed, the virtual time and the last events. A
 * failure that doesn't show again is one, too.
 *
 * <pre>{@code
 * Simulation.of(Counter::new).peers(3).seed(42).run(cluster -> {
 *   var old = cluster.awaitLeader();
 *   cluster.isolate(old);
 *   cluster.one(new Add(1), 2);
 * });
 * }</pre>
 *
 * @param <C> the state machine's commands
 * @param <R> its results
 */
public final class Simulation<C, R> {
  private static final int LINES = 60;

  private final Supplier<? extends StateMachine<C, R, ?>> machine;
  private final SortedSet<PeerId> peers;
  private final Config config;
  private final Optional<Consumer<History<C, R>>> judge;
  private final long seed;

  private Simulation(
      Supplier<? extends StateMachine<C, R, ?>> machine,
      SortedSet<PeerId> peers,
      Config config,
      Optional<Consumer<History<C, R>>> judge,
      long seed) {
    this.machine = machine;
    this.peers = peers;
    this.config = config;
    this.judge = judge;
    this.seed = seed;
  }

  /**
   * @param machine makes the state machine of each process
   */
  public static <C, R> Simulation<C, R> of(Supplier<? extends StateMachine<C, R, ?>> machine) {
    return new Simulation<>(
        machine, named(3), ConfigFactory.empty(), Optional.empty(), Long.getLong("sim.seed", 1));
  }

  private static SortedSet<PeerId> named(int count) {
    var names = new String[count];
    for (var i = 0; i < count; i++) {
      names[i] = "p" + (i + 1);
    }
    return PeerId.setOf(names);
  }

  public Simulation<C, R> peers(int count) {
    return new Simulation<>(machine, named(count), config, judge, seed);
  }

  public Simulation<C, R> peers(Collection<PeerId> ids) {
    return new Simulation<>(machine, PeerId.sorted(ids), config, judge, seed);
  }

  /**
   * @param settings what differs from {@code reference.conf}, without the prefix {@code pekko-raft}
   */
  public Simulation<C, R> settings(String settings) {
    return new Simulation<>(
        machine, peers, ConfigFactory.parseString(settings).withFallback(config), judge, seed);
  }

  /**
   * In the end, what the clients of each key saw must be linearizable, with the state machine as
   * the specification. Its results must not depend on where in the log a command stands.
   *
   * @param key of a command; no command may see or change what belongs to another key
   */
  public Simulation<C, R> linearizable(Function<? super C, ?> key) {
    var perKey = Linearizability.of(machine.get()).perKey(key);
    return judged(perKey::requireLinearizable);
  }

  /**
   * @param by throws when what the clients saw in the end can't be
   */
  Simulation<C, R> judged(Consumer<History<C, R>> by) {
    return new Simulation<>(machine, peers, config, Optional.of(by), seed);
  }

  /** The same seed is the same run. {@code -Dsim.seed=N} goes before it. */
  public Simulation<C, R> seed(long value) {
    return new Simulation<>(machine, peers, config, judge, Long.getLong("sim.seed", value));
  }

  /**
   * What a run came to.
   *
   * @param hash over everything that happened
   * @param steps how many mailboxes have run
   * @param coverage which faults there were, and from which role to which the peers went
   */
  public record Run(
      long hash, long steps, double virtualSeconds, long messages, Coverage coverage) {}

  /** Runs the story with the seeds 1 through {@code count}, or with {@code -Dsim.seed=N} alone. */
  public List<Run> overSeeds(int count, Consumer<Cluster<C, R>> story) {
    return LongStream.rangeClosed(1, Long.getLong("sim.seed") == null ? count : 1)
        .mapToObj(each -> seed(each).run(story))
        .toList();
  }

  /** Runs the story, and then until all have recovered and agree. */
  public Run run(Consumer<Cluster<C, R>> story) {
    var quiet = new Trace(0);
    try {
      return run(story, quiet);
    } catch (Error | RuntimeException first) {
      var trace = new Trace(LINES);
      try {
        run(story, trace);
      } catch (Error | RuntimeException again) {
        if (trace.hash() == quiet.hash() && again.toString().equals(first.toString())) {
          throw failure(again, trace);
        }
        first.addSuppressed(failure(again, trace));
      }
      throw new AssertionError(
          "Seed "
              + seed
              + " failed, and did not do the same again: the simulation is not deterministic. "
              + first,
          first);
    }
  }

  private Run run(Consumer<Cluster<C, R>> story, Trace trace) {
    var cluster = new Cluster<>(seed, trace, peers, machine, config);
    story.accept(cluster);
    new FinalCheck<>(cluster).run();
    judge.ifPresent(by -> by.accept(cluster.history()));
    return new Run(
        trace.hash(),
        trace.steps(),
        cluster.time().toNanos() / 1e9,
        cluster.messages(),
        cluster.coverage());
  }

  private AssertionError failure(Throwable cause, Trace trace) {
    return new AssertionError(
        "Seed "
            + seed
            + " failed: "
            + (cause.getMessage() == null ? cause : cause.getMessage())
            + trace.lastMoment()
            + "\nReplay it with -Dsim.seed="
            + seed
            + "\nThe last events:\n"
            + String.join("\n", trace.lines()),
        cause);
  }
}
