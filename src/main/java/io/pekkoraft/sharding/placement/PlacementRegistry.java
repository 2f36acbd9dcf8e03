package io.pekkoraft.sharding.placement;

import io.pekkoraft.RaftEvent.RoleChanged;
import io.pekkoraft.model.PeerId;
import io.pekkoraft.sharding.placement.ClusterPlacement.Terms;
import io.pekkoraft.sharding.placement.Words.Topic;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.Done;
import org.apache.pekko.actor.CoordinatedShutdown;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.eventstream.EventStream;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.apache.pekko.cluster.ClusterEvent;
import org.apache.pekko.cluster.MemberStatus;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Subscribe;
import org.slf4j.event.Level;

/**
 * Finds out which disk holds what, and lets this node's peers run. It tells the others of its disk,
 * hears of theirs, and when all that the type begins with are there, one of them makes a {@link
 * Placement}, which each node keeps, and goes by from then on. What it makes of what it hears,
 * {@link Tenure} and {@link Settling} say.
 */
final class PlacementRegistry extends AbstractBehavior<PlacementRegistry.Message> {
  private static final Duration LOOK_AGAIN = Duration.ofSeconds(1);
  private static final Duration SOON = Duration.ofMillis(20);
  private static final String NOT_ASKED =
      "Not most of the nodes have answered, and nothing was changed. Begin anew when they are"
          + " there.";
  private static final String NOT_MOST =
      "Not most of the nodes have answered; they will be told when they are there. Then begin"
          + " anew.";

  private final Setup setup;
  private final OwnPeers peers;
  private final TimerScheduler<Message> timers;
  private final Cluster cluster;
  private final Board board;
  private final Tenure tenure;
  private final Words words;

  private Set<Claim> claimed = Set.of();

  /** What was told once counts for good. */
  private final Set<Placement> told = new HashSet<>();

  /**
   * What a registry begins with.
   *
   * @param ready completed when this node's peers may begin, or with why they may not
   */
  record Setup(
      Terms terms,
      PeerId self,
      OwnPeers peers,
      KnownPlacement known,
      CompletableFuture<Done> ready) {}

  sealed interface Message {}

  private record Claimed(Set<Claim> all) implements Message {}

  private record Placements(Set<Placement> all) implements Message {}

  /** Whoever wants to hear of this node's peers is there. */
  record Begin() implements Message {}

  /**
   * @param tick whether another second has gone by, or else a node has come or gone
   */
  private record Look(boolean tick) implements Message {}

  /**
   * @param most whether most nodes have this node's claim
   */
  private record Told(boolean most) implements Message {}

  private record Asked(boolean most) implements Message {}

  private record StartMore() implements Message {}

  private record Role(RoleChanged changed) implements Message {}

  /** A disk is lost for good; to say so twice does no harm. */
  record Replace(Succession disks, CompletableFuture<Replaced> done) implements Message {
    private void fail(String why) {
      done.completeExceptionally(new IllegalStateException(why));
    }

    private void isTold(Placement settled, boolean most) {
      var next = disks.next();
      if (most) {
        done.complete(new Replaced(settled.replicaOn(next).orElseThrow(), settled.groupsOn(next)));
      } else {
        fail(NOT_MOST);
      }
    }
  }

  private record Surveyed(Replace replace, boolean most) implements Message {}

  /** Most nodes know that another disk has these peers now. */
  record Replaced(PeerId replica, Collection<Integer> groups) {}

  private PlacementRegistry(
      ActorContext<Message> context, TimerScheduler<Message> timers, Setup setup) {
    super(context);
    context.setLoggerName(PlacementRegistry.class);
    this.setup = setup;
    this.timers = timers;
    this.peers = setup.peers();
    this.cluster = Cluster.get(context.getSystem());
    var here = context.getSelf();
    this.board =
        new Board(
            context,
            setup.terms().type(),
            all -> here.tell(new Claimed(all)),
            all -> here.tell(new Placements(all)));
    this.tenure = new Tenure(new Settling(setup.terms(), setup.self(), peers.disk()), board.node());
    this.words = new Words((level, word) -> context.getLog().atLevel(level).log("{}", word));
    var roles = context.messageAdapter(RoleChanged.class, Role::new);
    context.getSystem().eventStream().tell(new EventStream.Subscribe<>(RoleChanged.class, roles));
  }

  static Behavior<Message> create(Setup setup) {
    return Behaviors.setup(
        context -> Behaviors.withTimers(timers -> new PlacementRegistry(context, timers, setup)));
  }

  @Override
  public Receive<Message> createReceive() {
    return newReceiveBuilder()
        .onMessage(Begin.class, begin -> onBegin())
        .onMessage(Claimed.class, this::onClaimed)
        .onMessage(Placements.class, this::onPlacements)
        .onMessage(Look.class, this::onLook)
        .onMessage(Told.class, this::onTold)
        .onMessage(Asked.class, this::onAsked)
        .onMessage(StartMore.class, more -> reconsider())
        .onMessage(Role.class, this::onRole)
        .onMessage(Replace.class, this::onReplace)
        .onMessage(Surveyed.class, this::onSurveyed)
        .build();
  }

  private Behavior<Message> onBegin() {
    var look =
        getContext().messageAdapter(ClusterEvent.MemberEvent.class, event -> new Look(false));
    cluster.subscriptions().tell(Subscribe.create(look, ClusterEvent.MemberEvent.class));
    timers.startTimerWithFixedDelay(new Look(true), Duration.ZERO, LOOK_AGAIN);
    return this;
  }

