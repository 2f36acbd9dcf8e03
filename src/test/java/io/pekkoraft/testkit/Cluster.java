package io.pekkoraft.testkit;

import com.typesafe.config.Config;
import io.pekkoraft.RaftException.OutcomeUnknown;
import io.pekkoraft.RaftSettings;
import io.pekkoraft.RaftStatus;
import io.pekkoraft.ReadConsistency;
import io.pekkoraft.StateMachine;
import io.pekkoraft.membership.Change;
import io.pekkoraft.membership.Configuration;
import io.pekkoraft.membership.VersionedConfiguration;
import io.pekkoraft.model.LogIndex;
import io.pekkoraft.model.PeerId;
import io.pekkoraft.model.Term;
import io.pekkoraft.protocol.ClientMessage.ChangeMembership;
import io.pekkoraft.protocol.ClientMessage.GetStatus;
import io.pekkoraft.protocol.ClientMessage.TransferLeadership;
import io.pekkoraft.testkit.linearizability.History;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.pattern.StatusReply;

/**
 * A group of peers in a simulated world, as a story tells it: what happens, and then what must
 * hold. Every wait is in virtual time and has a bound.
 *
 * @param <C> the state machine's commands
 * @param <R> its results
 */
public final class Cluster<C, R> {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final World world;
  private final Trace trace;
  private final Coverage coverage = new Coverage();
  private final Oracles oracles;
  private final Network network;
  private final Processes<C, R> processes;
  private final Clients<C, R> clients;
  private final SimulatedClient.Surroundings<C, R> surroundings;
  private final List<SimulatedClient<C, R>> simulatedClients = new ArrayList<>();
  private final SplittableRandom random;
  private final SortedSet<PeerId> ids;
  private final SortedSet<PeerId> isolated = new TreeSet<>();
  private final boolean restsWhenIdle;

  Cluster(
      long seed,
      Trace trace,
      SortedSet<PeerId> ids,
      Supplier<? extends StateMachine<C, R, ?>> machine,
      Config overrides) {
    this.world = new World(seed, trace);
    this.trace = trace;
    var founders = Configuration.of(ids);
    this.oracles = new Oracles(founders, world::fail, coverage);
    this.network = new Network(world, trace, oracles);
    this.random = world.random();
    this.ids = new TreeSet<>(ids);
    var settings =
        RaftSettings.create(overrides.withFallback(Processes.CONFIG.getConfig("pekko-raft")));
    this.restsWhenIdle = settings.quiet().isOn();
    this.processes = new Processes<>(world, trace, oracles, network, founders, machine, settings);
    var forward = new Forward<C, R>(machine.get());
    this.clients =
        new Clients<>(
            world,
            trace,
            oracles,
            processes,
            forward,
            settings.proposals().maxPending() + settings.reads().maxPending());
    this.surroundings =
        new SimulatedClient.Surroundings<>(
            world,
            trace,
            coverage,
            oracles,
            network,
            processes,
            List.copyOf(ids),
            settings,
            forward,
            clients.history(),
            clients.requests());
    oracles.whenTakingEffect(this::tookEffect);
    ids.forEach(processes::start);
  }

  @SuppressWarnings("unchecked") // A simulation has one type of commands.
  private void tookEffect(LogIndex index, Term term, Object command) {
    surroundings.forward().applied(index, term, (C) command);
  }

  // Processes.

  /** Boots a process of this peer, which recovers from its disk. */
  public void start(PeerId id) {
    processes.start(known(id));
  }

  /** kill -9: what the process was writing the operating system has, or has not. */
  public void crash(PeerId id) {
    processes.kill(known(id));
  }

  /** The machine dies: what was not synced is gone, but for a prefix that made it. */
  public void losePower(PeerId id) {
    processes.losePower(known(id));
  }

  /**
   * Boots a peer that is new. It knows nobody, and takes no part until it is added.
   *
   * @param id that no peer of this cluster has
   */
  public void join(PeerId id) {
    if (!ids.add(id)) {
      throw new IllegalArgumentException(id + " is a peer of this cluster already.");
    }
    processes.add(id);
    processes.start(id);
  }

  /** The machine dies, and its disk with it; what is started again begins with an empty one. */
  public void loseDisk(PeerId id) {
    processes.losePower(known(id));
    processes.add(id);
    oracles.wiped(id);
    trace.say(world.now(), id, "has lost its disk");
  }

  /** Whether there is a majority of peers that the group has met without this one's disk, too. */
  boolean canSpare(PeerId id) {
    return oracles.canSpare(known(id));
  }

