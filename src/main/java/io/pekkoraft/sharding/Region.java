package io.pekkoraft.sharding;

import io.pekkoraft.RaftEvent.RoleChanged;
import io.pekkoraft.RaftException;
import io.pekkoraft.RaftException.NotLeader;
import io.pekkoraft.RaftException.OutcomeUnknown;
import io.pekkoraft.RaftException.Overloaded;
import io.pekkoraft.model.PeerId;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.eventstream.EventStream;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.apache.pekko.pattern.StatusReply;

/**
 * Where a type's commands come in, and go on to the node that leads the group of their entity. It
 * knows the leaders from the peers of this node, and asks nobody else on the way of a command.
 *
 * <p>Until it is settled into how many groups the entities are hashed they wait; with another
 * number than before, nothing is passed on, for the entities would seem to be empty. They wait,
 * too, while nobody leads.
 */
final class Region extends AbstractBehavior<Region.Message> {
  private static final int MAX_WAITING = 10_000;
  private static final Duration LOOK_AGAIN = Duration.ofMillis(20);

  private final TimerScheduler<Message> timers;
  private final String prefix;
  private final List<ActorRef<GroupDesk.Message>> desks;
  private final Ways ways;
  private final Leaders leaders;
  private final Deque<Message> unsettled = new ArrayDeque<>();
  private final Map<Integer, Deque<Delivery>> leaderless = new TreeMap<>();
  private int waiting;

  /** Groups of which nobody knows who leads, and one command is under way to find out. */
  private final Set<Integer> asking = new HashSet<>();

  private Optional<Settled> settled = Optional.empty();

  sealed interface Message {}

  /** A command on its way. */
  record Route(Delivery delivery) implements Message {}

  /** A command that another node has sent here, for the group is led here as it thinks. */
  record Arrived(Delivery delivery) implements Message {}

  /**
   * How many groups there are is known.
   *
   * @param refused why nothing can be passed on, if so
   */
  record Settled(Optional<Throwable> refused) implements Message {}

  private record Led(RoleChanged changed) implements Message {}

  private record Returned(
      int group, PeerId asked, Delivery delivery, StatusReply<PeerId> status, Throwable failure)
      implements Message {}

  private record Look() implements Message {}

  private Region(
      ActorContext<Message> context,
      TimerScheduler<Message> timers,
      String prefix,
      List<ActorRef<GroupDesk.Message>> desks,
      Ways ways) {
    super(context);
    this.timers = timers;
    this.prefix = prefix;
    this.desks = desks;
    this.ways = ways;
    this.leaders = new Leaders(desks.size());
    if (ways.leadElsewhere()) {
      var roles = context.messageAdapter(RoleChanged.class, Led::new);
      context.getSystem().eventStream().tell(new EventStream.Subscribe<>(RoleChanged.class, roles));
    }
    ways.begin(context.getSelf()); // No sooner: a peer says only once who leads.
  }

  /**
   * @param prefix of the names of the groups, before their numbers
   * @param desks of the groups, in their order
   */
  static Behavior<Message> create(
      String prefix, List<ActorRef<GroupDesk.Message>> desks, Ways ways) {
    return Behaviors.setup(
        context ->
            Behaviors.withTimers(timers -> new Region(context, timers, prefix, desks, ways)));
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
        .onMessage(Arrived.class, this::onArrived)
        .onMessage(Settled.class, this::onSettled)
        .onMessage(Led.class, this::onLed)
        .onMessage(Returned.class, this::onReturned)
        .onMessage(Look.class, look -> onLook())
        .build();
  }

  private int groupOf(Delivery delivery) {
    return groupOf(delivery.entityId(), desks.size());
  }

  // Whether anything is passed on.

  private Behavior<Message> onRoute(Route route) {
    if (settled.isEmpty()) {
      if (unsettled.size() < MAX_WAITING) {
        unsettled.addLast(route);
      } else {
        refuse(route.delivery(), "the groups to begin");
      }
    } else if (settled.get().refused().isPresent()) {
      route.delivery().fail(settled.get().refused().get());
    } else {
      pass(route.delivery());
    }
    return this;
  }

  private Behavior<Message> onSettled(Settled message) {
    settled = Optional.of(message);
    while (!unsettled.isEmpty()) {
      onRoute((Route) unsettled.removeFirst());
    }
    return this;
  }

  private static void refuse(Delivery delivery, String what) {
    delivery.fail(new Overloaded(MAX_WAITING + " commands wait for " + what + "."));
  }

  // Where to.

  private void pass(Delivery delivery) {
    var group = groupOf(delivery);
    if (leaderless.containsKey(group) || !send(group, delivery)) {
      await(group, delivery, Deque::addLast);
    }
  }

