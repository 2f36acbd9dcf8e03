package io.pekkoraft.sharding.placement;

import io.pekkoraft.RaftEvent.RoleChanged;
import io.pekkoraft.model.PeerId;
import io.pekkoraft.sharding.placement.ClusterPlacement.Terms;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.apache.pekko.Done;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.eventstream.EventStream;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.apache.pekko.cluster.ClusterEvent;
import org.apache.pekko.cluster.Member;
import org.apache.pekko.cluster.MemberStatus;
import org.apache.pekko.cluster.ddata.GSet;
import org.apache.pekko.cluster.ddata.GSetKey;
import org.apache.pekko.cluster.ddata.Key;
import org.apache.pekko.cluster.ddata.LWWMap;
import org.apache.pekko.cluster.ddata.LWWMapKey;
import org.apache.pekko.cluster.ddata.SelfUniqueAddress;
import org.apache.pekko.cluster.ddata.typed.javadsl.DistributedData;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Subscribe;

/**
 * Finds out which disk holds what, and lets this node's peers run. It tells the others of its disk,
 * hears of theirs, and when all that the type begins with are there, each node comes to the same
 * {@link Placement}, keeps it, and goes by it from then on. What it makes of that, {@link Settling}
 * says.
 */
final class PlacementRegistry extends AbstractBehavior<PlacementRegistry.Message> {
  private static final Duration LOOK_AGAIN = Duration.ofSeconds(1);
  private static final int LOOKS_BETWEEN_WORDS = 10;
  private static final int MOST_UNSETTLED = 64;
  private static final Duration UNSETTLED = Duration.ofSeconds(1);
  private static final Duration SOON = Duration.ofMillis(20);
  private static final String NOT_MOST =
      "Not most of the nodes have answered; they will be told when they are there. Then begin"
          + " anew.";
  private static final Set<MemberStatus> GONE = Set.of(MemberStatus.down(), MemberStatus.removed());

  private static final Key<LWWMap<String, String>> DISKS = LWWMapKey.create("pekko-raft-disks");

  private final Terms terms;
  private final PeerId self;
  private final Disk disk;
  private final PlacementFiles files;
  private final KnownPlacement known;
  private final ClusterPlacement.Region region;
  private final CompletableFuture<Done> ready;

  private final TimerScheduler<Message> timers;
  private final Settling settling;
  private final Starting starting = new Starting(MOST_UNSETTLED, UNSETTLED.toNanos());
  private final Cluster cluster;
  private final SelfUniqueAddress node;
  private final ActorRef<SharedValue.Message<LWWMap<String, String>>> disks;
  private final ActorRef<SharedValue.Message<GSet<String>>> placements;

  /** Whose disk it is: a {@link Berth} by the disk's name. */
  private Map<Disk, Berth> berths = Map.of();

  private Set<Placement> told = Set.of();
  private Optional<Placement> kept;
  private boolean asked;
  private boolean knows;
  private boolean introduced;
  private String lastWord = "";
  private int looks;

  sealed interface Message {}

  private record Disks(Map<String, String> all) implements Message {}

  private record Placements(Set<String> all) implements Message {}

  /** Whoever wants to hear of this node's peers is there. */
  record Begin() implements Message {}

  private record Look() implements Message {}

  private record Asked() implements Message {}

  private record StartMore() implements Message {}

  private record Role(RoleChanged changed) implements Message {}

  /** A disk is lost for good; to say so twice does no harm. */
  record Replace(Disk lost, Disk next, CompletableFuture<Replaced> done) implements Message {}

  /** Most nodes know that another disk has these peers now. */
  record Replaced(PeerId replica, Collection<Integer> groups) {}

  private PlacementRegistry(
      ActorContext<Message> context,
      TimerScheduler<Message> timers,
      Terms terms,
      PeerId self,
      Disk disk,
      PlacementFiles files,
      Optional<Placement> kept,
      KnownPlacement known,
      ClusterPlacement.Region region,
      CompletableFuture<Done> ready) {
    super(context);
    this.timers = timers;
    this.terms = terms;
    this.self = self;
    this.disk = disk;
    this.files = files;
    this.known = known;
    this.region = region;
    this.ready = ready;
    this.settling = new Settling(terms, self, disk);
    this.cluster = Cluster.get(context.getSystem());
    this.node = DistributedData.get(context.getSystem()).selfUniqueAddress();
    this.kept = kept;
    var here = context.getSelf();
    this.disks =
        context.spawn(
            SharedValue.create(
                DISKS, LWWMap.empty(), value -> here.tell(new Disks(value.getEntries()))),
            "disks");
    this.placements =
        context.spawn(
            SharedValue.create(
                GSetKey.create("pekko-raft-placement-" + terms.type()),
                GSet.<String>empty(),
                value -> here.tell(new Placements(value.getElements()))),
            "placements");
    var roles = context.messageAdapter(RoleChanged.class, Role::new);
    context.getSystem().eventStream().tell(new EventStream.Subscribe<>(RoleChanged.class, roles));
  }

