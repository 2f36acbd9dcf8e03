package io.pekkoraft.sharding.placement;

import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/**
 * The sharded entity of one group and replica: runs its peer for as long as the shard is here. It
 * is told nothing; who talks to the peer goes by its name.
 */
final class PeerHost {
  /** There is none. */
  interface Message {}

  private PeerHost() {}

  /**
   * @param peer runs the peer as long as it lives
   * @param runs told when it begins, and when it has ended
   */
  static Behavior<Message> create(Behavior<Void> peer, Runs runs) {
    return Behaviors.setup(
        context -> {
          context.spawn(peer, "peer");
          runs.changed(true);
          return Behaviors.<Message>receive(Message.class)
              .onSignal(
                  PostStop.class,
                  stopped -> {
                    runs.changed(false);
                    return Behaviors.same();
                  })
              .build();
        });
  }

  /** Runs nothing: the coordinator has sent a shard to where its journal is not. */
  static Behavior<Message> refuse(String group) {
    return Behaviors.setup(
        context -> {
          context.getLog().warn("The peer of {} has no journal here, and is not started.", group);
          return Behaviors.stopped();
        });
  }

  /** Who wants to know whether it runs; on any thread. */
  interface Runs {
    void changed(boolean runs);
  }
}
