package io.pekkoraft.sharding.placement;

import io.pekkoraft.Raft;
import io.pekkoraft.RaftGroup;
import io.pekkoraft.RaftSettings;
import io.pekkoraft.StateMachine;
import io.pekkoraft.model.PeerId;
import io.pekkoraft.node.RaftNode;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.apache.pekko.Done;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.cluster.sharding.typed.ClusterShardingSettings;
import org.apache.pekko.cluster.sharding.typed.ShardingEnvelope;
import org.apache.pekko.cluster.sharding.typed.ShardingMessageExtractor;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.apache.pekko.cluster.sharding.typed.javadsl.Entity;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityTypeKey;
import org.apache.pekko.cluster.typed.Cluster;

/**
 * The groups of a type over the nodes of a Pekko Cluster: this node runs its peer of those whose
 * journals are on its disk.
 */
public final class ClusterPlacement<Command, Result> {
  private final ActorSystem<?> system;
  private final Terms terms;
  private final Supplier<? extends StateMachine<Command, Result, ?>> machine;
  private final RaftSettings raft;
  private final PeerId self;
  private final Disk disk;
  private final SortedSet<PeerId> replicas = new TreeSet<>();
  private final RaftNode node;
  private final KnownPlacement known;
  private final Set<Integer> running = ConcurrentHashMap.newKeySet();
  private final CompletableFuture<Done> ready = new CompletableFuture<>();
  private final ActorRef<PlacementRegistry.Message> registry;

  /**
   * What a type begins with.
   *
   * @param type its name, which begins the names of its groups
   * @param groups how many
   * @param replicas peers of each
   * @param nodes how many nodes have to be there before it begins for the first time
   * @param directory what this node keeps of it
   */
  public record Terms(String type, int groups, int replicas, int nodes, String directory) {
    String prefix() {
      return type + "-";
    }
  }

  private ClusterPlacement(
      ActorSystem<?> system,
      Terms terms,
      Supplier<? extends StateMachine<Command, Result, ?>> machine,
      RaftSettings raft) {
    this.system = system;
    this.terms = terms;
    this.machine = machine;
    this.raft = raft;
    this.node = RaftNode.get(system);
    this.self = Replica.of(Cluster.get(system).selfMember().getRoles(), terms.replicas());
    for (var number = 1; number <= terms.replicas(); number++) {
      replicas.add(Replica.peer(number));
    }
    this.known = new KnownPlacement(terms.prefix());
    Raft.requireReady(system, terms.prefix() + 0, machine.get(), raft);
    node.requireRoomFor(raft);
    var files = PlacementFiles.in(terms.directory());
    this.disk = files.disk();
    var kept = files.placementOf(terms.type());
    var region = ClusterSharding.get(system).init(entity());
    var peers = new OwnPeers(disk, files, kept, known, new RegionOfPeers(region, running));
    this.registry =
        system.systemActorOf(
            PlacementRegistry.create(new PlacementRegistry.Setup(terms, self, peers, known, ready)),
            "raft-placement-" + terms.type(),
            DispatcherSelector.blocking());
  }

  /**
   * Makes all ready for a type's groups; none of their peers runs before {@link #begin}.
   *
   * @param machine makes the state machine of each peer
   * @throws IllegalArgumentException when this node's role or a setting is not legal, or no
   *     snapshot of the machine's state can be written
   * @throws java.io.UncheckedIOException when the directory can't be written or read
   * @throws IllegalStateException when what is kept there is damaged
   */
  public static <Command, Result> ClusterPlacement<Command, Result> create(
      ActorSystem<?> system,
      Terms terms,
      Supplier<? extends StateMachine<Command, Result, ?>> machine,
      RaftSettings raft) {
    return new ClusterPlacement<>(system, terms, machine, raft);
  }

  /** Finds out which disk holds what, and lets this node's peers run. */
  public void begin() {
    registry.tell(new PlacementRegistry.Begin());
  }

  /** Whether an actor system is a node of a cluster, so that its peers can be placed. */
  public static boolean isPossible(ActorSystem<?> system) {
    return system.settings().config().getString("pekko.actor.provider").contains("cluster");
  }

  private Entity<PeerHost.Message, ShardingEnvelope<PeerHost.Message>> entity() {
    var key =
        EntityTypeKey.create(PeerHost.Message.class, "raft-" + terms.type() + "-" + self.value());
    return Entity.of(key, context -> host(Integer.parseInt(context.getEntityId())))
        .withSettings(shardingSettings(system))
        .withRole(Replica.roleOf(self))
        .withAllocationStrategy(new PinnedAllocation(self, known, node.address()))
        .withMessageExtractor(new ShardOfItsOwn());
  }

