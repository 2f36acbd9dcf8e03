package io.pekkoraft.sharding;

import java.time.Duration;

/**
 * A command on its way to an entity.
 *
 * @param deadline until when somebody waits, by {@link System#nanoTime()} of this node
 * @param turn when it came to this node, of all that did; 0 while it has not been numbered
 * @param attempts how often it was decided on a state that came to nothing
 */
record Delivery(
    String entityId, Object command, Asker asker, long deadline, long turn, int attempts) {
  static Delivery of(String entityId, Object command, Asker asker, Duration patience) {
    return new Delivery(entityId, command, asker, System.nanoTime() + patience.toNanos(), 0, 0);
  }

  Delivery inTurn(long number) {
    return new Delivery(entityId, command, asker, deadline, number, attempts);
  }

  Delivery onceMore() {
    return new Delivery(entityId, command, asker, deadline, turn, attempts + 1);
  }

  /** How long somebody waits yet; negative when nobody does. */
  Duration patience() {
    return Duration.ofNanos(deadline - System.nanoTime());
  }

  /** Nobody waits any more. */
  boolean isLate() {
    return deadline - System.nanoTime() < 0;
  }

  /** Surely or perhaps nothing happened, as the reason says. */
  void fail(Throwable reason) {
    asker.failed(reason);
  }

  void served() {
    asker.served();
  }
}
