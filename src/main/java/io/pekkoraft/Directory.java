package io.pekkoraft;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toCollection;

import io.pekkoraft.model.PeerId;
import io.pekkoraft.protocol.ClientMessage.StepAside;
import io.pekkoraft.protocol.Neighbours;
import io.pekkoraft.protocol.PeerMessage;
import io.pekkoraft.protocol.PeerNetwork;
import io.pekkoraft.protocol.RaftMessage;
import io.pekkoraft.protocol.SelfMessage.NeighbourGone;
import java.time.Duration;
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
import java.util.stream.Stream;
import org.apache.pekko.Done;
import org.apache.pekko.actor.CoordinatedShutdown;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Extension;
import org.apache.pekko.actor.typed.ExtensionId;

/**
 * Which peers run in this actor system, and where. When it shuts down in order, those that lead
 * hand their office over first, before anything else is taken down.
 */
final class Directory implements Extension {
  private static final Id ID = new Id();

  private final ConcurrentMap<Name, ActorRef<RaftMessage>> peers = new ConcurrentHashMap<>();
  private final Set<ActorRef<?>> leaving = ConcurrentHashMap.newKeySet();
  private final Watches<Name> watches = new Watches<>();

  private record Name(String group, PeerId peer) {}

  private static final class Id extends ExtensionId<Directory> {
    @Override
    public Directory createExtension(ActorSystem<?> system) {
      var directory = new Directory();
      CoordinatedShutdown.get(system)
          .addTask(
              CoordinatedShutdown.PhaseBeforeServiceUnbind(),
              "pekko-raft-hand-over",
              () -> directory.stepAside(system));
      return directory;
    }
  }

  static Directory of(ActorSystem<?> system) {
    return ID.apply(system);
  }

  /** Where a peer is; of one that is to be stopped, nowhere, for whoever has a request. */
  Optional<ActorRef<RaftMessage>> find(String group, PeerId peer) {
    return Optional.ofNullable(peers.get(new Name(group, peer)))
        .filter(ref -> !leaving.contains(ref));
  }

  /** From now on nobody finds the peer; the others of its group go on talking to it. */
  void hide(String group, PeerId peer) {
    Optional.ofNullable(peers.get(new Name(group, peer))).ifPresent(leaving::add);
  }

  /** All of them are to be stopped. */
  private CompletionStage<Done> stepAside(ActorSystem<?> system) {
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

  /** The peers of a group that run here. */
  SortedSet<PeerId> peersOf(String group) {
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

  /** The way of {@code self} to the peers of its group in this actor system: plain tells. */
  PeerNetwork networkOf(String group, PeerId self) {
    return new Local(group, new Name(group, self));
  }

  private OptionalLong life(Name name) {
    var peer = peers.get(name);
    return peer == null ? OptionalLong.empty() : OptionalLong.of(peer.path().uid());
  }

  private boolean isOver(Name name, NeighbourGone gone) {
    return !life(name).equals(OptionalLong.of(gone.life()));
  }

  /** What a peer can know of the others of its group in this actor system: whether they run. */
  Neighbours neighboursOf(String group) {
    return new LocalNeighbours(group);
  }

  private final class LocalNeighbours implements Neighbours {
    private final String group;
    private Optional<Runnable> forgetting = Optional.empty();

    private LocalNeighbours(String group) {
      this.group = group;
    }

    @Override
    public OptionalLong life(PeerId peer) {
      return Directory.this.life(new Name(group, peer));
    }

    @Override
    public void watch(PeerId peer, long life, ActorRef<? super NeighbourGone> self) {
      forget();
      var name = new Name(group, peer);
      var watch = new Watches.Watch(new NeighbourGone(peer, life), self);
      forgetting = Optional.of(() -> watches.remove(name, watch));
      watches.add(name, watch, gone -> isOver(name, gone));
    }

    @Override
    public void forget() {
      forgetting.ifPresent(Runnable::run);
      forgetting = Optional.empty();
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
      var peer = peers.get(new Name(group, to));
      if (peer != null) {
        peer.tell(message);
      }
    }
  }
}
