package io.pekkoraft.testkit;

import java.util.function.Consumer;
import org.apache.pekko.actor.ChildActorPath;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.actor.FunctionRef;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import scala.runtime.BoxedUnit;

/** A reference without an actor: what is told to it is heard at once. */
final class Ear {
  private Ear() {}

  @SuppressWarnings("unchecked") // Whoever answers was given the reference under this type.
  static <T> ActorRef<T> of(Node node, Consumer<T> listener) {
    var system = (ExtendedActorSystem) Adapter.toClassic(node.system());
    var provider = system.provider();
    return Adapter.toTyped(
        new FunctionRef(
            new ChildActorPath(provider.rootPath(), "client", 0),
            provider,
            system,
            (sender, message) -> {
              listener.accept((T) message);
              return BoxedUnit.UNIT;
            }));
  }
}
