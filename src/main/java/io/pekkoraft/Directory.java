package io.pekkoraft;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toCollection;

import io.pekkoraft.model.PeerId;
import io.pekkoraft.protocol.ClientMessage.StepAside;
import io.pekkoraft.protocol.PeerMessage;
import io.pekkoraft.protocol.PeerNetwork;
import io.pekkoraft.protocol.RaftMessage;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
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
    }

    @Override
    public void leave() {
      if (joined != null) {
        peers.remove(name, joined);
        leaving.remove(joined);
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