  /**
   * @return whether it is on its way
   */
  private boolean send(int group, Delivery delivery) {
    var leader = leaders.of(group);
    if (ways.isHere(leader)) {
      desks.get(group).tell(new GroupDesk.Deliver(delivery));
      return true;
    }
    if (leader.isEmpty() && asking.contains(group)) {
      return false;
    }
    var asked = leader.or(() -> ways.anybody(group));
    var answer = asked.flatMap(peer -> ways.send(group, peer, delivery));
    if (answer.isEmpty()) {
      asked.ifPresent(peer -> leaders.isAway(group, peer));
    }
    answer.ifPresent(
        stage -> {
          if (leader.isEmpty()) {
            asking.add(group);
          }
          var self = getContext().getSelf();
          stage.whenComplete(
              (status, failure) ->
                  self.tell(new Returned(group, asked.get(), delivery, status, failure)));
        });
    return answer.isPresent();
  }

  private Behavior<Message> onReturned(Returned returned) {
    var delivery = returned.delivery();
    asking.remove(returned.group());
    if (returned.failure() != null) {
      delivery.fail(
          new OutcomeUnknown(
              "No answer from the node of " + returned.asked() + "; it may yet take effect."));
    } else if (returned.status().isSuccess()) {
      delivery.served();
    } else if (returned.status().getError() instanceof NotLeader elsewhere) {
      leaders.denied(returned.group(), returned.asked(), elsewhere.leader());
      await(returned.group(), delivery, Deque::addFirst); // It was here before those that wait.
    } else {
      delivery.fail(returned.status().getError());
    }
    return this;
  }

  // What others send.

  private Behavior<Message> onArrived(Arrived arrived) {
    var delivery = arrived.delivery();
    var group = groupOf(delivery);
    var leader = leaders.of(group);
    var isOpen = settled.isPresent() && settled.get().refused().isEmpty();
    if (isOpen && ways.isHere(leader)) {
      desks.get(group).tell(new GroupDesk.Deliver(delivery));
    } else {
      delivery.fail(new NotLeader(leader));
    }
    return this;
  }

  // While nobody leads.

  private void await(int group, Delivery delivery, BiConsumer<Deque<Delivery>, Delivery> joining) {
    if (waiting >= MAX_WAITING) {
      refuse(delivery, "a leader");
      return;
    }
    waiting++;
    joining.accept(leaderless.computeIfAbsent(group, first -> new ArrayDeque<>()), delivery);
    if (!timers.isTimerActive(LOOK_AGAIN)) {
      timers.startTimerWithFixedDelay(LOOK_AGAIN, new Look(), LOOK_AGAIN);
    }
  }

  private Behavior<Message> onLed(Led led) {
    var changed = led.changed();
    numberOf(changed.group())
        .ifPresent(
            group -> {
              var wasHere = isLedHere(group);
              leaders.heard(group, changed.term(), changed.leader());
              if (!wasHere && isLedHere(group)) {
                desks.get(group).tell(new GroupDesk.Lead(changed.peer()));
              } else if (wasHere && !isLedHere(group)) {
                desks.get(group).tell(new GroupDesk.HandOver(getContext().getSelf()));
              }
              look(group);
            });
    return this;
  }

  private boolean isLedHere(int group) {
    return leaders.of(group).isPresent() && ways.isHere(leaders.of(group));
  }

  private Optional<Integer> numberOf(String name) {
    try {
      return Optional.of(name)
          .filter(one -> one.startsWith(prefix))
          .map(one -> Integer.parseInt(one.substring(prefix.length())))
          .filter(number -> number >= 0 && number < desks.size());
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  private Behavior<Message> onLook() {
    List.copyOf(leaderless.keySet()).forEach(this::look);
    if (leaderless.isEmpty()) {
      timers.cancel(LOOK_AGAIN);
    }
    return this;
  }

  /** In the order in which they came; while nobody knows who leads, the first one asks for all. */
  private void look(int group) {
    var queue = leaderless.getOrDefault(group, new ArrayDeque<>());
    queue.removeIf(delivery -> isTooLate(group, delivery));
    while (!queue.isEmpty() && send(group, queue.peekFirst())) {
      queue.removeFirst();
      waiting--;
    }
    if (queue.isEmpty()) {
      leaderless.remove(group);
    }
  }

  private boolean isTooLate(int group, Delivery delivery) {
    if (!delivery.patience().isNegative()) {
      return false;
    }
    waiting--;
    delivery.fail(
        new NotLeader("No peer of group " + prefix + group + " led in time.", Optional.empty()));
    return true;
  }

  /** For an asker elsewhere. */
  static RaftException asRaftException(Throwable failure) {
    return failure instanceof RaftException known
        ? known
        : new OutcomeUnknown(String.valueOf(failure.getMessage()));
  }
}