  /** Whether a majority of these peers have not lost their disks. */
  boolean isAble(Configuration configuration) {
    return oracles.isAble(configuration);
  }

  public void restart(PeerId id) {
    crash(id);
    start(id);
  }

  /** SIGSTOP, and SIGCONT after {@code duration}: time goes on, and nothing of the process runs. */
  public void pause(PeerId id, Duration duration) {
    processes.pause(known(id), duration);
  }

  /**
   * Lets the clock of a process run fast or slow.
   *
   * @param rate 1.01 for one per cent fast
   */
  public void drift(PeerId id, double rate) {
    if (!(rate > 0)) {
      throw new IllegalArgumentException("A clock goes forward; its rate can't be " + rate);
    }
    processes.drift(known(id), rate);
  }

  /** Nothing is synced for so long. */
  public void stallDisk(PeerId id, Duration duration) {
    processes.disk(known(id)).stall(duration.toNanos());
  }

  /** For so long every write fails. A peer whose write has failed stops; start it again. */
  public void fillDisk(PeerId id, Duration duration) {
    processes.disk(known(id)).full(duration.toNanos());
  }

  /** From now on, a sync takes at least {@code min}, and three times as long at most. */
  public void slowDisks(Duration min) {
    var nanos = min.toNanos();
    ids.forEach(id -> disk(id).conditions(new Disk.Conditions(nanos, 3 * nanos, 0)));
  }

  /** Something happens later, if the story has not ended by then. */
  public void later(Duration delay, Runnable action) {
    world.after(delay.toNanos(), action);
  }

  public boolean isRunning(PeerId id) {
    return processes.isRunning(known(id));
  }

  /** Whether the group goes quiet when it has nothing to do. */
  boolean restsWhenIdle() {
    return restsWhenIdle;
  }

  public SortedSet<PeerId> peers() {
    return Collections.unmodifiableSortedSet(ids);
  }

  /** Who belongs to the group, as the leader in the newest term knows it; empty if nobody leads. */
  public Optional<VersionedConfiguration> members() {
    return leading().map(RaftStatus::configuration);
  }

  /** How the peer is that leads in the newest term, among the connected. */
  private Optional<RaftStatus> leading() {
    return connected().stream()
        .map(this::status)
        .flatMap(Optional::stream)
        .filter(RaftStatus::isLeader)
        .max((a, b) -> a.term().compareTo(b.term()));
  }

  public List<PeerId> running() {
    return ids.stream().filter(this::isRunning).toList();
  }

  // The network.

  /** Nothing goes in or out. */
  public void isolate(PeerId id) {
    isolated.add(known(id));
    network.partition(List.of(id), others(id));
    trace.say(world.now(), id, "is cut off");
  }

  public void heal(PeerId id) {
    isolated.remove(known(id));
    for (var other : others(id)) {
      if (!isolated.contains(other)) {
        network.mend(id, other);
        network.mend(other, id);
      }
    }
    trace.say(world.now(), id, "is back");
  }

  private PeerId known(PeerId id) {
    if (!ids.contains(id)) {
      throw new IllegalArgumentException(id + " is not a peer of this cluster: " + ids);
    }
    return id;
  }

  private List<PeerId> others(PeerId id) {
    return ids.stream().filter(other -> !other.equals(id)).toList();
  }

  /** What {@code from} says does not reach {@code to}; the other way it goes through. */
  public void cut(PeerId from, PeerId to) {
    network.cut(known(from), known(to));
    trace.say(world.now(), from, "no longer reaches " + to);
  }

  /**
   * From now on, a message takes {@code slowest} at most; half of the answers come late by up to
   * {@code latest} more, and one message in five comes twice.
   */
  public void lateAnswers(Duration slowest, Duration latest) {
    network.conditions(
        new Network.Conditions(1, slowest.toNanos(), 0.02, 0.2, 0.5, latest.toNanos()));
  }

  /** From now on, messages take as long as they do in a data center, and none is lost. */
  public void calm() {
    network.conditions(Network.Conditions.RELIABLE);
  }

  /** What {@code from} says reaches {@code to} again, and as fast as any. */
  public void mend(PeerId from, PeerId to) {
    network.mend(known(from), known(to));
    trace.say(world.now(), from, "reaches " + to + " again");
  }

  /** The sides reach each other again. */
  public void mend(Collection<PeerId> side, Collection<PeerId> other) {
    for (var one : side) {
      for (var two : other) {
        mend(one, two);
        mend(two, one);
      }
    }
  }

