package io.pekkoraft.sharding;

import io.pekkoraft.RaftException.Overloaded;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;

/**
 * Where a type's commands come in, and go on to the group of their entity. Until it is settled into
 * how many groups the entities are hashed they wait; with another number than before, nothing is
 * passed on, for the entities would seem to be empty.
 */
final class Region extends AbstractBehavior<Region.Message> {
  private static final int MAX_WAITING = 10_000;

  private final List<ActorRef<GroupDesk.Message>> desks;
  private final Deque<Delivery> waiting = new ArrayDeque<>();
  private Optional<Settled> settled = Optional.empty();

  sealed interface Message {}

  /** A command on its way. */
  record Route(Delivery delivery) implements Message {}

  /**
   * How many groups there are is known.
   *
   * @param refused why nothing can be passed on, if so
   */
  record Settled(Optional<Throwable> refused) implements Message {}

  private Region(ActorContext<Message> context, List<ActorRef<GroupDesk.Message>> desks) {
    super(context);
    this.desks = desks;
  }

  /**
   * @param desks of the groups, in their order
   */
  static Behavior<Message> create(List<ActorRef<GroupDesk.Message>> desks) {
    return Behaviors.setup(context -> new Region(context, desks));
  }

  /** The group of an entity: the same for ever, on every node. */
  static int groupOf(String entityId, int groups) {
    var hash = entityId.hashCode() * 0x9E3779B9;
    return Math.floorMod(hash ^ hash >>> 16, groups);
  }

  @Override
  public Receive<Message> createReceive() {
    return newReceiveBuilder()
        .onMessage(Route.class, this::onRoute)
        .onMessage(Settled.class, this::onSettled)
        .build();
  }

  private Behavior<Message> onRoute(Route route) {
    if (settled.isPresent()) {
      pass(route.delivery());
    } else if (waiting.size() < MAX_WAITING) {
      waiting.addLast(route.delivery());
    } else {
      route.delivery().fail(new Overloaded("Too many commands wait for the groups to begin."));
    }
    return this;
  }

  private Behavior<Message> onSettled(Settled message) {
    settled = Optional.of(message);
    while (!waiting.isEmpty()) {
      pass(waiting.removeFirst());
    }
    return this;
  }

  private void pass(Delivery delivery) {
    settled
        .flatMap(Settled::refused)
        .ifPresentOrElse(
            delivery::fail,
            () ->
                desks
                    .get(groupOf(delivery.entityId(), desks.size()))
                    .tell(new GroupDesk.Deliver(delivery)));
  }
}
