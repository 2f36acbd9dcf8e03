package io.pekkoraft.sharding;

import java.util.Optional;
import org.apache.pekko.actor.Status;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * A command on its way to an entity.
 *
 * @param asker hears why there is no reply, if somebody asked and did not only tell
 * @param attempts how often it was decided on a state that came to nothing
 */
record Delivery(String entityId, Object command, Optional<ActorRef<Object>> asker, int attempts) {
  Delivery onceMore() {
    return new Delivery(entityId, command, asker, attempts + 1);
  }

  /** An ask fails with it. */
  void fail(Throwable reason) {
    asker.ifPresent(ref -> ref.tell(new Status.Failure(reason)));
  }
}
