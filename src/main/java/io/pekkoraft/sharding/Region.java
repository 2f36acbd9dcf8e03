package io.pekkoraft.sharding;

import io.pekkoraft.RaftEvent.PeerFailed;
import io.pekkoraft.RaftEvent.RoleChanged;
import io.pekkoraft.RaftException;
import io.pekkoraft.RaftException.NotLeader;
import io.pekkoraft.RaftException.OutcomeUnknown;
import io.pekkoraft.RaftException.Overloaded;
import io.pekkoraft.model.PeerId;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
  private final Deque<Delivery> unsettled = new ArrayDeque<>();
  private final Lobby lobby = new Lobby(MAX_WAITING);
  private long turns;

  /** Groups of which nobody is sure who leads, and the turn of the one command that finds out. */
  private final Map<Integer, Long> asking = new HashMap<>();

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

  private record Failed(PeerFailed failed) implements Message {}

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
      var events = context.getSystem().eventStream();
      var roles = context.messageAdapter(RoleChanged.class, Led::new);
      events.tell(new EventStream.Subscribe<>(RoleChanged.class, roles));
      var failures = context.messageAdapter(PeerFailed.class, Failed::new);
      events.tell(new EventStream.Subscribe<>(PeerFailed.class, failures));
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
        .onMessage(Failed.class, this::onFailed)
        .onMessage(Returned.class, this::onReturned)
        .onMessage(Look.class, look -> onLook())
        .build();
  }

  private int groupOf(Delivery delivery) {
    return groupOf(delivery.entityId(), desks.size());
  }

  // Whether anything is passed on.

  private Behavior<Message> onRoute(Route route) {
    var came = route.delivery();
    var delivery = came.turn() == 0 ? came.inTurn(++turns) : came;
    if (settled.isEmpty()) {
      awaitSettled(delivery);
    } else if (settled.get().refused().isPresent()) {
      delivery.fail(settled.get().refused().get());
    } else {
      pass(delivery);
    }
    return this;
  }

  private void awaitSettled(Delivery delivery) {
    if (unsettled.size() >= MAX_WAITING) {
      unsettled.removeIf(Delivery::isLate); // They have heard that nothing came in time.
    }
    if (unsettled.size() < MAX_WAITING) {
      unsettled.addLast(delivery);
    } else {
      refuse(delivery, "the groups to begin");
    }
  }

  private Behavior<Message> onSettled(Settled message) {
    settled = Optional.of(message);
    while (!unsettled.isEmpty()) {
      var delivery = unsettled.removeFirst();
      if (!delivery.isLate()) {
        onRoute(new Route(delivery));
      }
    }
    return this;
  }

  private static void refuse(Delivery delivery, String what) {
    delivery.fail(new Overloaded(MAX_WAITING + " commands wait for " + what + "."));
  }

  // Where to.

  private void pass(Delivery delivery) {
    var group = groupOf(delivery);
    if (lobby.waitsFor(group) || !send(group, delivery)) {
      await(group, delivery);
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
    var isSure = leaders.isSure(group);
    if (!isSure && asking.containsKey(group)) {
      return false;
    }
    var asked = leader.or(() -> ways.anybody(group));
    var answer = asked.flatMap(peer -> ways.send(group, peer, delivery));
    if (answer.isEmpty()) {
      asked.ifPresent(peer -> leaders.isAway(group, peer));
      return false;
    }
    if (!isSure) {
      asking.put(group, delivery.turn());
    }
    var self = getContext().getSelf();
    answer
        .get()
        .whenComplete(
            (status, failure) ->
                self.tell(new Returned(group, asked.get(), delivery, status, failure)));
    return true;
  }

  private Behavior<Message> onReturned(Returned returned) {
    var group = returned.group();
    var delivery = returned.delivery();
    asking.remove(group, delivery.turn());
    if (returned.failure() != null) {
      delivery.fail(
          new OutcomeUnknown(
              "No answer from the node of " + returned.asked() + "; it may yet take effect."));
    } else if (returned.status().isSuccess()) {
      leaders.served(group, returned.asked());
      delivery.served();
      look(group);
    } else if (returned.status().getError() instanceof NotLeader elsewhere) {
      leaders.denied(group, returned.asked(), elsewhere.leader().filter(this::isElsewhere));
      await(group, delivery);
    } else {
      delivery.fail(returned.status().getError());
    }
    return this;
  }

  /** Whether this node's peer leads it says itself. */
  private boolean isElsewhere(PeerId leader) {
    return !ways.isHere(Optional.of(leader));
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

  private void await(int group, Delivery delivery) {
    if (!lobby.add(group, delivery)) {
      refuse(delivery, "a leader");
    } else if (!timers.isTimerActive(LOOK_AGAIN)) {
      timers.startTimerWithFixedDelay(LOOK_AGAIN, new Look(), LOOK_AGAIN);
    }
  }

  private Behavior<Message> onLook() {
    lobby.groups().forEach(this::look);
    if (lobby.groups().isEmpty()) {
      timers.cancel(LOOK_AGAIN);
    }
    return this;
  }

  /** In the order in which they came; while nobody is sure who leads, the first asks for all. */
  private void look(int group) {
    lobby.takeLate(group).forEach(delivery -> delivery.fail(nobodyLed(group)));
    var first = lobby.first(group);
    while (first.isPresent() && send(group, first.get())) {
      lobby.remove(group, first.get());
      first = lobby.first(group);
    }
  }

  private NotLeader nobodyLed(int group) {
    return new NotLeader("No peer of group " + prefix + group + " led in time.", Optional.empty());
  }

  // Who leads.

  private Behavior<Message> onLed(Led led) {
    var changed = led.changed();
    var group = numberOf(changed.group());
    group.ifPresent(
        number ->
            learn(
                number,
                changed.peer(),
                () -> leaders.heard(number, changed.term(), changed.leader())));
    return this;
  }

  private Behavior<Message> onFailed(Failed failed) {
    var peer = failed.failed().peer();
    numberOf(failed.failed().group())
        .ifPresent(group -> learn(group, peer, () -> leaders.hasFailed(group)));
    return this;
  }

  /**
   * @param self this node's peer of the group
   */
  private void learn(int group, PeerId self, Runnable news) {
    var wasHere = isLedHere(group);
    news.run();
    if (!wasHere && isLedHere(group)) {
      desks.get(group).tell(new GroupDesk.Lead(self));
    } else if (wasHere && !isLedHere(group)) {
      desks.get(group).tell(new GroupDesk.HandOver(getContext().getSelf()));
    }
    look(group);
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

  /** For an asker elsewhere. */
  static RaftException asRaftException(Throwable failure) {
    return failure instanceof RaftException known
        ? known
        : new OutcomeUnknown(String.valueOf(failure.getMessage()));
  }
}
