package io.pekkoraft.sharding;

import io.pekkoraft.RaftException.CommandFailed;
import io.pekkoraft.RaftGroup;
import io.pekkoraft.model.PeerId;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.apache.pekko.serialization.SerializationExtension;

/**
 * Where the commands of a group's entities are decided on this node, while it leads the group. Two
 * nodes may believe that they do: the group refuses what was decided on a state that another one
 * has changed.
 */
final class GroupDesk extends AbstractBehavior<GroupDesk.Message> {
  private static final Look LOOK = new Look();

  private final TimerScheduler<Message> timers;
  private final RaftGroup<GroupCommand, GroupResult> group;
  private final Function<String, ? extends EntityLogic<?, ?, ?>> logic;
  private final ShardingSettings settings;
  private final Packing packing;
  private final SplittableRandom random = new SplittableRandom();
  private final Map<String, EntityDesk<?, ?, ?>> desks = new LinkedHashMap<>(16, 0.75f, true);

  sealed interface Message {}

  /** A command for one of the group's entities. */
  record Deliver(Delivery delivery) implements Message {}

  /** The peer of this node leads the group: whoever was asked before is not any more. */
  record Lead(PeerId self) implements Message {}

  /** Another node leads the group: whoever waits goes to {@code region} and on from there. */
  record HandOver(ActorRef<Region.Message> region) implements Message {}

  private record Look() implements Message {}

  private record Answered(
      EntityDesk<?, ?, ?> desk, long serial, GroupResult result, Throwable failure)
      implements Message {}

  private GroupDesk(
      ActorContext<Message> context,
      TimerScheduler<Message> timers,
      RaftGroup<GroupCommand, GroupResult> group,
      Function<String, ? extends EntityLogic<?, ?, ?>> logic,
      ShardingSettings settings) {
    super(context);
    this.timers = timers;
    this.group = group;
    this.logic = logic;
    this.settings = settings;
    this.packing = new Packing(SerializationExtension.get(context.getSystem()));
  }

  static Behavior<Message> create(
      RaftGroup<GroupCommand, GroupResult> group,
      Function<String, ? extends EntityLogic<?, ?, ?>> logic,
      ShardingSettings settings) {
    Behavior<Message> desk =
        Behaviors.setup(
            context ->
                Behaviors.withTimers(
                    timers -> new GroupDesk(context, timers, group, logic, settings)));
    // Whatever it knows it can find anew.
    return Behaviors.supervise(desk).onFailure(SupervisorStrategy.restart());
  }

  @Override
  public Receive<Message> createReceive() {
    return newReceiveBuilder()
        .onMessage(Deliver.class, this::onDeliver)
        .onMessage(Lead.class, this::onLead)
        .onMessage(HandOver.class, this::onHandOver)
        .onMessage(Look.class, look -> onLook())
        .onMessage(Answered.class, this::onAnswered)
        .build();
  }

  private Behavior<Message> onDeliver(Deliver message) {
    var delivery = message.delivery();
    EntityDesk<?, ?, ?> desk;
    try {
      desk = desks.computeIfAbsent(delivery.entityId(), this::open);
    } catch (RuntimeException | AssertionError e) {
      delivery.fail(new CommandFailed("The entity can't be made: " + e, e));
      return this;
    }
    desk.deliver(delivery);
    passivate();
    lookLater();
    return this;
  }

  private EntityDesk<?, ?, ?> open(String id) {
    return new EntityDesk<>(
        id, logic.apply(id), packing, this::ask, random::nextLong, settings.limits());
  }

  /** Whoever was not asked since the last look goes; while there is nobody nobody looks. */
  private Behavior<Message> onLook() {
    desks.values().removeIf(desk -> desk.isForgotten());
    if (desks.isEmpty()) {
      timers.cancel(LOOK);
    }
    return this;
  }

  private void lookLater() {
    if (!timers.isTimerActive(LOOK)) {
      timers.startTimerWithFixedDelay(LOOK, LOOK, settings.passivateIdleAfter());
    }
  }

  /** Whoever was not asked for longest goes, unless somebody waits there. */
  private void passivate() {
    var eldest = desks.values().iterator();
    for (var left = desks.size() - settings.maxLive(); left > 0; left--) {
      if (eldest.next().isIdle()) {
        eldest.remove();
      }
    }
  }

  private void ask(EntityDesk<?, ?, ?> desk, long serial, GroupCommand command) {
    var self = getContext().getSelf();
    var answer =
        command instanceof GroupCommand.Persist ? group.propose(command) : group.read(command);
    answer.whenComplete(
        (result, failure) -> self.tell(new Answered(desk, serial, result, cause(failure))));
  }

  private static Throwable cause(Throwable failure) {
    return failure instanceof CompletionException ? failure.getCause() : failure;
  }

  private Behavior<Message> onAnswered(Answered message) {
    message.desk().answered(message.serial(), message.result(), message.failure());
    if (message.desk().isHandedOver()) {
      desks.values().remove(message.desk());
    }
    return this;
  }

  private Behavior<Message> onLead(Lead message) {
    group.hint(message.self());
    return this;
  }

  /** What was decided ahead of what is committed is forgotten with it. */
  private Behavior<Message> onHandOver(HandOver message) {
    for (var desk : desks.values()) {
      desk.handOver(delivery -> message.region().tell(new Region.Route(delivery)));
    }
    desks.values().removeIf(EntityDesk::isHandedOver);
    return this;
  }
}
