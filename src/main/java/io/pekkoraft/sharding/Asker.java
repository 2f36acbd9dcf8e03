package io.pekkoraft.sharding;

import org.apache.pekko.actor.Status;
import org.apache.pekko.actor.typed.ActorRef;

/** Who wants to hear what became of a command, besides the reply that its handler sends. */
interface Asker {
  /** The command was only told: nobody hears. */
  Asker NOBODY = failure -> {};

  /** There is no reply, and why. */
  void failed(Throwable reason);

  /** The command's own reply is on its way, if it has one. */
  default void served() {}

  /** Somebody in this actor system, whose ask fails. */
  static Asker of(ActorRef<Object> asking) {
    return reason -> asking.tell(new Status.Failure(reason));
  }
}
