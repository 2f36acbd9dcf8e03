package io.pekkoraft.sharding;

import java.time.Duration;

/**
 * A command on its way to an entity.
 *
 * @param deadline until when somebody waits, by {@link System#nanoTime()} of this node
 * @param attempts how often it was decided on a state that came to nothing
 */
record Delivery(String entityId, Object command, Asker asker, long deadline, int attempts) {
  static Delivery of(String entityId, Object command, Asker asker, Duration patience) {
    return new Delivery(entityId, command, asker, System.nanoTime() + patience.toNanos(), 0);
  }

  Delivery onceMore() {
    return new Delivery(entityId, command, asker, deadline, attempts + 1);
  }

  /** How long somebody waits yet; negative when nobody does. */
  Duration patience() {
    return Duration.ofNanos(deadline - System.nanoTime());
  }

  /** Surely or perhaps nothing happened, as the reason says. */
  void fail(Throwable reason) {
    asker.failed(reason);
  }

  void served() {
    asker.served();
  }
}