  /**
   * @param kept what {@code files} had of the type
   * @param ready completed when this node's peers may begin, or with why they may not
   */
  static Behavior<Message> create(
      Terms terms,
      PeerId self,
      Disk disk,
      PlacementFiles files,
      Optional<Placement> kept,
      KnownPlacement known,
      ClusterPlacement.Region region,
      CompletableFuture<Done> ready) {
    return Behaviors.setup(
        context ->
            Behaviors.withTimers(
                timers ->
                    new PlacementRegistry(
                        context, timers, terms, self, disk, files, kept, known, region, ready)));
  }

  @Override
  public Receive<Message> createReceive() {
    return newReceiveBuilder()
        .onMessage(Begin.class, begin -> onBegin())
        .onMessage(Disks.class, this::onDisks)
        .onMessage(Placements.class, this::onPlacements)
        .onMessage(Look.class, look -> onLook())
        .onMessage(Asked.class, answered -> onAsked())
        .onMessage(StartMore.class, more -> onStartMore())
        .onMessage(Role.class, this::onRole)
        .onMessage(Replace.class, this::onReplace)
        .build();
  }

  private Behavior<Message> onBegin() {
    var look = getContext().messageAdapter(ClusterEvent.MemberEvent.class, event -> new Look());
    cluster.subscriptions().tell(Subscribe.create(look, ClusterEvent.MemberEvent.class));
    timers.startTimerWithFixedDelay(new Look(), Duration.ZERO, LOOK_AGAIN);
    return this;
  }

  private Behavior<Message> onDisks(Disks message) {
    var all = new HashMap<Disk, Berth>();
    message
        .all()
        .forEach((name, berth) -> ifReadable(() -> all.put(new Disk(name), Berth.parse(berth))));
    berths = all;
    return reconsider();
  }

  private Behavior<Message> onPlacements(Placements message) {
    var all = new HashSet<Placement>();
    message.all().forEach(line -> ifReadable(() -> all.add(PlacementFormat.read(line))));
    told = all;
    return reconsider();
  }

  /** What another version, or a stranger, has put among what is shared stops nobody. */
  private void ifReadable(Runnable reading) {
    try {
      reading.run();
    } catch (IllegalArgumentException e) {
      getContext().getLog().error("What nodes share of their disks is not all to be read: {}", e);
    }
  }

  /** Once a second, and when a node comes or goes. */
  private Behavior<Message> onLook() {
    looks++;
    if (!asked && cluster.selfMember().status() == MemberStatus.up()) {
      asked = true;
      var here = getContext().getSelf();
      placements.tell(
          new SharedValue.Fetch<>(
              () -> disks.tell(new SharedValue.Fetch<>(() -> here.tell(new Asked())))));
    }
    return reconsider();
  }

  /** What most others know is known here, or too few of them are there. */
  private Behavior<Message> onAsked() {
    knows = true;
    return reconsider();
  }

  private void introduce() {
    introduced = true;
    disks.tell(
        new SharedValue.Change<>(all -> all.put(node, disk.id(), berth().toString()), most -> {}));
    kept.ifPresent(placement -> tell(placement, most -> {}));
  }

  private Berth berth() {
    return new Berth(self, node.uniqueAddress().toString());
  }

  private void tell(Placement placement, Consumer<Boolean> done) {
    var line = PlacementFormat.write(placement);
    placements.tell(new SharedValue.Change<>(all -> all.add(line), done));
  }

