package io.pekkoraft.node;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.pekko.actor.Cancellable;

/** Timers whose time is over when a test says so. */
final class Timers implements Later {
  private final List<Timer> all = new ArrayList<>();

  static final class Timer implements Cancellable {
    private final Duration delay;
    private final Runnable task;
    private boolean cancelled;

    private Timer(Duration delay, Runnable task) {
      this.delay = delay;
      this.task = task;
    }

    Duration delay() {
      return delay;
    }

    Runnable task() {
      return task;
    }

    @Override
    public boolean cancel() {
      cancelled = true;
      return true;
    }

    @Override
    public boolean isCancelled() {
      return cancelled;
    }
  }

  @Override
  public Cancellable run(Duration delay, Runnable task) {
    var timer = new Timer(delay, task);
    all.add(timer);
    return timer;
  }

  /** All that ever were. */
  List<Timer> all() {
    return all;
  }
}
