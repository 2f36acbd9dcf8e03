package io.pekkoraft.testkit.linearizability;

import io.pekkoraft.StateMachine;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Judges a {@link History} by what clients saw, with the user's own state machine as the
 * specification: is there an order of the operations, each at some moment between its call and its
 * return, in which the state machine gives those results?
 *
 * <pre>{@code
 * var history = new History<Add, Long>();
 * var call = history.called("client 1", new Add(1));
 * call.returned(1L);
 * Linearizability.of(new Counter()).requireLinearizable(history);
 * }</pre>
 *
 * <p>The search is that of Wing and Gong (Testing and Verifying Concurrent Objects, 1993) with the
 * memo of Lowe (Testing for Linearizability, 2017). It is bounded by steps and not by time, so that
 * the same history gets the same verdict on any machine.
 *
 * <p>Results, states and commands are compared by {@code equals}. A history doesn't tell where in
 * the log a command stood, so a handler finds index 0 and term 0 in its context, and results that
 * depend on it can't be judged so: give a state machine whose results don't.
 *
 * @param <C> the commands
 * @param <R> their results
 */
public final class Linearizability<C, R> {
  private static final long DEFAULT_STEPS = 1_000_000;

  private final StateMachine<C, R, ?> machine;
  private final Function<? super C, ?> key;
  private final long maxSteps;

  private Linearizability(
      StateMachine<C, R, ?> machine, Function<? super C, ?> key, long maxSteps) {
    this.machine = machine;
    this.key = key;
    this.maxSteps = maxSteps;
  }

  public static <C, R> Linearizability<C, R> of(StateMachine<C, R, ?> machine) {
    return new Linearizability<>(machine, command -> "all", DEFAULT_STEPS);
  }

  /**
   * Judges the commands of each key alone, which takes far fewer steps. A history is linearizable
   * if that of each key is (Herlihy and Wing 1990), provided that no command sees or changes what
   * belongs to another key.
   */
  public Linearizability<C, R> perKey(Function<? super C, ?> keyOf) {
    return new Linearizability<>(machine, keyOf, maxSteps);
  }

  /**
   * @param steps after which a key is undecided: as many commands are tried, or prefixes compared
   */
  public Linearizability<C, R> maxSteps(long steps) {
    return new Linearizability<>(machine, key, steps);
  }

  /**
   * Throws unless the history is surely linearizable.
   *
   * @throws AssertionError with an explanation, also if the verdict is undecided
   */
  public void requireLinearizable(History<C, R> history) {
    var verdict = check(history);
    if (!(verdict instanceof Verdict.Linearizable)) {
      throw new AssertionError(verdict.toString());
    }
  }

  /** One key that is not linearizable decides; else one that is undecided. */
  public Verdict check(History<C, R> history) {
    return check(new Model<>(machine), history);
  }

  private <S> Verdict check(Model<C, R, S> model, History<C, R> history) {
    Verdict undecided = null;
    var steps = 0L;
    for (var part : byKey(history).entrySet()) {
      var search = new Search<>(model, part.getValue());
      search.run(maxSteps);
      steps += search.steps();
      if (search.found()) {
        continue;
      }
      var culprit = search.furthest().pending().first();
      var explanation = new Explanation<>(model, search.furthest()).of(part.getKey());
      if (search.exhausted()) {
        return new Verdict.NotLinearizable(part.getKey(), culprit, explanation, steps);
      }
      if (undecided == null) {
        undecided = new Verdict.Undecided(part.getKey(), culprit, explanation, search.steps());
      }
    }
    return undecided == null ? new Verdict.Linearizable(steps) : undecided;
  }

  private Map<Object, List<Operation<C, R>>> byKey(History<C, R> history) {
    var parts = new LinkedHashMap<Object, List<Operation<C, R>>>();
    for (var operation : history.operations()) {
      parts.computeIfAbsent(key.apply(operation.command()), k -> new ArrayList<>()).add(operation);
    }
    return parts;
  }
}
