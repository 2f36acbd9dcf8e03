package io.pekkoraft;

import io.pekkoraft.model.PeerId;
import java.util.SortedSet;
import java.util.function.Supplier;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/** The parent of a group's peers in one actor system; restarts one that fails, after a while. */
final class GroupGuardian {
  private static final double BACKOFF_JITTER = 0.2;

  private GroupGuardian() {}

  /** Stops all peers, and answers when they have stopped. */
  record Stop(ActorRef<Done> replyTo) {}

  static Behavior<Stop> create(
      String group,
      SortedSet<PeerId> peers,
      Supplier<? extends StateMachine<?, ?, ?>> machine,
      RaftSettings settings) {
    var restart =
        SupervisorStrategy.restartWithBackoff(
            settings.restartBackoff().min(), settings.restartBackoff().max(), BACKOFF_JITTER);
    return Behaviors.setup(
        context -> {
          for (var peer : peers) {
            var behavior =
                Behaviors.setup(
                    ignored ->
                        Raft.create(group, peer, peers, machine.get(), settings).unsafeCast());
            context.spawn(
                Behaviors.supervise(behavior).onFailure(restart),
                peer.value(),
                DispatcherSelector.fromConfig(settings.dispatcher()));
          }
          return Behaviors.receive(Stop.class)
              .onMessage(
                  Stop.class, stop -> Behaviors.stopped(() -> stop.replyTo().tell(Done.done())))
              .build();
        });
  }
}
