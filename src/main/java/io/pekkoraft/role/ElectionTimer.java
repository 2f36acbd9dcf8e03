package io.pekkoraft.role;

import io.pekkoraft.Inspection.Wait;
import io.pekkoraft.election.ElectionTimeout;
import io.pekkoraft.protocol.RaftMessage;
import io.pekkoraft.protocol.SelfMessage;
import java.time.Duration;
import java.util.Optional;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;

/**
 * Goes off when nothing was heard for an election time-out. It is restarted with every message of a
 * leader, thousands of times a second, so a restart only moves the deadline; a timer that goes off
 * before the deadline is set again for the rest.
 */
final class ElectionTimer {
  private static final SelfMessage TIMEOUT = new SelfMessage.ElectionTimeout();

  private final ActorRef<RaftMessage> self;
  private final TimerScheduler<RaftMessage> timers;
  private final LongSupplier nanoTime;
  private final RandomGenerator random;
  private final ElectionTimeout timeout;
  private final IntSupplier rank;
  private long deadline;
  private Duration whole = Duration.ZERO;
  private boolean running;
  private boolean lastCall;
  private boolean resting;

  /**
   * @param rank how many others should stand for election before this peer
   */
  ElectionTimer(
      ActorRef<RaftMessage> self,
      TimerScheduler<RaftMessage> timers,
      Environment environment,
      ElectionTimeout timeout,
      IntSupplier rank) {
    this.self = self;
    this.timers = timers;
    this.nanoTime = environment.nanoTime();
    this.random = environment.random();
    this.timeout = timeout;
    this.rank = rank;
  }

  /** Waits a whole time-out from now on, drawn anew (§5.2), and lets others go first. */
  void restart() {
    var wait = timeout.draw(random).plus(deference());
    expect(wait);
    if (!running || resting) {
      start(wait);
    }
  }

  /**
   * The leader is gone: stands when it is this peer's turn.
   *
   * @param place how many stand before it
   */
  void succeed(int place) {
    var wait = timeout.succession(place, random).plus(deference());
    expect(wait);
    start(wait);
  }

  private Duration deference() {
    return timeout.deference(rank.getAsInt());
  }

  private void expect(Duration wait) {
    deadline = nanoTime.getAsLong() + wait.toNanos();
    whole = wait;
    lastCall = false;
  }

  private void start(Duration wait) {
    timers.startSingleTimer(TIMEOUT, TIMEOUT, wait);
    running = true;
    resting = false;
  }

  /** Waits for so long, however short the time-outs are; whatever restarts it ends that. */
  void rest(Duration wait) {
    expect(wait);
    start(wait);
    resting = true;
  }

  void startUnlessRunning() {
    if (!running || resting) {
      restart();
    }
  }

  /** How much is left of the time-out; empty when it does not run. */
  Optional<Wait> waiting() {
    var left = Math.max(0, deadline - nanoTime.getAsLong());
    return running ? Optional.of(new Wait(Duration.ofNanos(left), whole)) : Optional.empty();
  }

  void cancel() {
    timers.cancel(TIMEOUT);
    running = false;
    resting = false;
  }

  /**
   * It went off: says whether nothing was heard for a whole time-out. What waits in the mailbox
   * counts as heard: after a pause (of the garbage collector, of the machine) the leader's messages
   * lie there, behind this one. So the peer calls itself once more, behind them.
   */
  boolean isUp() {
    if (!running) {
      return false; // It was cancelled after the call had been made.
    }
    var left = deadline - nanoTime.getAsLong();
    if (left > 0) {
      timers.startSingleTimer(TIMEOUT, TIMEOUT, Duration.ofNanos(left));
      return false;
    }
    if (!lastCall) {
      lastCall = true;
      self.tell(TIMEOUT);
      return false;
    }
    lastCall = false;
    running = false;
    return true;
  }
}
