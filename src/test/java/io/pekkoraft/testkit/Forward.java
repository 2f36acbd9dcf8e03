package io.pekkoraft.testkit;

import io.pekkoraft.CommandContext;
import io.pekkoraft.CommandHandler;
import io.pekkoraft.StateMachine;
import io.pekkoraft.model.LogIndex;
import io.pekkoraft.model.Term;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * Judges reads of a session: a client that has seen a state, or written to it, is never shown an
 * older one (thesis §6.4). It knows every state that there was, by applying all commands itself.
 */
final class Forward<C, R> {
  private final States<C, R, ?> states;
  private final Map<C, Long> places = new HashMap<>();

  /** Every state, by the index of the command that led to it. */
  private static final class States<C, R, S> {
    private final CommandHandler<C, R, S> handler;
    private final TreeMap<Long, S> states = new TreeMap<>();

    private States(StateMachine<C, R, S> machine) {
      this.handler = machine.commandHandler();
      states.put(0L, machine.emptyState());
    }

    private void apply(LogIndex index, Term term, C command) {
      var before = states.lastEntry().getValue();
      try {
        var effect = handler.handle(new CommandContext(index, term), before, command);
        states.put(index.value(), effect.newState().orElse(before));
      } catch (Exception | AssertionError e) {
        states.put(index.value(), before);
      }
    }

    /** The oldest state, as old as {@code seen} at most, in which the query has this result. */
    private long find(long seen, C query, R result) {
      var index = states.floorKey(seen);
      while (index != null) {
        var context = new CommandContext(LogIndex.of(index), Term.ZERO);
        if (handler.handle(context, states.get(index), query).result().equals(result)) {
          return Math.max(seen, index);
        }
        index = states.higherKey(index);
      }
      throw new AssertionError(
          "a read sees what it must: "
              + query
              + " gave "
              + result
              + ", and not since index "
              + seen);
    }
  }

  Forward(StateMachine<C, R, ?> machine) {
    this.states = new States<>(machine);
  }

  /** A command takes effect, for the first time. */
  void applied(LogIndex index, Term term, C command) {
    states.apply(index, term, command);
    places.putIfAbsent(command, index.value());
  }

  /** Where a command took effect. */
  long placeOf(C command) {
    return places.getOrDefault(command, 0L);
  }

  /**
   * From where on a client knows the state that it was shown.
   *
   * @param seen what it had seen before it asked
   */
  long explain(long seen, Request<C, R> read) {
    return states.find(seen, read.command(), read.result());
  }
}
