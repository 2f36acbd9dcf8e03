package io.pekkoraft;

import io.pekkoraft.journal.JournalException;
import io.pekkoraft.membership.Change;
import io.pekkoraft.membership.Configuration;
import io.pekkoraft.membership.VersionedConfiguration;
import io.pekkoraft.model.LogPosition;
import io.pekkoraft.model.PeerId;
import io.pekkoraft.node.RaftNode;
import io.pekkoraft.node.Whereabouts;
import io.pekkoraft.protocol.ClientMessage.ChangeMembership;
import io.pekkoraft.protocol.ClientMessage.GetMembers;
import io.pekkoraft.protocol.ClientMessage.Propose;
import io.pekkoraft.protocol.ClientMessage.Read;
import io.pekkoraft.protocol.ClientMessage.TakeSnapshot;
import io.pekkoraft.protocol.ClientMessage.TransferLeadership;
import java.time.Duration;
import java.util.Comparator;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.pekko.Done;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Props;

/**
 * A group as one thing, whether its peers run in this actor system or on several nodes: it finds
 * the leader, and asks again when there is none for a moment.
 *
 * <p>Its futures fail with a {@link RaftException}, which says what became of the request.
 *
 * @param <Command> the state machine's commands
 * @param <Result> its results
 */
public final class RaftGroup<Command, Result> {
  private static final AtomicLong SPAWNED = new AtomicLong();

  private final ActorSystem<?> system;
  private final String name;
  private final SortedSet<PeerId> peers;

  /** Those of them that were spawned here. */
  private final SortedSet<PeerId> own;

  private final RaftSettings settings;
  private final Optional<ActorRef<GroupGuardian.Message>> guardian;
  private final LeaderSearch leader;
  private final AtomicReference<CompletableFuture<Done>> stopped = new AtomicReference<>();

  private RaftGroup(
      ActorSystem<?> system,
      String name,
      SortedSet<PeerId> peers,
      SortedSet<PeerId> own,
      RaftSettings settings,
      Optional<ActorRef<GroupGuardian.Message>> guardian) {
    this.system = system;
    this.name = name;
    this.peers = new ConcurrentSkipListSet<>(peers);
    this.own = new ConcurrentSkipListSet<>(own);
    this.settings = settings;
    this.guardian = guardian;
    this.leader = new LeaderSearch(system, name, this.peers, settings.client());
  }

  /**
   * Spawns all peers of a group. One that fails is restarted after a back-off and recovers from its
   * journal.
   *
   * @param name of the group; with a peer's id it names the peer's journal
   * @param machine makes the state machine of each peer
   * @throws IllegalArgumentException when a name or a setting is not legal, or no snapshot of the
   *     machine's state can be written
   * @throws IllegalStateException when a peer of that name runs already
   * @throws JournalException.NotOpened when the embedded journal can't be opened
   */
  public static <Command, Result> RaftGroup<Command, Result> spawn(
      ActorSystem<?> system,
      String name,
      Set<PeerId> peers,
      Supplier<? extends StateMachine<Command, Result, ?>> machine) {
    return spawn(system, name, peers, machine, RaftSettings.create(system));
  }

  /** As above, with settings of its own. */
  public static <Command, Result> RaftGroup<Command, Result> spawn(
      ActorSystem<?> system,
      String name,
      Set<PeerId> peers,
      Supplier<? extends StateMachine<Command, Result, ?>> machine,
      RaftSettings settings) {
    var ids = Configuration.of(peers).peers();
    return spawn(system, name, ids, ids, ids, machine, settings);
  }

  /**
   * Spawns one peer of a group, in this actor system; the others run on other nodes, each spawned
   * there in the same way. A node may start before the others.
   *
   * @param name of the group; with a peer's id it names the peer's journal
   * @param self the peer that runs here
   * @param nodes the founders of the group, and the node of each
   * @param machine makes the state machine of the peer
   * @throws IllegalArgumentException when a name or a setting is not legal, {@code self} is not one
   *     of the founders or its node is another one than this, the actor system has no remoting, or
   *     no snapshot of the machine's state can be written
   * @throws IllegalStateException when the peer runs here already
   * @throws JournalException.NotOpened when the embedded journal can't be opened
   */
  public static <Command, Result> RaftGroup<Command, Result> spawn(
      ActorSystem<?> system,
      String name,
      PeerId self,
      Map<PeerId, Address> nodes,
      Supplier<? extends StateMachine<Command, Result, ?>> machine,
      RaftSettings settings) {
    return spawn(system, name, self, nodes.keySet(), Whereabouts.of(nodes), machine, settings);
  }

