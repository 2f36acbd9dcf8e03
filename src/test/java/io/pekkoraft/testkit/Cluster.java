package io.pekkoraft.testkit;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.pekkoraft.Raft;
import io.pekkoraft.RaftException.NotLeader;
import io.pekkoraft.RaftSettings;
import io.pekkoraft.RaftStatus;
import io.pekkoraft.StateMachine;
import io.pekkoraft.model.PeerId;
import io.pekkoraft.protocol.ClientMessage.GetStatus;
import io.pekkoraft.protocol.ClientMessage.Propose;
import io.pekkoraft.role.Environment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.apache.pekko.actor.BootstrapSetup;
import org.apache.pekko.actor.setup.ActorSystemSetup;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.Terminated;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.pattern.StatusReply;

/**
 * A group of peers in a simulated world, as a story tells it: what happens, and then what must
 * hold. Every wait is in virtual time and has a bound.
 *
 * @param <C> the state machine's commands
 * @param <R> its results
 */
public final class Cluster<C, R> {
  private static final Config CONFIG =
      ConfigFactory.parseResources("simulation.conf")
          .withFallback(ConfigFactory.defaultReference())
          .resolve();
  private static final String GROUP = "simulated";
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final ClassLoader loader = new QuietLoader();
  private final World world;
  private final Trace trace;
  private final Oracles oracles;
  private final Network network;
  private final SplittableRandom random;
  private final SortedSet<PeerId> ids;
  private final Supplier<? extends StateMachine<C, R, ?>> machine;
  private final RaftSettings settings;
  private final Map<PeerId, Disk> disks = new TreeMap<>();
  private final Map<PeerId, Integer> incarnations = new TreeMap<>();
  private final Map<PeerId, Node> nodes = new TreeMap<>();
  private final Map<PeerId, Watched<C, R, ?>> machines = new TreeMap<>();
  private final Map<PeerId, List<Proposal<C, R>>> pending = new TreeMap<>();
  private final List<Proposal<C, R>> proposals = new ArrayList<>();
  private final SortedSet<PeerId> isolated = new TreeSet<>();

  Cluster(
      long seed,
      Trace trace,
      SortedSet<PeerId> ids,
      Supplier<? extends StateMachine<C, R, ?>> machine,
      Config overrides) {
    this.world = new World(seed, trace);
    this.trace = trace;
    this.oracles = new Oracles(world::fail);
    this.network = new Network(world, trace, oracles);
    this.random = world.random();
    this.ids = ids;
    this.machine = machine;
    this.settings = RaftSettings.create(overrides.withFallback(CONFIG.getConfig("pekko-raft")));
    ids.forEach(id -> disks.put(id, new Disk(world, id, oracles)));
    ids.forEach(this::start);
  }

  // Processes.

  /** Boots a process of this peer, which recovers from its disk. */
  public void start(PeerId id) {
    if (isRunning(id)) {
      return;
    }
    var node = new Node(world, id, incarnations.merge(id, 1, Integer::sum), disks.get(id));
    nodes.put(id, node);
    pending.put(id, new ArrayList<>());
    oracles.booted(id);
    say(node, "boots");
    var watched = new Watched<>(id, machine.get(), oracles);
    machines.put(id, watched);
    var dice = random.split();
    world.boot(
        node,
        () ->
            node.system(
                ActorSystem.create(
                    guardian(node, watched, dice),
                    "sim",
                    ActorSystemSetup.create(
                        BootstrapSetup.create(CONFIG).withClassloader(loader)))));
  }

  private Behavior<Void> guardian(Node node, Watched<C, R, ?> watched, SplittableRandom dice) {
    var environment =
        new Environment(
            network.of(node),
            node::nanoTime,
            dice,
            event -> {
              oracles.heard(event);
              trace.say(world.now(), node, event.toString());
            });
    return Behaviors.setup(
        context -> {
          var peer =
              context.spawn(
                  Raft.create(GROUP, node.peer(), ids, watched, settings, environment), "peer");
          context.watch(peer);
          return Behaviors.receive(Void.class)
              .onSignal(
                  Terminated.class,
                  terminated -> {
                    say(node, "stops by itself");
                    world.after(0, () -> dies(node));
                    return Behaviors.same();
                  })
              .build();
        });
  }

  /** Power loss and kill -9: of what was being written, a prefix survives. */
  public void crash(PeerId id) {
    if (isRunning(id)) {
      dies(nodes.get(id));
    }
  }

  private void dies(Node node) {
    if (!node.isAlive()) {
      return;
    }
    node.kill();
    var lost = disks.get(node.peer()).crash();
    pending.get(node.peer()).forEach(Proposal::crashed);
    say(node, "dies, and " + lost + " writes with it");
  }

  public void restart(PeerId id) {
    crash(id);
    start(id);
  }

