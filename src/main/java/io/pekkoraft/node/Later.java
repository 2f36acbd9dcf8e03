package io.pekkoraft.node;

import java.time.Duration;
import org.apache.pekko.actor.Cancellable;

/** Does something after a while. */
@FunctionalInterface
interface Later {
  Cancellable run(Duration delay, Runnable task);
}