  /**
   * What the shards of peers need, whatever the application has for its own: the coordinator must
   * not put a peer to sleep to which it has sent nothing for a while, nor start one from memory,
   * and they have no second home to look for.
   */
  static ClusterShardingSettings shardingSettings(ActorSystem<?> system) {
    return ClusterShardingSettings.create(system)
        .withNoPassivationStrategy()
        .withRememberEntities(false)
        // Pekko 1.7's stateStoreModeDdata() gives the other one.
        .withStateStoreMode(ClusterShardingSettings.StateStoreModeDData$.MODULE$);
  }

  private Behavior<PeerHost.Message> host(int group) {
    return known
        .hasHere(group, self, disk)
        .map(placement -> host(group, placement.newcomers().contains(disk)))
        .orElseGet(() -> PeerHost.refuse(terms.prefix() + group));
  }

  /**
   * @param newcomer whether the group was founded without this disk
   */
  private Behavior<PeerHost.Message> host(int group, boolean newcomer) {
    var founders = newcomer ? PeerId.sorted(Set.of()) : replicas;
    return PeerHost.create(
        Raft.host(terms.prefix() + group, self, founders, machine, raft),
        runs -> {
          if (runs) {
            running.add(group);
          } else {
            running.remove(group);
          }
        });
  }

  /** Each group is a shard: what is placed is what is run. */
  private static final class ShardOfItsOwn
      extends ShardingMessageExtractor<ShardingEnvelope<PeerHost.Message>, PeerHost.Message> {
    @Override
    public String entityId(ShardingEnvelope<PeerHost.Message> envelope) {
      return envelope.entityId();
    }

    @Override
    public String shardId(String entityId) {
      return entityId;
    }

    @Override
    public PeerHost.Message unwrapMessage(ShardingEnvelope<PeerHost.Message> envelope) {
      return envelope.message();
    }
  }

  /**
   * Done when it is settled which disk holds what, and this node's holds something; fails with an
   * {@link IllegalStateException} that says what is wrong.
   */
  public CompletionStage<Done> ready() {
    return ready;
  }

  /** The way to a group, from this node. */
  public RaftGroup<Command, Result> group(int number) {
    return RaftGroup.of(system, terms.prefix() + number, replicas, known, raft);
  }

  /** The name of this node's peers. */
  public PeerId self() {
    return self;
  }

  /** The node of a group's peer; empty while it is not known, or away. */
  public Optional<Address> nodeOf(int group, PeerId replica) {
    return known.nodeOf(group, replica);
  }

  /** The names of each group's peers. */
  public SortedSet<PeerId> replicas() {
    return PeerId.sorted(replicas);
  }

  /** Which disks hold the peers of which replica; empty while that is not known. */
  public SortedMap<PeerId, List<DiskStatus>> disks() {
    var all = new TreeMap<PeerId, List<DiskStatus>>();
    known
        .placement()
        .ifPresent(
            placement ->
                placement
                    .disks()
                    .forEach(
                        (replica, on) ->
                            all.put(
                                replica,
                                on.stream()
                                    .map(
                                        disk ->
                                            new DiskStatus(
                                                disk.id(),
                                                known.nodeOf(disk),
                                                placement.newcomers().contains(disk)))
                                    .toList())));
    return all;
  }

  /**
   * Lets another disk take the place of one that is lost for good: on all nodes, and then in all
   * groups that had a peer there, which the peers on the other disk join.
   *
   * @param lost as the log of the node that has {@code next} names it
   * @return done when all of these groups have their peers; fails with an {@link
   *     IllegalStateException} that says what is in the way. It may be begun anew
   */
  public CompletionStage<Done> replace(String lost, String next) {
    var told = new CompletableFuture<PlacementRegistry.Replaced>();
    try {
      var disks = new Succession(new Disk(lost), new Disk(next));
      registry.tell(new PlacementRegistry.Replace(disks, told));
    } catch (IllegalArgumentException e) {
      return CompletableFuture.failedStage(new IllegalStateException(e.getMessage(), e));
    }
    return told.thenCompose(
        replaced ->
            new Replacement(
                    system,
                    replaced.replica(),
                    replaced.groups(),
                    this::group,
                    raft.client().changeTimeout())
                .begin());
  }
}
