package io.pekkoraft.sharding;

import io.pekkoraft.RaftGroup;
import io.pekkoraft.RaftSettings;
import io.pekkoraft.model.PeerId;
import io.pekkoraft.sharding.joining.SeedNodes;
import io.pekkoraft.sharding.placement.ClusterPlacement;
import io.pekkoraft.sharding.placement.DiskStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeSet;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Extension;
import org.apache.pekko.actor.typed.ExtensionId;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.serialization.SerializationExtension;

/**
 * Replicated entities: {@link #init} begins with a type of them, {@link #entityRefFor} finds one.
 *
 * <p>The entities of a type are hashed into a fixed number of Raft groups.
 */
public final class RaftSharding implements Extension {
  private static final Id ID = new Id();

  private final ActorSystem<?> system;
  private final Map<String, Type> types = new ConcurrentHashMap<>();

  private record Type(
      EntityTypeKey<?> key,
      ActorRef<Region.Message> region,
      List<RaftGroup<GroupCommand, GroupResult>> groups,
      Duration patience,
      CompletionStage<Done> ready,
      Optional<ClusterPlacement<GroupCommand, GroupResult>> placement) {
    Type over(ClusterPlacement<GroupCommand, GroupResult> nodes) {
      return new Type(key, region, groups, patience, ready, Optional.of(nodes));
    }
  }

  private static final class Id extends ExtensionId<RaftSharding> {
    @Override
    public RaftSharding createExtension(ActorSystem<?> system) {
      return new RaftSharding(system);
    }
  }

  private RaftSharding(ActorSystem<?> system) {
    this.system = system;
  }

  public static RaftSharding get(ActorSystem<?> system) {
    return ID.apply(system);
  }

