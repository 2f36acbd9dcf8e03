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
  private boolean running;

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
    if (!running) {
      timers.startSingleTimer(TIMEOUT, TIMEOUT, wait);
      running = true;
    }
  }

  void startUnlessRunning() {
    if (!running) {
      restart();
    }
  }

  void cancel() {
    timers.cancel(TIMEOUT);
    running = false;
  }

  /** It went off: says whether the time is really up; if not, it is set for what remains. */
  boolean isUp() {
    var left = deadline - nanoTime.getAsLong();
    running = left > 0;
    if (running) {
      timers.startSingleTimer(TIMEOUT, TIMEOUT, Duration.ofNanos(left));
    }
    return !running;
  }
}
