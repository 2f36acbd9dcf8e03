package io.pekkoraft.testkit.linearizability;

import io.pekkoraft.testkit.linearizability.RegisterTestbed.Command;
import io.pekkoraft.testkit.linearizability.RegisterTestbed.Registers;
import java.util.ArrayList;
import java.util.List;
import org.pcollections.PMap;

/**
 * What linearizable means, word for word: some order of the operations fits. Tries them all.
 *
 * @param until who returned later may be left out
 */
record EveryOrderTestbed(
    List<Operation<Command, Integer>> left, PMap<String, Integer> state, long until) {
  static boolean explains(List<Operation<Command, Integer>> operations, long until) {
    return new EveryOrderTestbed(operations, new Registers().emptyState(), until).isPossible();
  }

  private boolean isPossible() {
    return left.stream().allMatch(operation -> operation.returned() > until)
        || left.stream().filter(this::mayComeNext).anyMatch(this::isPossibleAfter);
  }

  private boolean mayComeNext(Operation<Command, Integer> operation) {
    return left.stream().noneMatch(other -> other.returned() < operation.called());
  }

  private boolean isPossibleAfter(Operation<Command, Integer> operation) {
    var next = after(state, operation);
    var others = new ArrayList<>(left);
    others.remove(operation);
    return next != null && new EveryOrderTestbed(others, next, until).isPossible();
  }

  /** Null if the operation can't have had its result in this state. */
  static PMap<String, Integer> after(
      PMap<String, Integer> state, Operation<Command, Integer> operation) {
    var effect = new Registers().handle(state, operation.command());
    return operation.result().filter(result -> !result.equals(effect.result())).isPresent()
        ? null
        : effect.newState().orElse(state);
  }
}