  /** The number of groups was another one when the entities of a type began. */
  public static final class OtherNumberOfGroups extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    OtherNumberOfGroups(String type, int settled, int wanted) {
      super(
          "The entities of type "
              + type
              + " are hashed into "
              + settled
              + " groups, not into "
              + wanted
              + ": set pekko-raft.sharding.groups = "
              + settled
              + ". The number can't be changed once there are entities.");
    }
  }

  /** Begins with a type of entities, with the actor system's settings. */
  public <Command> CompletionStage<Done> init(Entity<Command> entity) {
    return init(entity, ShardingSettings.create(system), RaftSettings.create(system));
  }

  /**
   * Begins with a type of entities. A second time for the same type does nothing.
   *
   * <p>On a node of a Pekko Cluster, which {@code include "pekko-raft-cluster"} makes it, this runs
   * the node's peer of each group: those of {@code r2}, for instance, on a node of role {@code
   * replica-2}. All nodes do the same, and commands come in at any of them. Elsewhere all peers run
   * in this actor system.
   *
   * @return done when the entities can be asked; commands that come earlier wait. Fails with an
   *     {@link IllegalStateException} that says what to do, and all commands with it: with {@link
   *     OtherNumberOfGroups}, or when this node's disk has no part in the type
   * @throws IllegalArgumentException when the type is there already, with other commands, when the
   *     node has no role of a replica, or when its seed nodes are itself alone
   */
  public <Command> CompletionStage<Done> init(
      Entity<Command> entity, ShardingSettings settings, RaftSettings raft) {
    var key = entity.typeKey();
    var type = types.computeIfAbsent(key.name(), name -> begin(entity, settings, raft));
    require(key, type);
    return type.ready();
  }

  /**
   * Which disks hold the peers of which replica of a type, and the nodes that have them; empty
   * while that is not settled.
   *
   * @throws IllegalStateException when the type has not begun here, or runs in one actor system
   */
  public SortedMap<PeerId, List<DiskStatus>> disks(EntityTypeKey<?> typeKey) {
    return placementOf(typeKey).disks();
  }

  /**
   * Lets the peers on another disk take the place of those on one that is lost for good. Its node
   * says so when it starts, with the names of both disks, and runs no peer until then. Called on
   * one of the nodes that work, for one disk after the other.
   *
   * @param lost the disk that is lost: were it to come back, it would be refused
   * @param next the one that takes its place
   * @return done when all groups have their new peers; the node of {@code next} can be started anew
   *     then, to take commands itself. Fails with an {@link IllegalStateException} that says what
   *     is in the way, and may be begun anew
   * @throws IllegalStateException when the type has not begun here, or runs in one actor system
   */
  public CompletionStage<Done> replaceDisk(EntityTypeKey<?> typeKey, String lost, String next) {
    return placementOf(typeKey).replace(lost, next);
  }

  private ClusterPlacement<GroupCommand, GroupResult> placementOf(EntityTypeKey<?> typeKey) {
    return Optional.ofNullable(types.get(typeKey.name()))
        .flatMap(Type::placement)
        .orElseThrow(
            () ->
                new IllegalStateException(
                    "The type "
                        + typeKey.name()
                        + " has not begun here, over nodes of a cluster."));
  }

  private static void require(EntityTypeKey<?> key, Type type) {
    if (!type.key().equals(key)) {
      throw new IllegalArgumentException(
          "The type " + key.name() + " is there already, with commands " + type.key().commands());
    }
  }

  /**
   * An entity of a type that has begun here.
   *
   * @throws IllegalStateException when it has not
   */
  public <Command> EntityRef<Command> entityRefFor(
      EntityTypeKey<Command> typeKey, String entityId) {
    Objects.requireNonNull(entityId, "The id of the entity is null.");
    var type = types.get(typeKey.name());
    if (type == null) {
      throw new IllegalStateException(
          "The type " + typeKey.name() + " has not begun here: call RaftSharding.init first.");
    }
    require(typeKey, type);
    return new EntityRef<>(system, type.region(), typeKey, entityId, type.patience());
  }

  /** The groups of a type, in their order: to look at and to administer, not to propose to. */
  List<RaftGroup<GroupCommand, GroupResult>> groups(EntityTypeKey<?> typeKey) {
    return types.get(typeKey.name()).groups();
  }

  /**
   * A group of a type, by its number from 0 on: to look at it and to administer it, not to propose
   * to.
   */
  public RaftGroup<?, ?> group(EntityTypeKey<?> typeKey, int number) {
    return types.get(typeKey.name()).groups().get(number);
  }

  /** The name of a type's group, by its number from 0 on: to look at it and to administer it. */
  public static String groupName(EntityTypeKey<?> typeKey, int number) {
    return typeKey.name() + "-" + number;
  }

  private <Command> Type begin(
      Entity<Command> entity, ShardingSettings settings, RaftSettings raft) {
    var logic = EntityLogic.of(entity);
    var serialization = SerializationExtension.get(system);
    Supplier<EntitiesMachine> machine =
        () -> new EntitiesMachine(logic, serialization, settings.maxLive());
    return ClusterPlacement.isPossible(system)
        ? beginOverNodes(entity.typeKey(), logic, settings, raft, machine)
        : beginHere(entity.typeKey(), logic, settings, raft, machine);
  }

  private Type beginHere(
      EntityTypeKey<?> key,
      Function<String, ? extends EntityLogic<?, ?, ?>> logic,
      ShardingSettings settings,
      RaftSettings raft,
      Supplier<EntitiesMachine> machine) {
    var peers = new TreeSet<PeerId>();
    for (var replica = 1; replica <= settings.replicas(); replica++) {
      peers.add(PeerId.of("r" + replica));
    }
    return begin(
        key,
        logic,
        settings,
        number -> RaftGroup.spawn(system, groupName(key, number), peers, machine, raft),
        Ways.ALL_HERE,
        raft.client().timeout(),
        first -> GroupCount.settle(system, key.name(), first, settings.groups()));
  }

  private Type beginOverNodes(
      EntityTypeKey<?> key,
      Function<String, ? extends EntityLogic<?, ?, ?>> logic,
      ShardingSettings settings,
      RaftSettings raft,
      Supplier<EntitiesMachine> machine) {
    SeedNodes.requireOthers(system, settings.nodes());
    var terms =
        new ClusterPlacement.Terms(
            key.name(),
            settings.groups(),
            settings.replicas(),
            settings.nodes(),
            settings.directory());
    var placement = ClusterPlacement.create(system, terms, machine, raft);
    var ways = new NodeWays(system, key.name(), placement);
    var type =
        begin(
            key,
            logic,
            settings,
            placement::group,
            ways,
            raft.client().timeout(),
            first -> placement.ready()); // The number of groups is settled with it.
    return type.over(placement);
  }

  /**
   * @param patience how long a command that is only told may wait
   * @param settled done when commands may be passed on
   */
  private Type begin(
      EntityTypeKey<?> key,
      Function<String, ? extends EntityLogic<?, ?, ?>> logic,
      ShardingSettings settings,
      IntFunction<RaftGroup<GroupCommand, GroupResult>> group,
      Ways ways,
      Duration patience,
      Function<RaftGroup<GroupCommand, GroupResult>, CompletionStage<Done>> settled) {
    var groups = new ArrayList<RaftGroup<GroupCommand, GroupResult>>();
    var desks = new ArrayList<ActorRef<GroupDesk.Message>>();
    for (var number = 0; number < settings.groups(); number++) {
      groups.add(group.apply(number));
      desks.add(
          system.systemActorOf(
              GroupDesk.create(groups.get(number), logic, settings),
              "raft-desk-" + groupName(key, number),
              Props.empty()));
    }
    var region =
        system.systemActorOf(
            Region.create(key.name() + "-", List.copyOf(desks), ways),
            "raft-region-" + key.name(),
            Props.empty());
    var ready = settled.apply(groups.get(0));
    ready.whenComplete(
        (done, failure) -> region.tell(new Region.Settled(Optional.ofNullable(failure))));
    return new Type(key, region, List.copyOf(groups), patience, ready, Optional.empty());
  }
}
