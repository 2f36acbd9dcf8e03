package io.pekkoraft.testkit.linearizability;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.TreeSet;

/**
 * Looks for a linearization, best first: the prefix that has got furthest is extended before
 * others, and an operation whose outcome is unknown is taken to have happened only where it helps.
 *
 * <p>Two prefixes with the same operations to come and the same state have the same future (Lowe's
 * memo), but for the unknown operations that they have left. So one that supposes more of them than
 * another at the same position is dropped: whatever it could become, the other can. This is what
 * keeps hundreds of unknown operations from being tried in all their combinations.
 */
final class Search<C, R, S> {
  /** To suppose an unknown operation is as bad as to fall so many operations behind. */
  private static final int UNKNOWN_COSTS = 8;

  private static final Comparator<Operation<?, ?>> BY_RETURN =
      Comparator.comparingLong(Operation::returned);

  private final Model<C, R, S> model;
  private final List<Operation<C, R>> done;
  private final List<Operation<C, R>> unknown;
  private final Map<Operation<C, R>, Operation<C, R>> twins = new HashMap<>();
  private final Map<Prefix.Position<C, R, S>, List<Set<Operation<C, R>>>> reached = new HashMap<>();
  private final PriorityQueue<Task<C, R, S>> tasks = new PriorityQueue<>();
  private Prefix<C, R, S> furthest;
  private long tasksMade;
  private long steps;

  /**
   * A prefix to be extended, by an operation that has returned or by an unknown one.
   *
   * @param number the newest of equally good ones comes first, so that the search goes deep
   */
  private record Task<C, R, S>(Prefix<C, R, S> prefix, boolean byUnknown, long number)
      implements Comparable<Task<C, R, S>> {
    private long score() {
      var supposed = prefix.unknown().size() + (byUnknown ? 1 : 0);
      return prefix.length() - (long) UNKNOWN_COSTS * supposed;
    }

    @Override
    public int compareTo(Task<C, R, S> other) {
      var better = Long.compare(other.score(), score());
      return better != 0 ? better : Long.compare(other.number, number);
    }
  }

  /**
   * @param operations in the order of their calls
   */
  Search(Model<C, R, S> model, List<Operation<C, R>> operations) {
    this.model = model;
    this.done = operations.stream().filter(each -> !each.isUnknown()).toList();
    this.unknown = operations.stream().filter(each -> each.isUnknown() && !each.isRead()).toList();
    findTwins();
    var nothing =
        new Prefix<C, R, S>(
            null, null, model.emptyState(), new TreeSet<>(BY_RETURN), 0, Set.of(), 0);
    this.furthest = nothing.opening(done);
    reach(furthest);
  }

  /** Of unknown operations with equal commands the first comes first; no other order differs. */
  private void findTwins() {
    var newest = new HashMap<C, Operation<C, R>>();
    for (var operation : unknown) {
      twins.put(operation, newest.put(operation.command(), operation));
    }
  }

  /** Goes on until it is {@link #found} or {@link #exhausted}, or has made so many steps. */
  void run(long maxSteps) {
    while (!found() && !exhausted() && steps < maxSteps) {
      var task = tasks.remove();
      if (task.byUnknown) {
        suppose(task.prefix);
      } else if (!extendByRead(task.prefix)) {
        extendByAny(task.prefix);
        tasks.add(new Task<>(task.prefix, true, ++tasksMade));
      }
    }
  }

  boolean found() {
    return furthest.pending().isEmpty();
  }

  boolean exhausted() {
    return tasks.isEmpty();
  }

  /** How often a command was tried, or a prefix was compared with another. */
  long steps() {
    return steps;
  }

  /** A linearization, if there is one; else the prefix that explains the most of the history. */
  Prefix<C, R, S> furthest() {
    return furthest;
  }

  /**
   * A read that fits comes next for good: it costs the others nothing, and waiting gains nothing.
   */
  private boolean extendByRead(Prefix<C, R, S> prefix) {
    return prefix.pending().stream().anyMatch(next -> next.isRead() && extendBy(next, prefix));
  }

  private void extendByAny(Prefix<C, R, S> prefix) {
    // Whoever returned first is reached last, and so it is the first to be extended.
    for (var next : prefix.pending().descendingSet()) {
      if (!next.isRead()) {
        extendBy(next, prefix);
      }
    }
  }

  private boolean extendBy(Operation<C, R> next, Prefix<C, R, S> prefix) {
    steps++;
    var state = model.after(prefix.state(), next);
    state.ifPresent(after -> reach(prefix.with(next, after, done)));
    return state.isPresent();
  }

  private void suppose(Prefix<C, R, S> prefix) {
    for (var operation : unknown) {
      if (operation.called() > prefix.deadline()) {
        return;
      }
      if (mayHappen(operation, prefix.unknown())) {
        steps++;
        model
            .after(prefix.state(), operation)
            .filter(state -> !state.equals(prefix.state()))
            .ifPresent(state -> reach(prefix.withUnknown(operation, state)));
      }
    }
  }

  private boolean mayHappen(Operation<C, R> operation, Set<Operation<C, R>> happened) {
    var twin = twins.get(operation);
    return !happened.contains(operation) && (twin == null || happened.contains(twin));
  }

  private void reach(Prefix<C, R, S> prefix) {
    var supposed = reached.computeIfAbsent(prefix.position(), position -> new ArrayList<>(1));
    steps += supposed.size();
    if (supposed.stream().anyMatch(prefix.unknown()::containsAll)) {
      return;
    }
    supposed.add(prefix.unknown());
    tasks.add(new Task<>(prefix, false, ++tasksMade));
    if (prefix.deadline() > furthest.deadline()) {
      furthest = prefix;
    }
  }
}
