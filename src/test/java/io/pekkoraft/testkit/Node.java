package io.pekkoraft.testkit;

import io.pekkoraft.model.PeerId;
import java.util.ArrayDeque;
import java.util.Deque;
import org.apache.pekko.actor.Cancellable;
import org.apache.pekko.actor.typed.ActorSystem;
import scala.concurrent.ExecutionContext;

/**
 * One incarnation of a process: one actor system. Killed, nothing of it ever runs again; it is
 * simply abandoned.
 */
final class Node {
  private final World world;
  private final PeerId peer;
  private final int incarnation;
  private final Disk disk;
  private ActorSystem<?> system;
  private final Deque<Runnable> parked = new ArrayDeque<>();
  private double clockRate = 1;
  private long clockBase;
  private long clockSince;
  private boolean alive = true;
  private boolean paused;
  private long pausedUntil;
  private int replayed;

  Node(World world, PeerId peer, int incarnation, Disk disk) {
    this.disk = disk;
    this.world = world;
    this.peer = peer;
    this.incarnation = incarnation;
  }

  PeerId peer() {
    return peer;
  }

  int incarnation() {
    return incarnation;
  }

  Disk disk() {
    return disk;
  }

  void system(ActorSystem<?> booted) {
    system = booted;
  }

  ActorSystem<?> system() {
    return system;
  }

  boolean isAlive() {
    return alive;
  }

  /** Its journal puts so many events into one mailbox at once, as Pekko's journals do. */
  void replays(int events) {
    replayed += events;
  }

  int replayed() {
    return replayed;
  }

  void kill() {
    alive = false;
    parked.clear();
  }

  void execute(Runnable task) {
    world.execute(this, task);
  }

  /** A stop-the-world pause, SIGSTOP: time goes on, and nothing of the node runs. */
  void pause(long until) {
    paused = true;
    pausedUntil = Math.max(pausedUntil, until);
    world.parkAll(this);
  }

  /** Whether no other pause lasts longer. */
  boolean mayGoOn(long now) {
    return now >= pausedUntil;
  }

  boolean isPaused() {
    return paused;
  }

  void resume() {
    paused = false;
    while (!parked.isEmpty()) {
      world.execute(this, parked.removeFirst());
    }
  }

  boolean park(Runnable task) {
    if (paused) {
      parked.addLast(task);
    }
    return paused;
  }

  /**
   * @param rate 1.01 for a clock that runs one per cent fast from now on
   */
  void clockRate(double rate) {
    clockBase = nanoTime();
    clockSince = world.now();
    clockRate = rate;
  }

  /** The node's own monotonic clock, in nanoseconds. */
  long nanoTime() {
    return clockBase + (long) ((world.now() - clockSince) * clockRate);
  }

  Cancellable schedule(long nanos, long period, Runnable task, ExecutionContext executor) {
    return world.schedule(this, inWorldTime(nanos), inWorldTime(period), task, executor);
  }

  /** Rounded up: a timer that went off before its time would be set again, and again. */
  private long inWorldTime(long nanos) {
    return (long) Math.ceil(nanos / clockRate);
  }

  @Override
  public String toString() {
    return peer + "." + incarnation;
  }
}