  /** What {@code from} says reaches {@code to} so much later, until the link is healed. */
  public void slow(PeerId from, PeerId to, Duration by) {
    network.slow(known(from), known(to), by.toNanos());
    trace.say(world.now(), from, "reaches " + to + " slowly");
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

  /** A source of chance that belongs to this run: what a story draws, it draws from its seed. */
  public SplittableRandom random() {
    return random.split();
  }

  /** Who became leader last, as far as anybody outside can tell; costs nothing. */
  public Optional<PeerId> lastLeader() {
    return oracles.lastLeader();
  }

  Network network() {
    return network;
  }

  Disk disk(PeerId id) {
    return processes.disk(known(id));
  }

  /** Calls back the moment that a peer begins to lead. */
  void whenSomebodyLeads(Consumer<PeerId> listener) {
    oracles.whenSomebodyLeads(listener);
  }

  Coverage coverage() {
    return coverage;
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
  public Request<C, R> propose(PeerId id, C command) {
    return clients.propose(known(id), command);
  }

  /**
   * A client of its own process, whose commands take effect once however often it asks: the
   * production one.
   */
  public SimulatedClient<C, R> newClient() {
    var client =
        new SimulatedClient<>(PeerId.of("c" + (simulatedClients.size() + 1)), surroundings);
    simulatedClients.add(client);
    return client;
  }

  /** No client says anything any more. */
  void endClients() {
    simulatedClients.forEach(SimulatedClient::crash);
  }

  /** How many requests a peer has not answered yet. */
  public int pending(PeerId id) {
    return clients.pending(known(id));
  }

  /** The highest index of a write that a client of this cluster's was told of. */
  public LogIndex latestAcknowledged() {
    return LogIndex.of(clients.latestAcknowledged());
  }

  /** Asks one peer for a linearizable read and does not wait. */
  public Request<C, R> read(PeerId id, C query) {
    return read(id, query, ReadConsistency.linearizable());
  }

  /**
   * Asks one peer for a read and does not wait.
   *
   * @param consistency one that is linearizable, wherever it is answered: the history counts it so
   */
  public Request<C, R> read(PeerId id, C query, ReadConsistency consistency) {
    return clients.read(known(id), query, consistency);
  }

  /** Asks a leader to hand its office over, and does not wait. */
  public void transfer(PeerId from, Optional<PeerId> to) {
    processes
        .reachable(known(from))
        .ifPresent(
            node -> {
              trace.say(world.now(), from, "is to hand its office over");
              ActorRef<StatusReply<PeerId>> replyTo =
                  Ear.of(node, reply -> trace.say(world.now(), from, reply.toString()));
              world.as(
                  node, () -> processes.reference(node).tell(new TransferLeadership(to, replyTo)));
            });
  }

  /**
   * Asks a peer to change who belongs to the group, and does not wait.
   *
   * @return tells what came of it, once it is known
   */
  public Supplier<Optional<StatusReply<VersionedConfiguration>>> change(PeerId at, Change change) {
    var answer = new ArrayList<StatusReply<VersionedConfiguration>>();
    processes
        .reachable(known(at))
        .ifPresent(
            node -> {
              oracles.askedToChange();
              trace.say(world.now(), at, "is asked for " + change);
              ActorRef<StatusReply<VersionedConfiguration>> replyTo =
                  Ear.of(
                      node,
                      reply -> {
                        answer.add(reply);
                        trace.say(world.now(), at, reply.toString());
                      });
              world.as(
                  node,
                  () -> processes.reference(node).tell(new ChangeMembership(change, replyTo)));
            });
    var node = processes.reachable(at);
    return () ->
        answer.stream()
            .findFirst()
            .or(
                () ->
                    node.filter(Node::isAlive).isPresent()
                        ? Optional.empty()
                        : Optional.of(StatusReply.error(new OutcomeUnknown(at + " has died."))));
  }

  /**
   * Asks whoever leads for a change, again and again, until it is complete; a minute of virtual
   * time at most.
   */
  public void changes(Set<PeerId> add, Set<PeerId> remove, Set<PeerId> learners) {
    var asked = new TreeMap<Term, Supplier<Optional<StatusReply<VersionedConfiguration>>>>();
    await(
        "the change +" + add + " -" + remove + " learners " + learners,
        Duration.ofMinutes(1),
        () -> {
          var leader = leading();
          if (leader.filter(status -> isSo(status, add, remove, learners)).isPresent()) {
            return true;
          }
          leader
              .filter(status -> isAnsweredOrNew(asked.get(status.term())))
              .ifPresent(status -> asked.put(status.term(), change(status, add, remove, learners)));
          return false;
        });
  }

  private static boolean isAnsweredOrNew(Supplier<? extends Optional<?>> asked) {
    return asked == null || asked.get().isPresent();
  }

  private Supplier<Optional<StatusReply<VersionedConfiguration>>> change(
      RaftStatus leader, Set<PeerId> add, Set<PeerId> remove, Set<PeerId> learners) {
    var change =
        new Change(
            PeerId.sorted(add),
            PeerId.sorted(remove),
            PeerId.sorted(learners),
            leader.configuration().version());
    return change(leader.id(), change);
  }

  private static boolean isSo(
      RaftStatus leader, Set<PeerId> add, Set<PeerId> remove, Set<PeerId> learners) {
    var configuration = leader.configuration().configuration();
    return leader.commitIndex().isAtLeast(leader.configuration().version())
        && !configuration.isJoint()
        && configuration.voters().containsAll(add)
        && remove.stream().noneMatch(configuration::contains)
        && configuration.learners().containsAll(learners);
  }

  /** How a peer is; empty when it does not run, or does not answer at once. */
  public Optional<RaftStatus> status(PeerId id) {
    var node = processes.reachable(id);
    if (node.isEmpty()) {
      return Optional.empty();
    }
    var answer = new ArrayList<RaftStatus>();
    ActorRef<RaftStatus> replyTo = Ear.of(node.get(), answer::add);
    world.as(node.get(), () -> processes.reference(node.get()).tell(new GetStatus(replyTo)));
    world.runUntil(() -> !answer.isEmpty(), world.now());
    answer.forEach(oracles::reported);
    return answer.stream().findFirst();
  }

  /** What this incarnation of a peer has applied. */
  public List<C> applied(PeerId id) {
    return processes.applied(id);
  }

  public long appliedBy(C command) {
    return running().stream().filter(id -> applied(id).contains(command)).count();
  }

  /** What clients saw so far. */
  History<C, R> history() {
    return clients.history();
  }

  /** All that clients asked for so far, in order. */
  public List<Request<C, R>> requests() {
    return Collections.unmodifiableList(clients.requests());
  }

  // Waiting.

  /** Virtual time since the beginning. */
  public Duration time() {
    return Duration.ofNanos(world.now());
  }

  /** Lets time pass. */
  public void passes(Duration duration) {
    if (duration.isNegative()) {
      throw new IllegalArgumentException("Time does not go back: " + duration);
    }
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

  /** Who leads in the newest term among the connected, if all members among them follow it. */
  public Optional<PeerId> leader() {
    return leading()
        .filter(leader -> connected().stream().allMatch(id -> followsOrIsNone(id, leader)))
        .map(RaftStatus::id);
  }

  private boolean followsOrIsNone(PeerId id, RaftStatus leader) {
    return !leader.configuration().configuration().contains(id)
        || status(id).flatMap(RaftStatus::leader).equals(Optional.of(leader.id()));
  }

  /** Waits, five virtual seconds at most, for a leader whom all the connected follow. */
  public PeerId awaitLeader() {
    await("a leader", Duration.ofSeconds(5), () -> leader().isPresent());
    return leader().orElseThrow();
  }

  /**
   * Proposes to whoever leads, again and again (so it may be applied more than once), until {@code
   * count} peers have applied the command.
   */
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
          && !tried.stream().allMatch(p -> p.outcome() == Request.Outcome.REFUSED)) {
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

  /**
   * The peers that run and belong to the group, as whoever leads knows it, but for those that have
   * lost their disks.
   */
  public List<PeerId> runningMembers() {
    var members = members();
    return running().stream()
        .filter(id -> members.map(m -> m.configuration().contains(id)).orElse(false))
        .filter(id -> !status(id).map(RaftStatus::disowned).orElse(false))
        .toList();
  }

  /** Waits until all members who run have applied the same. */
  public void awaitAgreement() {
    await(
        "agreement",
        () ->
            runningMembers().stream().map(this::applied).map(List::copyOf).distinct().count() == 1);
  }

  /** No more faults: the network is whole and quick, the disks are fast, and all peers run. */
  public void recover() {
    network.conditions(Network.Conditions.RELIABLE);
    ids.forEach(id -> disk(id).recover());
    heal();
    await(
        "all run and one leads",
        () -> {
          ids.forEach(this::start);
          return leader().isPresent();
        });
  }
}