  private Behavior<Message> onClaimed(Claimed message) {
    claimed = message.all();
    return reconsider();
  }

  private Behavior<Message> onPlacements(Placements message) {
    told.addAll(message.all());
    return reconsider();
  }

  private Behavior<Message> onLook(Look look) {
    if (isUp()) {
      ask();
    }
    reconsider();
    if (look.tick()) {
      remark();
    }
    return this;
  }

  /** What is not as it should be, and passes by itself most often. */
  private void remark() {
    var claims = claims();
    words.look();
    words.sayIfItLasts(
        Topic.NOT_UP,
        isUp()
            ? Optional.empty()
            : Optional.of(Presence.notUp(cluster.selfMember().status(), claims.members())));
    words.sayIfItLasts(
        Topic.AWAY, peers.running().flatMap(placement -> claims.awayOf(placement, setup.self())));
  }

  private boolean isUp() {
    return cluster.selfMember().status() == MemberStatus.up();
  }

  /** Claims the disk and asks the others, unless all is known. */
  private void ask() {
    var here = getContext().getSelf();
    var claims = claims();
    var kept = peers.kept();
    var own = tenure.claim(kept);
    if (tenure.hasToAsk(claims, own)) {
      tenure.asks();
      kept.filter(placement -> !told.contains(placement))
          .ifPresent(placement -> board.tell(placement, most -> {}));
      board.claim(own, claims.past(own), most -> here.tell(new Told(most)));
    } else if (tenure.isRefused() && claims.isFrom(board.node())) {
      board.withdraw();
    }
  }

  private Behavior<Message> onTold(Told claim) {
    var here = getContext().getSelf();
    board.fetch(most -> here.tell(new Asked(claim.most() && most)));
    return this;
  }

  private Behavior<Message> onAsked(Asked asked) {
    tenure.answered(asked.most());
    return reconsider();
  }

  private Claims claims() {
    return new Claims(claimed, Presence.of(cluster.state()));
  }

  private Behavior<Message> reconsider() {
    var claims = claims();
    setup.known().know(Settling.newest(placements()), claims.addresses());
    Settling.overruled(placements()).ifPresent(word -> words.say(Topic.RIVALS, Level.WARN, word));
    tenure.intruders(claims).ifPresent(word -> words.say(Topic.DISK_IN_USE, Level.ERROR, word));
    tenure.judge(claims, told, peers.kept()).ifPresent(this::act);
    return this;
  }

  private void act(Verdict verdict) {
    if (verdict instanceof Verdict.Founds founds) {
      settle(founds.placement());
    } else if (verdict instanceof Verdict.Runs runs) {
      run(runs.placement());
    } else if (verdict instanceof Verdict.Refuses refuses) {
      refuse(refuses);
    } else if (verdict instanceof Verdict.Waits waits) {
      words.say(Topic.VERDICT, Level.INFO, waits.why());
    }
  }

  /** All others go by it as soon as they hear of it, and so does this node. */
  private void settle(Placement placement) {
    told.add(placement);
    board.tell(placement, most -> {});
    reconsider();
  }

  private void refuse(Verdict.Refuses refuses) {
    setup.ready().completeExceptionally(new IllegalStateException(refuses.why()));
    words.say(Topic.VERDICT, Level.ERROR, refuses.why());
    if (refuses.ends()) {
      peers.leave();
    }
  }

  /** Those of this type; what is kept counts as well as what is told. */
  private Set<Placement> placements() {
    var all = new HashSet<>(told);
    peers.kept().ifPresent(all::add);
    return all;
  }

  private void run(Placement placement) {
    if (peers.haveLeft()) {
      words.say(Topic.VERDICT, Level.ERROR, "This disk has peers again: start this node anew.");
      return;
    }
    try {
      if (peers.run(placement)) {
        getContext().getLog().info("It is settled where the peers are: {}", placement);
      }
    } catch (UncheckedIOException e) {
      words.say(Topic.VERDICT, Level.ERROR, e.getMessage());
      return;
    }
    tenure.runs();
    setup.ready().complete(Done.done());
    // A region that stops would wait for a peer that begins once more.
    if (!isStopping() && !peers.start(System.nanoTime())) {
      timers.startSingleTimer(new StartMore(), SOON);
    }
  }

  private boolean isStopping() {
    return CoordinatedShutdown.get(getContext().getSystem()).getShutdownReason().isPresent();
  }

  private Behavior<Message> onRole(Role role) {
    if (role.changed().leader().isPresent()) {
      peers.settled(role.changed().group());
    }
    return this;
  }

  /** By what most nodes know, or two that replace a disk at once would both begin from the same. */
  private Behavior<Message> onReplace(Replace replace) {
    var here = getContext().getSelf();
    board.fetch(most -> here.tell(new Surveyed(replace, most)));
    return this;
  }

  private Behavior<Message> onSurveyed(Surveyed surveyed) {
    var replace = surveyed.replace();
    if (!surveyed.most() || !isUp()) {
      replace.fail(NOT_ASKED);
      return this;
    }
    try {
      var settled = replace.disks().settle(claims(), placements(), peers.disk());
      told.add(settled);
      board.tell(settled, most -> replace.isTold(settled, most));
    } catch (IllegalArgumentException e) {
      replace.fail(e.getMessage());
    }
    return reconsider();
  }
}
