package io.pekkoraft;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toCollection;

import io.pekkoraft.model.PeerId;
import io.pekkoraft.node.RaftNode;
import io.pekkoraft.node.Residents;
import io.pekkoraft.node.Whereabouts;
import io.pekkoraft.protocol.ClientMessage;
import io.pekkoraft.protocol.ClientMessage.StepAside;
import io.pekkoraft.protocol.Neighbours;
import io.pekkoraft.protocol.PeerMessage;
import io.pekkoraft.protocol.PeerNetwork;
import io.pekkoraft.protocol.RaftMessage;
import io.pekkoraft.protocol.SelfMessage.NeighbourGone;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.pekko.Done;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.CoordinatedShutdown;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Extension;
import org.apache.pekko.actor.typed.ExtensionId;

/**
 * Which peers run in this actor system, and the way to those that run elsewhere. When it shuts down
 * in order, those that lead hand their office over first, before anything else is taken down.
 */
final class Directory implements Extension, Residents {
  private static final Id ID = new Id();

  private final ActorSystem<?> system;
  private final ConcurrentMap<Name, ActorRef<RaftMessage>> peers = new ConcurrentHashMap<>();
  private volatile RaftNode known;
  private final Set<ActorRef<?>> leaving = ConcurrentHashMap.newKeySet();
  private final Watches<Name> watches = new Watches<>();

  private record Name(String group, PeerId peer) {}

  private static final class Id extends ExtensionId<Directory> {
    @Override
    public Directory createExtension(ActorSystem<?> system) {
      var directory = new Directory(system);
      CoordinatedShutdown.get(system)
          .addTask(
              CoordinatedShutdown.PhaseBeforeServiceUnbind(),
              "pekko-raft-hand-over",
              () -> directory.stepAside());
      return directory;
    }
  }

  private Directory(ActorSystem<?> system) {
    this.system = system;
  }

  static Directory of(ActorSystem<?> system) {
    return ID.apply(system);
  }

  /** Where a peer is; of one that is to be stopped, nowhere, for whoever has a request. */
  Optional<ActorRef<RaftMessage>> find(String group, PeerId peer) {
    return Optional.ofNullable(peers.get(new Name(group, peer)))
        .filter(ref -> !leaving.contains(ref));
  }

  /** This node, if it is one of several; what others send to it comes here. */
  private Optional<RaftNode> node() {
    if (known == null) {
      RaftNode.find(system).ifPresent(this::connect);
    }
    return Optional.ofNullable(known);
  }

  /** From now on the peers of this group are looked for where they are said to be. */
  void locate(String group, Whereabouts where) {
    var node = RaftNode.get(system);
    node.locate(group, where);
    connect(node);
  }

  private synchronized void connect(RaftNode node) {
    if (known == null) {
      node.serve(this);
      node.subscribe(event -> watches.changed(this::isOver));
      known = node;
    }
  }

  private Optional<Address> elsewhere(String group, PeerId peer) {
    return node()
        .flatMap(
            here -> here.nodeOf(group, peer).filter(address -> !address.equals(here.address())));
  }

  /** Whether the peer can be asked: it runs here, or on a node that is there. */
  boolean isReachable(String group, PeerId peer) {
    return find(group, peer).isPresent()
        || elsewhere(group, peer)
            .flatMap(address -> node().orElseThrow().incarnationOf(address))
            .isPresent();
  }

  /**
   * Asks a peer wherever it runs.
   *
   * @return the answer, or a {@link java.util.concurrent.TimeoutException}; empty when the peer
   *     can't be reached
   */
  <R> Optional<CompletableFuture<R>> ask(
      String group,
      PeerId peer,
      Function<ActorRef<R>, ? extends ClientMessage> message,
      Duration patience) {
    var local = find(group, peer);
    if (local.isPresent()) {
      return Optional.of(Ask.<RaftMessage, R>ask(system, local.get(), message::apply, patience));
    }
    return elsewhere(group, peer)
        .filter(address -> node().orElseThrow().incarnationOf(address).isPresent())
        .map(address -> askElsewhere(address, group, peer, message, patience));
  }

  @SuppressWarnings("unchecked") // It is the answer to this very request.
  private <R> CompletableFuture<R> askElsewhere(
      Address address,
      String group,
      PeerId peer,
      Function<ActorRef<R>, ? extends ClientMessage> message,
      Duration patience) {
    return (CompletableFuture<R>)
        node().orElseThrow().ask(address, group, peer, message.apply(system.ignoreRef()), patience);
  }

  @Override
  public boolean tell(String group, PeerId to, PeerMessage message) {
    var peer = peers.get(new Name(group, to));
    if (peer != null) {
      peer.tell(message);
    }
    return peer != null;
  }

  @Override
  public Optional<CompletionStage<Object>> askHere(
      String group,
      PeerId to,
      Function<ActorRef<Object>, ClientMessage> message,
      Duration patience) {
    return find(group, to)
        .map(peer -> Ask.<RaftMessage, Object>ask(system, peer, message::apply, patience));
  }

  /** From now on nobody finds the peer; the others of its group go on talking to it. */
  void hide(String group, PeerId peer) {
    Optional.ofNullable(peers.get(new Name(group, peer))).ifPresent(leaving::add);
  }