  /** SIGSTOP, and SIGCONT after {@code duration}: time goes on, and nothing of the process runs. */
  public void pause(PeerId id, Duration duration) {
    if (!isRunning(id)) {
      return;
    }
    var node = nodes.get(id);
    node.pause();
    say(node, "is paused for " + duration.toMillis() + " ms");
    world.after(
        duration.toNanos(),
        () -> {
          if (node.isAlive()) {
            say(node, "goes on");
            node.resume();
          }
        });
  }

  /**
   * Lets the clock of a process run fast or slow.
   *
   * @param rate 1.01 for one per cent fast
   */
  public void drift(PeerId id, double rate) {
    if (isRunning(id)) {
      nodes.get(id).clockRate(rate);
      say(nodes.get(id), "drifts by " + rate);
    }
  }

  /** Something happens later. */
  void later(Duration delay, Runnable action) {
    world.after(delay.toNanos(), action);
  }

  public boolean isRunning(PeerId id) {
    return nodes.containsKey(id) && nodes.get(id).isAlive();
  }

  public SortedSet<PeerId> peers() {
    return ids;
  }

  public List<PeerId> running() {
    return ids.stream().filter(this::isRunning).toList();
  }

  // The network.

  /** Nothing goes in or out. */
  public void isolate(PeerId id) {
    isolated.add(id);
    network.partition(List.of(id), others(id));
    trace.say(world.now(), id, "is cut off");
  }

  public void heal(PeerId id) {
    isolated.remove(id);
    for (var other : others(id)) {
      if (!isolated.contains(other)) {
        network.mend(id, other);
        network.mend(other, id);
      }
    }
    trace.say(world.now(), id, "is back");
  }

  private List<PeerId> others(PeerId id) {
    return ids.stream().filter(other -> !other.equals(id)).toList();
  }

  /** What {@code from} says does not reach {@code to}; the other way it goes through. */
  public void cut(PeerId from, PeerId to) {
    network.cut(from, to);
    trace.say(world.now(), from, "no longer reaches " + to);
  }

  /** Neither side reaches the other. */
  public void partition(Collection<PeerId> side, Collection<PeerId> other) {
    network.partition(side, other);
    trace.say(world.now(), "network", side + " | " + other);
  }

  /** Everybody reaches everybody. */
  public void heal() {
    isolated.clear();
    network.mendAll();
    trace.say(world.now(), "network", "is whole");
  }

  /** A source of chance that belongs to this run. */
  SplittableRandom random() {
    return random.split();
  }

  /** Who became leader last, as far as anybody outside can tell; costs nothing. */
  Optional<PeerId> lastLeader() {
    return oracles.lastLeader();
  }

  Network network() {
    return network;
  }

  Disk disk(PeerId id) {
    return disks.get(id);
  }

  /** Those who run and are not cut off. */
  public List<PeerId> connected() {
    return running().stream().filter(id -> !isolated.contains(id)).toList();
  }

  public long messages() {
    return network.messages();
  }

  public long bytes() {
    return network.bytes();
  }

  // Clients.

  /** Proposes at one peer and does not wait. */
  public Proposal<C, R> propose(PeerId id, C command) {
    var proposal = new Proposal<C, R>(command);
    proposals.add(proposal);
    trace.say(world.now(), id, "is asked for " + command);
    if (!isRunning(id) || network.reference(nodes.get(id)) == null) {
      proposal.answered(StatusReply.error(new NotLeader(Optional.empty())));
      return proposal;
    }
    var node = nodes.get(id);
    pending.get(id).add(proposal);
    ActorRef<StatusReply<R>> replyTo = Ear.of(node, proposal::answered);
    world.as(node, () -> network.reference(node).tell(new Propose<>(command, replyTo)));
    return proposal;
  }

  /** How a peer is; empty when it does not run, or does not answer at once. */
  public Optional<RaftStatus> status(PeerId id) {
    var node = nodes.get(id);
    if (!isRunning(id) || network.reference(node) == null) {
      return Optional.empty();
    }
    var answer = new ArrayList<RaftStatus>();
    ActorRef<RaftStatus> replyTo = Ear.of(node, answer::add);
    world.as(node, () -> network.reference(node).tell(new GetStatus(replyTo)));
    world.runUntil(() -> !answer.isEmpty(), world.now());
    return answer.stream().findFirst();
  }

  /** What this incarnation of a peer has applied. */
  public List<C> applied(PeerId id) {
    return machines.get(id).applied();
  }

  public long appliedBy(C command) {
    return running().stream().filter(id -> applied(id).contains(command)).count();
  }

  public List<Proposal<C, R>> proposals() {
    return List.copyOf(proposals);
  }

  // Waiting.

  /** Virtual time since the beginning. */
  public Duration time() {
    return Duration.ofNanos(world.now());
  }

  /** Lets time pass. */
  public void passes(Duration duration) {
    world.runUntil(() -> false, world.now() + duration.toNanos());
  }

