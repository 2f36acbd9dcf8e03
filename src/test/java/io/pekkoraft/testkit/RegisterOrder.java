package io.pekkoraft.testkit;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toList;

import io.pekkoraft.testkit.Registers.Command;
import io.pekkoraft.testkit.Registers.CompareAndSet;
import io.pekkoraft.testkit.Registers.Get;
import io.pekkoraft.testkit.Registers.Put;
import io.pekkoraft.testkit.linearizability.History;
import io.pekkoraft.testkit.linearizability.Operation;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Judges histories of {@link Registers} in which no value is written twice to a key. Whoever reads
 * a value then says which write was the last one, and a write that was answered says which was
 * before it, so the order need not be searched for: this is exact, and takes no longer for any
 * number of unknown outcomes (after Gibbons and Korach, Testing Shared Memories, 1997, where such a
 * mapping from reads to writes is given as well).
 */
final class RegisterOrder {
  private static final String NOTHING = "";

  private final Object key;
  private final Map<String, Reign> reigns = new TreeMap<>();

  private RegisterOrder(Object key) {
    this.key = key;
  }

  /**
   * @throws AssertionError when the history of a key is not linearizable
   * @throws IllegalArgumentException when a value is written twice to a key
   */
  static void requireLinearizable(History<Command, String> history) {
    history.operations().stream()
        .collect(groupingBy(operation -> operation.command().key(), TreeMap::new, toList()))
        .forEach((key, operations) -> new RegisterOrder(key).judge(operations));
  }

  /** The time in which a register holds one value: its write, and all who found it. */
  private static final class Reign {
    private final String value;
    private Operation<Command, String> write;
    private String before;
    private Span found = Span.NONE;

    private Reign(String value) {
      this.value = value;
    }

    private boolean isSure() {
      return value.equals(NOTHING) || found != Span.NONE || (write != null && !write.isUnknown());
    }

    private Span span() {
      return write == null ? found : Span.of(write).and(found);
    }
  }

  /** Of some operations the one that was called last, and the one that returned first. */
  private record Span(
      Operation<Command, String> lastCalled, Operation<Command, String> firstReturned) {
    private static final Span NONE = new Span(null, null);

    private static Span of(Operation<Command, String> operation) {
      return new Span(operation, operation);
    }

    private Span and(Span other) {
      if (this == NONE || other == NONE) {
        return this == NONE ? other : this;
      }
      return new Span(
          lastCalled.called() > other.lastCalled.called() ? lastCalled : other.lastCalled,
          firstReturned.returned() < other.firstReturned.returned()
              ? firstReturned
              : other.firstReturned);
    }

    /** Nothing of {@code later} had returned before something of this was called. */
    private boolean mayPrecede(Span later) {
      return this == NONE || later == NONE || later.firstReturned.returned() >= lastCalled.called();
    }
  }

  private void judge(List<Operation<Command, String>> operations) {
    reign(NOTHING);
    operations.forEach(this::place);
    var next = successors();
    var runs = new ArrayList<Span>();
    var first = run(reigns.get(NOTHING), next);
    for (var reign : sure()) {
      if (reign.before == null && !reign.value.equals(NOTHING)) {
        var run = run(reign, next);
        requireOrder(first, run);
        runs.add(run);
      }
    }
    if (!next.isEmpty()) {
      throw violation("these values are each other's predecessors: " + next.keySet());
    }
    requireSomeOrder(runs);
  }

  private Reign reign(String value) {
    return reigns.computeIfAbsent(value, Reign::new);
  }

  private void place(Operation<Command, String> operation) {
    var command = operation.command();
    if (command instanceof Put put) {
      write(operation, put.value(), operation.result().orElse(null));
    } else if (command instanceof CompareAndSet cas) {
      if (operation.result().map(cas.expected()::equals).orElse(true)) {
        write(operation, cas.value(), cas.expected());
      } else {
        find(operation);
      }
    } else if (command instanceof Get && !operation.isUnknown()) {
      find(operation);
    }
  }

  private void write(Operation<Command, String> operation, String value, String before) {
    var reign = reign(value);
    if (reign.write != null || value.equals(NOTHING)) {
      throw new IllegalArgumentException(
          "Key " + key + ": the value \"" + value + "\" is written twice: " + operation);
    }
    reign.write = operation;
    reign.before = before;
  }

  private void find(Operation<Command, String> operation) {
    var reign = reign(operation.result().orElseThrow());
    reign.found = reign.found.and(Span.of(operation));
  }

  /** Those that surely were; a write without an answer that nobody found counts as none. */
  private List<Reign> sure() {
    var all = new ArrayList<>(reigns.values().stream().filter(Reign::isSure).toList());
    for (var i = 0; i < all.size(); i++) {
      var before = all.get(i).before;
      if (before != null && !all.contains(reign(before))) {
        all.add(reign(before));
      }
    }
    return all;
  }

  private Map<String, Reign> successors() {
    var next = new HashMap<String, Reign>();
    for (var reign : sure()) {
      if (reign.write == null && !reign.value.equals(NOTHING)) {
        throw violation(
            "nobody wrote \"" + reign.value + "\", and it was there all the same: " + reign.found);
      }
      if (reign.before != null) {
        var other = next.put(reign.before, reign);
        if (other != null) {
          throw violation(
              "two came next after the same value: " + other.write + " and " + reign.write);
        }
      }
    }
    return next;
  }

  /** All that follow one another without a gap. */
  private Span run(Reign head, Map<String, Reign> next) {
    var all = Span.NONE;
    for (var reign = head; reign != null; reign = next.remove(reign.value)) {
      if (reign.write != null) {
        requireOrder(Span.of(reign.write), reign.found);
      }
      requireOrder(all, reign.span());
      all = all.and(reign.span());
    }
    return all;
  }

  private void requireOrder(Span earlier, Span later) {
    if (!earlier.mayPrecede(later)) {
      throw violation(
          later.firstReturned()
              + " had returned before "
              + earlier.lastCalled()
              + " was called, and by the values it came after it");
    }
  }

  /**
   * If any two may come one before the other, all have an order: who must precede whom is acyclic.
   */
  private void requireSomeOrder(List<Span> runs) {
    for (var i = 0; i < runs.size(); i++) {
      for (var j = 0; j < i; j++) {
        if (!runs.get(i).mayPrecede(runs.get(j))) {
          requireOrder(runs.get(j), runs.get(i));
        }
      }
    }
  }

  private AssertionError violation(String what) {
    return new AssertionError("Not linearizable: key " + key + ": " + what);
  }
}
