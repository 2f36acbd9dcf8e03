package io.pekkoraft.demo;

import java.util.stream.Stream;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.remote.RARP;
import org.apache.pekko.remote.transport.ThrottlerTransportAdapter;

/**
 * Takes the network of an actor system away. An actor system that ends tells the others that its
 * actors have stopped, which a process that is killed does not; so it must not be heard first.
 */
@SuppressWarnings("deprecation") // What it tells the transport is named in an older one, which is.
final class Blackout {
  private Blackout() {}

  /**
   * From now on not a byte goes to the others or comes from them. Needs {@code
   * pekko.remote.artery.advanced.test-mode}, which is Pekko's own way to test this.
   *
   * @param others where they are
   */
  static void between(ActorSystem<?> system, Stream<Address> others) {
    var transport = ((RARP) RARP.get(system)).provider().transport();
    var both = both();
    others.forEach(
        other ->
            transport.managementCommand(
                new ThrottlerTransportAdapter.SetThrottle(
                    other, both, ThrottlerTransportAdapter.Blackhole$.MODULE$)));
  }

  /** An object within an object of Scala, which has no name in Java. */
  private static ThrottlerTransportAdapter.Direction both() {
    try {
      return (ThrottlerTransportAdapter.Direction)
          Class.forName(ThrottlerTransportAdapter.Direction.class.getName() + "$Both$")
              .getField("MODULE$")
              .get(null);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("Pekko's remoting is another one.", e);
    }
  }
}
