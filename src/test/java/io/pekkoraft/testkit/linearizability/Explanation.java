package io.pekkoraft.testkit.linearizability;

import io.pekkoraft.Effect;
import java.util.StringJoiner;

/** Why a prefix goes no further, for people. */
final class Explanation<C, R, S> {
  private static final int LINES = 10;

  private final Model<C, R, S> model;
  private final Prefix<C, R, S> prefix;

  Explanation(Model<C, R, S> model, Prefix<C, R, S> prefix) {
    this.model = model;
    this.prefix = prefix;
  }

  String of(Object key) {
    var lines = new StringJoiner("\n  ");
    lines.add(
        ": key " + key + ", " + prefix.length() + " operations explained, but not the return of");
    lines.add(prefix.pending().first().toString());
    lines.add("The furthest explanation ends with");
    var operations = prefix.operations();
    operations.stream()
        .skip(Math.max(0, operations.size() - LINES))
        .forEach(operation -> lines.add("  " + operation));
    lines.add("in the state " + prefix.state() + ", in which");
    prefix.pending().stream()
        .limit(LINES)
        .forEach(operation -> lines.add("  " + inState(operation)));
    return lines.toString();
  }

  private String inState(Operation<C, R> operation) {
    return operation
        + model
            .effect(prefix.state(), operation.command())
            .map(Effect::result)
            .map(
                result -> operation.result().get().equals(result) ? " fits" : " would be " + result)
            .orElse(" would fail");
  }
}
