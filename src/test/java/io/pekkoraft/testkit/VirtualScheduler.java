package io.pekkoraft.testkit;

import com.typesafe.config.Config;
import java.util.Objects;
import java.util.concurrent.ThreadFactory;
import org.apache.pekko.actor.AbstractScheduler;
import org.apache.pekko.actor.Cancellable;
import org.apache.pekko.event.LoggingAdapter;
import scala.concurrent.ExecutionContext;
import scala.concurrent.duration.FiniteDuration;

/** Pekko's scheduler in virtual time, by the clock of its node, which may run fast or slow. */
public final class VirtualScheduler extends AbstractScheduler {
  private static final double MAX_FREQUENCY = 1e6;

  private final Node node;

  /** Called by Pekko while the node boots. */
  public VirtualScheduler(Config config, LoggingAdapter log, ThreadFactory threads) {
    node = Objects.requireNonNull(World.currentNode(), "No node is booting on this thread.");
  }

  @Override
  @SuppressWarnings("deprecation") // It is what the methods that are not deprecated come to.
  public Cancellable schedule(
      FiniteDuration initial, FiniteDuration interval, Runnable task, ExecutionContext executor) {
    return node.schedule(initial.toNanos(), Math.max(1, interval.toNanos()), task, executor);
  }

  @Override
  public Cancellable scheduleOnce(FiniteDuration delay, Runnable task, ExecutionContext executor) {
    return node.schedule(delay.toNanos(), 0, task, executor);
  }

  @Override
  public double maxFrequency() {
    return MAX_FREQUENCY;
  }
}
