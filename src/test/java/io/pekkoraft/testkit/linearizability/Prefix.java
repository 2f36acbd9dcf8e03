package io.pekkoraft.testkit.linearizability;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeSet;

/**
 * The beginning of a linearization: operations in the order in which they may have taken effect.
 *
 * @param before the prefix without its last operation, null if this is the empty one
 * @param state after the last operation
 * @param pending who may come next: what was called before {@link #deadline()} and has returned, in
 *     the order of the returns
 * @param opened how many were ever pending
 * @param unknown which unknown operations are taken to have happened
 * @param length how many others there are
 */
record Prefix<C, R, S>(
    Prefix<C, R, S> before,
    Operation<C, R> last,
    S state,
    NavigableSet<Operation<C, R>> pending,
    int opened,
    Set<Operation<C, R>> unknown,
    int length) {

  /** Who called after this must come later, because someone has returned by then who is to come. */
  long deadline() {
    return pending.isEmpty() ? Operation.NEVER : pending.first().returned();
  }

  /** Two prefixes at one position have the same future but for the unknown operations left. */
  record Position<C, R, S>(NavigableSet<Operation<C, R>> pending, S state) {}

  Position<C, R, S> position() {
    return new Position<>(pending, state);
  }

  Prefix<C, R, S> withUnknown(Operation<C, R> operation, S next) {
    var more = new HashSet<>(unknown);
    more.add(operation);
    return new Prefix<>(this, operation, next, pending, opened, more, length);
  }

  /**
   * @param calls all operations that have returned, in the order of their calls
   */
  Prefix<C, R, S> with(Operation<C, R> operation, S next, List<Operation<C, R>> calls) {
    var left = new TreeSet<>(pending);
    left.remove(operation);
    return new Prefix<>(this, operation, next, left, opened, unknown, length + 1).opening(calls);
  }

  /** Makes those pending who called before the deadline, which they may bring forward. */
  Prefix<C, R, S> opening(List<Operation<C, R>> calls) {
    var open = new TreeSet<>(pending);
    var next = opened;
    while (next < calls.size()
        && (open.isEmpty() || calls.get(next).called() < open.first().returned())) {
      open.add(calls.get(next++));
    }
    return new Prefix<>(before, last, state, open, next, unknown, length);
  }

  /** From the first operation on. */
  List<Operation<C, R>> operations() {
    var operations = new ArrayList<Operation<C, R>>();
    for (var prefix = this; prefix.before != null; prefix = prefix.before) {
      operations.add(prefix.last);
    }
    Collections.reverse(operations);
    return operations;
  }
}