  /** All of them are to be stopped. */
  private CompletionStage<Done> stepAside() {
    var patience = system.settings().config().getDuration("pekko-raft.leadership.handover-timeout");
    var groups =
        peers.keySet().stream()
            .collect(groupingBy(Name::group, mapping(Name::peer, toCollection(TreeSet::new))));
    return all(
        groups.entrySet().stream()
            .map(group -> stepAside(system, group.getKey(), group.getValue(), patience)));
  }

  /**
   * Tells {@code leaving} that they are to be stopped. Done when none of them leads, or those that
   * do could find no successor in time.
   */
  CompletionStage<Done> stepAside(
      ActorSystem<?> system, String group, SortedSet<PeerId> leaving, Duration patience) {
    return all(
        leaving.stream()
            .flatMap(peer -> find(group, peer).stream())
            .map(
                peer ->
                    Ask.<RaftMessage, Done>ask(
                        system, peer, replyTo -> new StepAside(leaving, replyTo), patience)));
  }

  private static CompletionStage<Done> all(Stream<? extends CompletionStage<Done>> stages) {
    return CompletableFuture.allOf(
            stages
                .map(stage -> stage.exceptionally(tooLate -> Done.done()).toCompletableFuture())
                .toArray(CompletableFuture<?>[]::new))
        .thenApply(all -> Done.done());
  }

  /** All peers that run here and are not to be stopped, by their groups. */
  SortedMap<String, SortedSet<PeerId>> running() {
    return peers.entrySet().stream()
        .filter(entry -> !leaving.contains(entry.getValue()))
        .map(Map.Entry::getKey)
        .collect(
            groupingBy(Name::group, TreeMap::new, mapping(Name::peer, toCollection(TreeSet::new))));
  }

  /** The peers of a group that run here, and those that came later to other nodes. */
  SortedSet<PeerId> peersOf(String group) {
    var all = new TreeSet<>(localPeersOf(group));
    node().ifPresent(here -> all.addAll(here.newcomersOf(group)));
    return all;
  }

  /** The peers of a group that run here. */
  SortedSet<PeerId> localPeersOf(String group) {
    return PeerId.sorted(
        peers.keySet().stream()
            .filter(name -> name.group().equals(group))
            .map(Name::peer)
            .toList());
  }

  /**
   * @throws IllegalStateException when such a peer runs already
   */
  void requireFree(String group, PeerId peer) {
    var name = new Name(group, peer);
    var other = peers.get(name);
    if (other != null) {
      throw runsAlready(name, other);
    }
  }

  private static IllegalStateException runsAlready(Name name, ActorRef<RaftMessage> other) {
    return new IllegalStateException(
        "Peer "
            + name.peer()
            + " of group "
            + name.group()
            + " runs already, as "
            + other.path()
            + ". Two of them would write to one journal; stop that one first.");
  }

  /** The way of {@code self} to the peers of its group: plain tells, by way of gates if need be. */
  PeerNetwork networkOf(String group, PeerId self) {
    return new Local(group, new Name(group, self));
  }

  private OptionalLong life(Name name) {
    var peer = peers.get(name);
    if (peer != null) {
      return OptionalLong.of(peer.path().uid());
    }
    return elsewhere(name.group(), name.peer())
        .flatMap(address -> node().orElseThrow().incarnationOf(address))
        .map(OptionalLong::of)
        .orElse(OptionalLong.empty());
  }

  private boolean isOver(Name name, NeighbourGone gone) {
    return !life(name).equals(OptionalLong.of(gone.life()));
  }

  /** What a peer can know of the others of its group: whether they, or their nodes, are there. */
  Neighbours neighboursOf(String group) {
    return new GroupNeighbours(group);
  }

  private final class GroupNeighbours implements Neighbours {
    private final String group;
    private final List<Runnable> forgetting = new ArrayList<>();

    private GroupNeighbours(String group) {
      this.group = group;
    }

    @Override
    public OptionalLong life(PeerId peer) {
      return Directory.this.life(new Name(group, peer));
    }

    @Override
    public void watch(PeerId peer, long life, ActorRef<? super NeighbourGone> self) {
      var name = new Name(group, peer);
      var watch = new Watches.Watch(new NeighbourGone(peer, life), self);
      forgetting.add(() -> watches.remove(name, watch));
      watches.add(name, watch, gone -> isOver(name, gone));
    }

    @Override
    public void forget() {
      forgetting.forEach(Runnable::run);
      forgetting.clear();
    }
  }

  private final class Local implements PeerNetwork {
    private final String group;
    private final Name name;
    private ActorRef<RaftMessage> joined;

    private Local(String group, Name name) {
      this.group = group;
      this.name = name;
    }

    @Override
    public void join(ActorRef<RaftMessage> self) {
      var other = peers.putIfAbsent(name, self);
      if (other != null && !other.equals(self)) {
        throw runsAlready(name, other);
      }
      joined = self;
      watches.changed(name, gone -> isOver(name, gone));
    }

    @Override
    public void leave() {
      if (joined != null) {
        peers.remove(name, joined);
        leaving.remove(joined);
        watches.changed(name, gone -> isOver(name, gone));
      }
    }

    @Override
    public void send(PeerId to, PeerMessage message) {
      if (!tell(group, to, message)) {
        elsewhere(group, to)
            .ifPresent(address -> node().orElseThrow().send(address, group, to, message));
      }
    }

    @Override
    public void sendSoon(PeerId to, PeerMessage message) {
      if (!tell(group, to, message)) {
        elsewhere(group, to)
            .ifPresent(address -> node().orElseThrow().sendSoon(address, group, to, message));
      }
    }
  }
}