  /**
   * As above, where a peer may move.
   *
   * @param founders of the group
   * @param where the node of each peer
   */
  public static <Command, Result> RaftGroup<Command, Result> spawn(
      ActorSystem<?> system,
      String name,
      PeerId self,
      Set<PeerId> founders,
      Whereabouts where,
      Supplier<? extends StateMachine<Command, Result, ?>> machine,
      RaftSettings settings) {
    var ids = Configuration.of(founders).peers();
    if (!ids.contains(self)) {
      throw new IllegalArgumentException(self + " is not one of the founders " + ids + ".");
    }
    locate(system, name, self, where, settings);
    return spawn(system, name, PeerId.sorted(Set.of(self)), ids, ids, machine, settings);
  }

  /**
   * Spawns one peer that joins a group on other nodes. It knows nobody, and takes no part until
   * {@link #changeMembership} adds it; or it recovers from its journal, if it belonged to the group
   * before. Nodes that have it on no list hear where it runs, if they {@code accept-newcomers}.
   *
   * @param where the node of each peer, {@code self} among them
   */
  public static <Command, Result> RaftGroup<Command, Result> join(
      ActorSystem<?> system,
      String name,
      PeerId self,
      Map<PeerId, Address> nodes,
      Supplier<? extends StateMachine<Command, Result, ?>> machine,
      RaftSettings settings) {
    locate(system, name, self, Whereabouts.of(nodes), settings);
    RaftNode.get(system).introduce(name, self);
    return spawn(
        system,
        name,
        PeerId.sorted(Set.of(self)),
        PeerId.sorted(Set.of()),
        PeerId.sorted(nodes.keySet()),
        machine,
        settings);
  }

  /** Who runs here is reached at this node's address and no other. */
  private static void locate(
      ActorSystem<?> system, String name, PeerId self, Whereabouts where, RaftSettings settings) {
    var here = RaftNode.get(system);
    here.requireRoomFor(settings);
    if (!where.of(name, self).equals(Optional.of(here.address()))) {
      throw new IllegalArgumentException(
          "Peer "
              + self
              + " belongs to "
              + where.of(name, self).map(Address::toString).orElse("no node")
              + ", and this is "
              + here.address()
              + ". Let pekko.remote.artery.canonical say what the list of nodes says.");
    }
    Directory.of(system).locate(name, where);
  }

  private static <Command, Result> RaftGroup<Command, Result> spawn(
      ActorSystem<?> system,
      String name,
      SortedSet<PeerId> own,
      SortedSet<PeerId> founders,
      SortedSet<PeerId> ids,
      Supplier<? extends StateMachine<Command, Result, ?>> machine,
      RaftSettings settings) {
    Raft.requireReady(system, name, machine.get(), settings);
    for (var id : own) {
      Directory.of(system).requireFree(name, id);
    }
    var guardian =
        system.systemActorOf(
            GroupGuardian.create(name, own, founders, machine, settings),
            // A name is free again only some time after its actor has stopped.
            "raft-" + name + "-" + SPAWNED.incrementAndGet(),
            Props.empty());
    return new RaftGroup<>(system, name, ids, own, settings, Optional.of(guardian));
  }

  /** A group whose peers were spawned one by one in {@code system}, with {@link Raft#create}. */
  public static <Command, Result> RaftGroup<Command, Result> of(
      ActorSystem<?> system, String name, Set<PeerId> peers) {
    return of(system, name, peers, RaftSettings.create(system));
  }

  /** As above, with settings of its own. */
  public static <Command, Result> RaftGroup<Command, Result> of(
      ActorSystem<?> system, String name, Set<PeerId> peers, RaftSettings settings) {
    return new RaftGroup<>(
        system,
        name,
        Configuration.of(peers).peers(),
        PeerId.sorted(Set.of()),
        settings,
        Optional.empty());
  }

  /** A group whose peers run on other nodes: none of them is spawned here. */
  public static <Command, Result> RaftGroup<Command, Result> of(
      ActorSystem<?> system, String name, Set<PeerId> peers, Whereabouts where) {
    return of(system, name, peers, where, RaftSettings.create(system));
  }

  /** As above, with settings of its own. */
  public static <Command, Result> RaftGroup<Command, Result> of(
      ActorSystem<?> system,
      String name,
      Set<PeerId> peers,
      Whereabouts where,
      RaftSettings settings) {
    Directory.of(system).locate(name, where);
    return of(system, name, peers, settings);
  }

  /**
   * Replicates a command.
   *
   * @return what the state machine made of it, once it is committed
   */
  public CompletionStage<Result> propose(Command command) {
    Objects.requireNonNull(command, "A command is never null.");
    return leader.ask(false, replyTo -> new Propose<>(command, replyTo));
  }