  /** Waits until {@code condition} holds, ten virtual seconds at most. */
  public void await(String what, BooleanSupplier condition) {
    await(what, PATIENCE, condition);
  }

  public void await(String what, Duration bound, BooleanSupplier condition) {
    var deadline = world.now() + bound.toNanos();
    var step = Duration.ofMillis(5).toNanos();
    while (!condition.getAsBoolean()) {
      if (world.now() >= deadline) {
        throw new AssertionError("Not within " + bound + ": " + what);
      }
      world.runUntil(() -> false, Math.min(deadline, world.now() + step));
    }
  }

  /** Who leads in the newest term among the connected, if all of them follow it. */
  public Optional<PeerId> leader() {
    var statuses = connected().stream().map(this::status).flatMap(Optional::stream).toList();
    return statuses.stream()
        .filter(RaftStatus::isLeader)
        .max((a, b) -> a.term().compareTo(b.term()))
        .map(RaftStatus::id)
        .filter(
            id ->
                statuses.size() == connected().size()
                    && statuses.stream().allMatch(s -> s.leader().equals(Optional.of(id))));
  }

  /** Waits, five virtual seconds at most, for a leader whom all the connected follow. */
  public PeerId awaitLeader() {
    await("a leader", Duration.ofSeconds(5), () -> leader().isPresent());
    return leader().orElseThrow();
  }

  /** Proposes to whoever leads, until {@code count} peers have applied the command. */
  public void one(C command, int count) {
    var deadline = world.now() + PATIENCE.toNanos();
    while (appliedBy(command) < count) {
      var tried =
          connected().stream()
              .filter(id -> status(id).map(RaftStatus::isLeader).orElse(false))
              .map(id -> propose(id, command))
              .toList();
      var retry = Math.min(deadline, world.now() + Duration.ofSeconds(2).toNanos());
      while (world.now() < retry
          && appliedBy(command) < count
          && !tried.isEmpty()
          && !tried.stream().allMatch(p -> p.outcome() == Proposal.Outcome.REFUSED)) {
        passes(Duration.ofMillis(5));
      }
      if (appliedBy(command) < count) {
        passes(Duration.ofMillis(20));
      }
      if (world.now() >= deadline && appliedBy(command) < count) {
        throw new AssertionError(
            "Not applied by "
                + count
                + " within "
                + PATIENCE
                + ": "
                + (tried.isEmpty() ? command + ", for nobody leads" : tried.get(0)));
      }
    }
  }

  /** Waits until all who run have applied the same. */
  public void awaitAgreement() {
    await(
        "agreement",
        () -> running().stream().map(this::applied).map(List::copyOf).distinct().count() == 1);
  }

  /**
   * What must hold in the end: every acknowledged command is in every state, once; every proposal
   * has ended.
   */
  void finish() {
    network.conditions(Network.Conditions.RELIABLE);
    disks.values().forEach(disk -> disk.conditions(Disk.Conditions.FAST));
    heal();
    await(
        "all run and one leads",
        () -> {
          ids.forEach(this::start);
          return leader().isPresent();
        });
    await("every proposal ends", () -> proposals.stream().noneMatch(this::isPending));
    await("all is committed and applied, on all", this::isSettled);
    awaitAgreement();
    var proposed = count(proposals.stream().map(Proposal::command).toList());
    var inTheEnd = count(applied(ids.first()));
    for (var proposal : proposals) {
      var times = inTheEnd.getOrDefault(proposal.command(), 0);
      var lost = proposal.outcome() == Proposal.Outcome.DONE && times == 0;
      var refused = proposal.outcome() == Proposal.Outcome.REFUSED && times > 0;
      var once = proposed.get(proposal.command()) == 1;
      if (lost || (once && (refused || times > 1))) {
        throw new AssertionError(proposal + ", but it was applied " + times + " times");
      }
    }
  }

  /**
   * Whether every log is committed and applied to its end. Peers that agree on what they have
   * applied may all lack the last entry that somebody was promised, until their leader commits its
   * own.
   */
  private boolean isSettled() {
    var statuses = ids.stream().map(this::status).flatMap(Optional::stream).toList();
    return leader().isPresent()
        && statuses.size() == ids.size()
        && statuses.stream().map(RaftStatus::lastIndex).distinct().count() == 1
        && statuses.stream()
            .allMatch(
                s ->
                    s.commitIndex().equals(s.lastIndex()) && s.lastApplied().equals(s.lastIndex()));
  }

  private Map<C, Integer> count(List<C> commands) {
    var counts = new HashMap<C, Integer>();
    commands.forEach(command -> counts.merge(command, 1, Integer::sum));
    return counts;
  }

  private boolean isPending(Proposal<C, R> proposal) {
    return proposal.outcome() == Proposal.Outcome.PENDING;
  }

  private void say(Node node, String what) {
    trace.say(world.now(), node, what);
  }
}
