package io.pekkoraft.role;

import io.pekkoraft.election.ElectionTimeout;
import io.pekkoraft.protocol.RaftMessage;
import io.pekkoraft.protocol.SelfMessage;
import java.time.Duration;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;

/**
 * Goes off when nothing was heard for an election time-out. It is restarted with every message of a
 * leader, thousands of times a second, so a restart only moves the deadline; a timer that goes off
 * before the deadline is set again for the rest.
 */
final class ElectionTimer {
  private static final SelfMessage TIMEOUT = new SelfMessage.ElectionTimeout();

  private final TimerScheduler<RaftMessage> timers;
  private final LongSupplier nanoTime;
  private final RandomGenerator random;
  private final ElectionTimeout timeout;
  private long deadline;

  ElectionTimer(
      TimerScheduler<RaftMessage> timers, Environment environment, ElectionTimeout timeout) {
    this.timers = timers;
    this.nanoTime = environment.nanoTime();
    this.random = environment.random();
    this.timeout = timeout;
  }

  /** Waits a whole time-out from now on, drawn anew (§5.2). */
  void restart() {
    var wait = timeout.draw(random);
    deadline = nanoTime.getAsLong() + wait.toNanos();
    if (!timers.isTimerActive(TIMEOUT)) {
      timers.startSingleTimer(TIMEOUT, TIMEOUT, wait);
    }
  }

  void cancel() {
    timers.cancel(TIMEOUT);
  }

  /** Whether the time is up; if not, the timer is set for what remains. */
  boolean isUp() {
    var left = deadline - nanoTime.getAsLong();
    if (left <= 0) {
      return true;
    }
    timers.startSingleTimer(TIMEOUT, TIMEOUT, Duration.ofNanos(left));
    return false;
  }
}
