package io.pekkoraft.sharding.joining;

import io.pekkoraft.sharding.joining.Decision.MakeRoom;
import io.pekkoraft.sharding.joining.Decision.TooFew;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.StreamSupport;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.eventstream.EventStream;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.cluster.Cluster;
import org.apache.pekko.cluster.ClusterEvent.CurrentClusterState;
import org.apache.pekko.remote.artery.ThisActorSystemQuarantinedEvent;

/**
 * Looks after those who wait to join: now and then it looks who is there, and does what {@link
 * Patience} decides. And it ends this node when the others have shut it out.
 */
final class Doorkeeper extends AbstractBehavior<Doorkeeper.Message> {
  private static final int LOOKS = 10;
  private static final Duration MOST_BETWEEN_LOOKS = Duration.ofSeconds(1);
  private static final Duration BETWEEN_WORDS = Duration.ofMinutes(1);

  private final Cluster cluster;
  private final Patience patience;
  private final Duration limit;

  private String lastWord = "";
  private long lastSaid;
  private boolean heldUp;
  private boolean isOut;

  sealed interface Message {}

  private record Look() implements Message {}

  private record ShutOut(ThisActorSystemQuarantinedEvent event) implements Message {}

  private Doorkeeper(ActorContext<Message> context, Duration limit) {
    super(context);
    context.setLoggerName(Doorkeeper.class);
    this.cluster = Cluster.get(Adapter.toClassic(context.getSystem()));
    this.patience = new Patience(cluster.selfUniqueAddress(), limit.toNanos());
    this.limit = limit;
    var shutOut = context.messageAdapter(ThisActorSystemQuarantinedEvent.class, ShutOut::new);
    context
        .getSystem()
        .eventStream()
        .tell(new EventStream.Subscribe<>(ThisActorSystemQuarantinedEvent.class, shutOut));
  }

  /**
   * @param limit for how long members that are away may hold up who wants to join
   */
  static Behavior<Message> create(Duration limit) {
    Behavior<Message> keeper =
        Behaviors.setup(
            context ->
                Behaviors.withTimers(
                    timers -> {
                      timers.startTimerWithFixedDelay(new Look(), betweenLooks(limit));
                      return new Doorkeeper(context, limit);
                    }));
    return Behaviors.supervise(keeper).onFailure(SupervisorStrategy.restart());
  }

  private static Duration betweenLooks(Duration limit) {
    var share = limit.dividedBy(LOOKS).plusMillis(1);
    return share.compareTo(MOST_BETWEEN_LOOKS) < 0 ? share : MOST_BETWEEN_LOOKS;
  }

  @Override
  public Receive<Message> createReceive() {
    return newReceiveBuilder()
        .onMessage(Look.class, look -> onLook())
        .onMessage(ShutOut.class, this::onShutOut)
        .build();
  }

  private Behavior<Message> onLook() {
    var state = cluster.state();
    var mayHoldUp = !state.getUnreachable().isEmpty();
    if (mayHoldUp || heldUp) {
      heldUp = mayHoldUp;
      act(patience.decide(members(state), System.nanoTime()));
    }
    return this;
  }

  private void act(Decision decision) {
    if (decision instanceof MakeRoom room) {
      getContext()
          .getLog()
          .warn(
              "{} can't be reached, and {} waits to join, for {} ms: this node takes {} out of the"
                  + " cluster. If one of them lives, its actor system ends, and has to be started"
                  + " anew with its data directory.",
              room.away(),
              room.waiting(),
              limit.toMillis(),
              room.away());
      room.away().forEach(cluster::down);
    } else if (decision instanceof TooFew few) {
      say(System.nanoTime(), tooFew(few), word -> getContext().getLog().warn("{}", word));
    }
  }

  private static List<Seen> members(CurrentClusterState state) {
    var unreachable = new HashSet<>(state.getUnreachable());
    var members = new ArrayList<Seen>();
    StreamSupport.stream(state.getMembers().spliterator(), false)
        .map(
            member ->
                new Seen(member.uniqueAddress(), member.status(), !unreachable.contains(member)))
        .forEach(members::add);
    return members;
  }

  private static String tooFew(TooFew few) {
    return few.waiting()
        + " can't join as long as "
        + few.away()
        + " can't be reached. Only "
        + few.heard()
        + " of "
        + few.all()
        + " nodes are heard from, so those may be going on without this one, and it takes none of"
        + " them out of the cluster. Bring one of them back under its address; or, if you are sure"
        + " that none of them runs, start all other nodes anew.";
  }

  /** At once if it is news, and now and then. */
  private void say(long now, String word, Consumer<String> log) {
    if (!word.equals(lastWord) || now - lastSaid > BETWEEN_WORDS.toNanos()) {
      log.accept(word);
      lastWord = word;
      lastSaid = now;
    }
  }

  /**
   * A member takes no message from this node any more, for it is out of the cluster. As it could
   * not be reached then, this is how it hears of that.
   */
  private Behavior<Message> onShutOut(ShutOut message) {
    var by = message.event().remoteAddress();
    var isMember =
        members(cluster.state()).stream()
            .anyMatch(
                member ->
                    member.address().equals(by.address()) && member.node().longUid() == by.uid());
    if (isMember && !isOut) {
      isOut = true;
      getContext()
          .getLog()
          .error(
              "{} could not reach this node while another one waited to join, and has gone on"
                  + " without it. This actor system ends: start it anew, with its data directory.",
              by.address());
      cluster.down(cluster.selfAddress());
    }
    return this;
  }
}