  /**
   * Answers from a state that holds every write acknowledged before this call (linearizable).
   *
   * @param query a command whose handler only replies and leaves the state as it was
   */
  public CompletionStage<Result> read(Command query) {
    return read(query, ReadConsistency.linearizable());
  }

  /**
   * Answers from a state as fresh as {@code consistency} wants it. What need not come from the
   * leader comes from all peers in turn, if they can.
   *
   * @param query a command whose handler only replies and leaves the state as it was
   */
  public CompletionStage<Result> read(Command query, ReadConsistency consistency) {
    Objects.requireNonNull(query, "A query is never null.");
    Objects.requireNonNull(consistency, "ReadConsistency.linearizable() is a good choice.");
    return consistency instanceof ReadConsistency.Linearizable
            || consistency instanceof ReadConsistency.Lease
        ? leader.ask(true, replyTo -> new Read<>(query, consistency, replyTo))
        : leader.askAnybody(replyTo -> new Read<>(query, consistency, replyTo));
  }

  /**
   * Lets the leader hand its office over (thesis §3.10), to {@code successor} or to the follower
   * that has most of the log. Commands that come meanwhile wait for the new leader.
   *
   * @return who was told to take over, once the old leader has left; else {@link
   *     RaftException.ChangeRefused} says why it has not. After {@code TIMED_OUT} the successor may
   *     still come to hear that it was told, and win
   */
  public CompletionStage<PeerId> transferLeadership(Optional<PeerId> successor) {
    Objects.requireNonNull(successor, "Optional.empty() for the best follower.");
    return leader.ask(false, replyTo -> new TransferLeadership(successor, replyTo));
  }

  /**
   * Changes who belongs to the group (§6), one change at a time. Those who shall vote catch up with
   * the log first; a newcomer has to run already, see {@link #spawnPeer}.
   *
   * @param change starts from the version that {@link #members()} told
   * @return the new configuration, once all of the change is committed; else {@link
   *     RaftException.ChangeRefused} says why all is as it was, and {@link
   *     RaftException.OutcomeUnknown} that the leader went meanwhile or that it takes longer than
   *     {@code client.change-timeout}: {@link #members()} tells what came of it
   */
  public CompletionStage<VersionedConfiguration> changeMembership(Change change) {
    Objects.requireNonNull(change, "Somebody has to be added or removed.");
    return leader.askPatiently(
        settings.client().changeTimeout(), replyTo -> new ChangeMembership(change, replyTo));
  }

  /** The configuration that the leader uses, and its version, which a change starts from. */
  public CompletionStage<VersionedConfiguration> members() {
    return leader.ask(true, GetMembers::new);
  }

  /**
   * Spawns one more peer in this actor system, beside those of {@link #spawn}. It knows nobody, and
   * takes no part until {@link #changeMembership} adds it; or it recovers from its journal, if it
   * belonged to the group before.
   *
   * @return done when it runs
   * @throws IllegalStateException when the peers of this group were spawned one by one
   */
  public CompletionStage<Done> spawnPeer(PeerId peer) {
    requireSpawned();
    peers.add(peer);
    own.add(peer);
    return askGuardian(replyTo -> new GroupGuardian.StartPeer(peer, replyTo));
  }

  /** The peers that this group was made with, and those that joined it in this actor system. */
  public SortedSet<PeerId> peers() {
    return PeerId.sorted(leader.peers());
  }

  /**
   * Lets a peer take a snapshot of its state now, and discard the log that it includes (§7). It
   * does so by itself, now and then; this is for before a backup, for instance.
   *
   * @param patience how long to wait; a large state takes its time. If that is not enough, the
   *     snapshot is taken all the same, and {@link RaftEvent.SnapshotTaken} tells
   * @return what the snapshot includes, once it is on disk; else {@link
   *     RaftException.ChangeRefused} says why there is none, or {@link
   *     RaftException.OutcomeUnknown} that it took too long
   */
  public CompletionStage<LogPosition> takeSnapshot(PeerId peer, Duration patience) {
    return leader.askPeer(peer, TakeSnapshot::new, patience);
  }

  /** How each peer is; one that does not answer within {@code client.timeout} is left out. */
  public CompletionStage<SortedMap<PeerId, RaftStatus>> status() {
    CompletionStage<SortedMap<PeerId, RaftStatus>> all =
        CompletableFuture.completedStage(new TreeMap<>());
    for (var peer : peers()) {
      all =
          all.thenCombine(
              status(peer),
              (map, status) -> {
                status.ifPresent(present -> map.put(peer, present));
                return map;
              });
    }
    return all;
  }

