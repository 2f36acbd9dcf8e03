package io.pekkoraft.testkit;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.apache.pekko.actor.Cancellable;
import org.apache.pekko.dispatch.Mailbox;
import scala.Function0;
import scala.concurrent.BlockContext;
import scala.concurrent.CanAwait;
import scala.concurrent.ExecutionContext;

/**
 * Everything that happens in one simulation, on one thread: which of the tasks that could run is
 * the next, decided by the seed, and what happens when, in virtual time. Time only moves when
 * nothing can run, so the CPU is infinitely fast.
 */
final class World {
  private static final int MAX_MESSAGES = 10_000;
  private static final int LOOK_EVERY = 64;

  /** Whose code runs, or is booted, on this thread. */
  private static final ThreadLocal<Node> CURRENT = new ThreadLocal<>();

  private final Thread thread = Thread.currentThread();
  private final SplittableRandom seeds;
  private final SplittableRandom order;
  private final Trace trace;
  private final List<Task> runnable = new ArrayList<>();
  private final PriorityQueue<Event> events =
      new PriorityQueue<>(Comparator.comparingLong(Event::at).thenComparingLong(Event::number));
  private long now;
  private long numbers;
  private int depth;
  private Throwable failure;
  private volatile Throwable foreign;

  private record Task(Node node, Runnable body) {}

  World(long seed, Trace trace) {
    this.seeds = new SplittableRandom(seed);
    this.order = seeds.split();
    this.trace = trace;
    Determinism.seedThreadLocalRandom(seeds.nextLong());
  }

  /** A source of its own for each thing that draws: what one draws does not move the others. */
  SplittableRandom random() {
    return seeds.split();
  }

  /** Virtual nanoseconds since the world began. */
  long now() {
    return now;
  }

  static Node currentNode() {
    return CURRENT.get();
  }

  /** Ends the run at the next step. */
  void fail(Throwable reason) {
    if (failure == null) {
      failure = reason;
    }
  }

  // What is to happen.

  /** An event of the world itself: a message arrives, a write is done, a fault strikes. */
  Cancellable after(long nanos, Runnable action) {
    return schedule(null, nanos, 0, action, null);
  }

  /** A timer of a node; what it starts runs on {@code executor}. */
  Cancellable schedule(
      Node node, long nanos, long period, Runnable action, ExecutionContext executor) {
    requireOwnThread("a timer");
    var event = new Event(node, now + Math.max(0, nanos), numbers++, period, action, executor);
    events.add(event);
    return event;
  }

  /** A mailbox or a future of a node can run. A dead process runs nothing. */
  void execute(Node node, Runnable body) {
    requireOwnThread("work");
    if (node.isAlive() && !node.park(body)) {
      runnable.add(new Task(node, body));
    }
  }

  /** Other threads are how a run stops being a function of its seed. */
  private void requireOwnThread(String what) {
    if (Thread.currentThread() != thread) {
      var leak =
          new IllegalStateException(
              what + " came from the foreign thread " + Thread.currentThread().getName());
      foreign = leak;
      throw leak;
    }
  }

  /** What of a node's could run waits until it is resumed. */
  void parkAll(Node node) {
    runnable.removeIf(task -> task.node() == node && node.park(task.body()));
  }

  private final class Event implements Cancellable {
    private final Node node;
    private final long at;
    private final long number;
    private final long period;
    private final Runnable action;
    private final ExecutionContext executor;
    private boolean over;
    private boolean cancelled;
    private Cancellable next;

    private Event(
        Node node, long at, long number, long period, Runnable action, ExecutionContext executor) {
      this.node = node;
      this.at = at;
      this.number = number;
      this.period = period;
      this.action = action;
      this.executor = executor;
    }

    private long at() {
      return at;
    }

    private long number() {
      return number;
    }

    private void happen() {
      if (over || (node != null && !node.isAlive())) {
        return;
      }
      if (node != null && node.park(this::happen)) {
        return; // Its scheduler stands still as well, and goes on where it was.
      }
      over = true;
      if (node == null) {
        action.run();
        return;
      }
      as(node, () -> executor.execute(period > 0 ? this::repeat : action));
    }

    /** A fixed delay counts from the end: a process that is paused finds one call and not many. */
    private void repeat() {
      action.run();
      if (!cancelled) {
        next = schedule(node, period, period, action, executor);
      }
    }

    @Override
    public boolean cancel() {
      cancelled = true;
      if (next != null) {
        return next.cancel();
      }
      var inTime = !over;
      over = true;
      return inTime;
    }

    @Override
    public boolean isCancelled() {
      return next != null ? next.isCancelled() : over;
    }
  }

  // What happens.

  /** Runs until {@code condition} holds. */
  boolean runUntil(BooleanSupplier condition, long deadline) {
    return pumping(
        () -> {
          while (true) {
            drain();
            throwFailure();
            if (condition.getAsBoolean()) {
              return true;
            }
            var next = events.peek();
            if (next == null || next.at() > deadline) {
              now = Math.max(now, deadline);
              return false;
            }
            events.poll();
            now = Math.max(now, next.at());
            next.happen();
          }
        });
  }

  private void throwFailure() {
    if (foreign != null) {
      throw new IllegalStateException("The simulation left its thread.", foreign);
    }
    if (failure instanceof RuntimeException e) {
      throw e;
    }
    if (failure instanceof Error e) {
      throw e;
    }
    if (failure != null) {
      throw new IllegalStateException(failure);
    }
  }

  private void drain() {
    while (!runnable.isEmpty() && failure == null) {
      var last = runnable.size() - 1;
      var chosen = last == 0 ? 0 : order.nextInt(last + 1);
      var task = runnable.get(chosen);
      var moved = runnable.remove(last);
      if (chosen != last) {
        runnable.set(chosen, moved);
      }
      run(task);
    }
  }

  private void run(Task task) {
    if (!task.node().isAlive()) {
      return;
    }
    trace.step(now, task.node(), task.body());
    requireBound(task);
    depth++;
    try {
      as(task.node(), task.body());
    } catch (Throwable e) {
      fail(e);
    } finally {
      depth--;
    }
  }

  /** The CPU is infinitely fast here, so what grows in a mailbox will grow without a bound. */
  private void requireBound(Task task) {
    if (trace.steps() % LOOK_EVERY == 0
        && task.body() instanceof Mailbox mailbox
        && mailbox.numberOfMessages() > MAX_MESSAGES + task.node().replayed()) {
      fail(new AssertionError(task.node() + " has a mailbox that grows without a bound"));
    }
  }

  void as(Node node, Runnable body) {
    var before = CURRENT.get();
    CURRENT.set(node);
    try {
      body.run();
    } finally {
      CURRENT.set(before);
    }
  }

  /** Boots what {@code body} makes as a part of the node; what it awaits happens meanwhile. */
  void boot(Node node, Runnable body) {
    pumping(
        () -> {
          as(node, body);
          return null;
        });
  }

  /** Whoever awaits on this one thread lets the rest of the world go on until it can be there. */
  private <T> T pumping(Supplier<T> body) {
    var pump =
        new BlockContext() {
          @Override
          public <R> R blockOn(Function0<R> awaited, CanAwait permission) {
            if (depth > 0) {
              fail(new IllegalStateException("A blocking call inside an actor."));
            }
            var before = CURRENT.get();
            drain();
            CURRENT.set(before);
            return awaited.apply();
          }
        };
    Function0<T> thunk = body::get;
    return BlockContext.withBlockContext(pump, thunk);
  }
}