  private Behavior<Message> reconsider() {
    var members = members();
    var there = new TreeMap<Disk, PeerId>();
    var addresses = new HashMap<Disk, Address>();
    berths.forEach(
        (one, berth) -> {
          var member = members.get(berth.node());
          if (member != null) {
            there.put(one, berth.replica());
            addresses.put(one, member.address());
          }
        });
    var isTaken = isTaken(members);
    if (knows && !introduced && !isTaken) {
      introduce();
    }
    known.know(Settling.newest(placements()), addresses);
    if (isTaken) {
      act(taken());
    } else if (knows && there.containsKey(disk)) { // Another type may have told of the disk.
      act(settling.judge(there, placements()));
    }
    return this;
  }

  private void act(Verdict verdict) {
    if (verdict instanceof Verdict.Founds founds) {
      tell(founds.placement(), most -> {});
    } else if (verdict instanceof Verdict.Runs runs) {
      run(runs.placement());
    } else if (verdict instanceof Verdict.Refuses refuses) {
      ready.completeExceptionally(new IllegalStateException(refuses.why()));
      say(refuses.why(), word -> getContext().getLog().error("{}", word));
    } else if (verdict instanceof Verdict.Waits waits) {
      say(waits.why(), word -> getContext().getLog().info("{}", word));
    }
  }

  /** Those of this type; what is kept counts as well as what is told. */
  private Set<Placement> placements() {
    var all = new HashSet<>(told);
    kept.ifPresent(all::add);
    return all;
  }

  private Map<String, Member> members() {
    return StreamSupport.stream(cluster.state().getMembers().spliterator(), false)
        .filter(member -> !GONE.contains(member.status()))
        .collect(
            Collectors.toMap(member -> member.uniqueAddress().toString(), Function.identity()));
  }

  /** Whether somebody else has this disk, or a copy of it, and is there. */
  private boolean isTaken(Map<String, Member> members) {
    var berth = berths.get(disk);
    return berth != null
        && !berth.equals(berth())
        && members.containsKey(berth.node())
        && !cluster.state().getUnreachable().contains(members.get(berth.node()));
  }

  private Verdict taken() {
    return new Verdict.Refuses(
        "Disk "
            + disk
            + " is also at "
            + berths.get(disk).node()
            + ": one of the two data directories is a copy of the other. Stop both nodes, and start"
            + " the one alone that was in use.");
  }

  /** Nothing begins here before it is on the disk. */
  private void run(Placement placement) {
    if (!kept.equals(Optional.of(placement))) {
      try {
        files.keep(placement);
      } catch (UncheckedIOException e) {
        say(e.getMessage(), word -> getContext().getLog().error("{}", word));
        return;
      }
      kept = Optional.of(placement);
      getContext().getLog().info("It is settled where the peers are: {}", placement);
    }
    ready.complete(Done.done());
    start(placement.groupsOn(disk));
  }

  private void start(Collection<Integer> ours) {
    var now = System.nanoTime();
    starting.next(ours, now).forEach(region::start);
    if (starting.isDone(ours)) {
      ours.forEach(region::start); // Unless they run: a word may have been lost.
    } else {
      timers.startSingleTimer(new StartMore(), SOON);
    }
  }

  private Behavior<Message> onStartMore() {
    Settling.newest(placements()).ifPresent(placement -> start(placement.groupsOn(disk)));
    return this;
  }

  private Behavior<Message> onRole(Role role) {
    if (role.changed().leader().isPresent()) {
      known.numberOf(role.changed().group()).ifPresent(starting::settled);
    }
    return this;
  }

  /** At once if it is news, and now and then. */
  private void say(String word, Consumer<String> log) {
    if (!word.equals(lastWord) || looks >= LOOKS_BETWEEN_WORDS) {
      log.accept(word);
      lastWord = word;
      looks = 0;
    }
  }

  private Behavior<Message> onReplace(Replace replace) {
    try {
      var newest =
          Settling.newest(placements())
              .orElseThrow(
                  () -> new IllegalArgumentException("Nothing is settled yet of " + terms.type()));
      var isDone = newest.newcomers().contains(replace.next());
      var next = isDone ? newest : newest.replacing(replace.lost(), replace.next());
      var replaced =
          new Replaced(next.replicaOn(replace.next()).orElseThrow(), next.groupsOn(replace.next()));
      tell(
          next,
          most -> {
            if (most) {
              replace.done().complete(replaced);
            } else {
              replace.done().completeExceptionally(new IllegalStateException(NOT_MOST));
            }
          });
    } catch (IllegalArgumentException e) {
      replace.done().completeExceptionally(new IllegalStateException(e.getMessage(), e));
    }
    return this;
  }
}