  /** How a peer is; empty when it does not answer within {@code client.timeout}. */
  public CompletionStage<Optional<RaftStatus>> status(PeerId peer) {
    return leader.status(peer, settings.client().timeout());
  }

  /**
   * How a peer of this actor system is, and the end of its log.
   *
   * @param entries how many of the last ones at most; no more than {@link Inspection#MOST_ENTRIES}
   * @return empty when it runs elsewhere or nowhere, or does not answer within {@code patience}
   */
  public CompletionStage<Optional<Inspection>> inspect(
      PeerId peer, int entries, Duration patience) {
    return leader.inspect(peer, entries, patience);
  }

  /**
   * Why each peer makes no progress, or makes it slowly, by what it knows itself; of one that does
   * not run or does not answer within {@code client.timeout}, that.
   */
  public CompletionStage<SortedMap<PeerId, Explanation>> explain() {
    return new Explanations(system, name, guardian, settings.client().timeout()).of(peers());
  }

  /** Asks this peer first from now on: for who has heard that it leads. It may be wrong. */
  public void hint(PeerId leading) {
    leader.hint(leading);
  }

  /** The status of whoever leads in the newest term; empty while nobody does. */
  public CompletionStage<Optional<RaftStatus>> leader() {
    return status()
        .thenApply(
            all ->
                all.values().stream()
                    .filter(RaftStatus::isLeader)
                    .max(Comparator.comparing(RaftStatus::term)));
  }

  /**
   * Stops a peer that {@link #spawn} spawned. If it leads, it hands its office over first, so that
   * nobody has to wait for an election time-out; requests on their way go to the others.
   *
   * @return done when it has stopped; a failure when that takes longer than {@code client.timeout},
   *     after {@code leadership.handover-timeout} at most for a successor to be found
   */
  public CompletionStage<Done> stopPeer(PeerId peer) {
    requireOwn(peer);
    return stepAside(PeerId.sorted(Set.of(peer)))
        .thenCompose(aside -> askGuardian(replyTo -> new GroupGuardian.StopPeer(peer, replyTo)));
  }

  /**
   * Spawns a peer anew that was stopped or that waits for its restart.
   *
   * @return done when it has caught up with the leader; a failure when that takes longer than
   *     {@code client.timeout}
   */
  public CompletionStage<Done> startPeer(PeerId peer) {
    requireOwn(peer);
    return askGuardian(replyTo -> new GroupGuardian.StartPeer(peer, replyTo))
        .thenCompose(
            spawned -> new CatchingUp(system, this, peer, settings.client()).whenCaughtUp());
  }

  /** Stops a peer and starts it anew; one after the other, a whole group in the midst of work. */
  public CompletionStage<Done> restartPeer(PeerId peer) {
    return stopPeer(peer).thenCompose(stopped -> startPeer(peer));
  }

  private void requireOwn(PeerId peer) {
    requireSpawned();
    if (!own.contains(peer)) {
      throw new IllegalArgumentException(
          peer + " is not one of the peers " + own + " that were spawned here.");
    }
  }

  private void requireSpawned() {
    if (guardian.isEmpty()) {
      throw new IllegalStateException(
          "The peers of group "
              + name
              + " were spawned one by one; whoever did so can stop them and spawn more.");
    }
  }

  private CompletionStage<Done> stepAside(SortedSet<PeerId> leaving) {
    return Directory.of(system)
        .stepAside(system, name, leaving, settings.leadership().handoverTimeout());
  }

  private CompletionStage<Done> askGuardian(
      Function<ActorRef<Done>, GroupGuardian.Message> message) {
    return Ask.ask(system, guardian.orElseThrow(), message, settings.client().timeout());
  }

  /**
   * Stops all peers that {@link #spawn} spawned; what they lead they hand over, if the group has
   * peers elsewhere. Requests still on their way end as unknown.
   *
   * @return done when all have stopped; a failure when that takes longer than {@code
   *     client.timeout}
   */
  public CompletionStage<Done> stop() {
    var stopping = new CompletableFuture<Done>();
    if (stopped.compareAndSet(null, stopping)) {
      var all =
          guardian.isEmpty()
              ? CompletableFuture.completedStage(Done.done())
              : stepAside(own).thenCompose(aside -> askGuardian(GroupGuardian.Stop::new));
      all.whenComplete(
          (done, failure) -> {
            if (failure == null) {
              stopping.complete(done);
            } else {
              stopping.completeExceptionally(failure);
            }
          });
    }
    return stopped.get();
  }
}
