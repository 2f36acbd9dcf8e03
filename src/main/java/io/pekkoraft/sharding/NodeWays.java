package io.pekkoraft.sharding;

import io.pekkoraft.RaftException.CommandRefused;
import io.pekkoraft.model.PeerId;
import io.pekkoraft.node.RaftNode;
import io.pekkoraft.node.Service;
import io.pekkoraft.sharding.placement.ClusterPlacement;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.pattern.StatusReply;

/**
 * The ways between the nodes of a cluster: from gate to gate, as calls of a service that each node
 * has for a type. What a call comes to is told to the region that sent it; the reply of the command
 * itself goes straight to whoever the command names.
 */
final class NodeWays implements Ways, Service {
  private static final String SERVICE = "raft-region/";

  private final RaftNode node;
  private final ClusterPlacement<?, ?> placement;
  private final Parcels parcels;
  private final String service;
  private final List<PeerId> replicas;
  private volatile ActorRef<Region.Message> region;
  private int turns;

  NodeWays(ActorSystem<?> system, String type, ClusterPlacement<?, ?> placement) {
    this.node = RaftNode.get(system);
    this.placement = placement;
    this.parcels = new Parcels((ExtendedActorSystem) system.classicSystem());
    this.service = SERVICE + type;
    this.replicas = List.copyOf(placement.replicas());
  }

  @Override
  public void begin(ActorRef<Region.Message> here) {
    region = here;
    node.serve(service, this);
    placement.begin();
  }

  @Override
  public boolean leadElsewhere() {
    return true;
  }

  @Override
  public boolean isHere(Optional<PeerId> leader) {
    return leader.filter(placement.self()::equals).isPresent();
  }

  @Override
  public Optional<PeerId> anybody(int group) {
    return Optional.of(replicas.get(Math.floorMod(turns++, replicas.size())));
  }

  @Override
  public Optional<CompletionStage<StatusReply<PeerId>>> send(
      int group, PeerId leader, Delivery delivery) {
    var patience = delivery.patience();
    var there =
        placement
            .nodeOf(group, leader)
            .filter(address -> !address.equals(node.address()))
            .filter(address -> node.incarnationOf(address).isPresent());
    if (there.isEmpty() || patience.isNegative() || patience.isZero()) {
      return Optional.empty();
    }
    byte[] content;
    try {
      content = parcels.pack(delivery.entityId(), delivery.command());
    } catch (RuntimeException e) {
      return Optional.of(CompletableFuture.completedStage(StatusReply.error(unreadable(e))));
    }
    return Optional.of(
        node.call(there.get(), service, content, patience).thenApply(NodeWays::status));
  }

  @SuppressWarnings("unchecked") // A call is answered so.
  private static StatusReply<PeerId> status(Object answer) {
    return (StatusReply<PeerId>) answer;
  }

  private static CommandRefused unreadable(RuntimeException e) {
    return new CommandRefused(
        CommandRefused.Reason.NOT_SERIALIZABLE,
        "The command can't go to the node of the group's leader; let it be a record that implements"
            + " CborSerializable, or bind a serializer: "
            + e.getMessage(),
        e);
  }

  @Override
  public Optional<CompletionStage<StatusReply<PeerId>>> call(byte[] content, Duration patience) {
    Parcels.Parcel parcel;
    try {
      parcel = parcels.unpack(content);
    } catch (RuntimeException e) {
      return Optional.of(CompletableFuture.completedStage(StatusReply.error(unreadable(e))));
    }
    var answer = new CompletableFuture<StatusReply<PeerId>>();
    region.tell(
        new Region.Arrived(
            Delivery.of(parcel.entityId(), parcel.command(), asker(answer), patience)));
    return Optional.of(answer);
  }

  private Asker asker(CompletableFuture<StatusReply<PeerId>> answer) {
    return new Asker() {
      @Override
      public void failed(Throwable reason) {
        answer.complete(StatusReply.error(Region.asRaftException(reason)));
      }

      @Override
      public void served() {
        answer.complete(StatusReply.success(placement.self()));
      }
    };
  }
}
