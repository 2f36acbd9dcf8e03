package io.pekkoraft.sharding.placement;

import static org.assertj.core.api.Assertions.assertThat;

import io.pekkoraft.model.PeerId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import scala.collection.immutable.IndexedSeq;
import scala.collection.immutable.Vector$;
import scala.jdk.javaapi.CollectionConverters;

/** Trap 47: a peer's shard goes to the node with its journal, or nowhere. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PinnedAllocationTest {
  private static final PeerId R1 = PeerId.of("r1");
  private static final Disk A = new Disk("aaaaaaaa");
  private static final Disk B = new Disk("bbbbbbbb");
  private static final Address HERE = new Address("pekko", "shards", "10.0.0.1", 7400);
  private static final Address THERE = new Address("pekko", "shards", "10.0.0.2", 7400);

  private final ActorTestKit kit =
      ActorTestKit.create(
          com.typesafe.config.ConfigFactory.parseString(
                  "pekko.remote.artery.canonical { hostname = 127.0.0.1, port = 0 }")
              .withFallback(
                  com.typesafe.config.ConfigFactory.parseResources("pekko-raft-node.conf"))
              .withFallback(com.typesafe.config.ConfigFactory.load())
              .resolve());
  private final KnownPlacement known = new KnownPlacement("Show-");
  private final PinnedAllocation allocation = new PinnedAllocation(R1, known, HERE);
  private final ActorRef here = Adapter.toClassic(kit.createTestProbe().getRef());
  private final ActorRef there =
      ((ExtendedActorSystem) kit.system().classicSystem())
          .provider()
          .resolveActorRef(THERE + "/user/region");

  @AfterAll
  void shutdown() {
    kit.shutdownTestKit();
  }

  private Optional<ActorRef> allocated(int group, ActorRef... regions) {
    Map<ActorRef, IndexedSeq<String>> all = new HashMap<>();
    for (var region : regions) {
      all.put(region, Vector$.MODULE$.empty());
    }
    var future = allocation.allocateShard(here, Integer.toString(group), all);
    var outcome = future.value().get();
    return outcome.isSuccess() ? Optional.of(outcome.get()) : Optional.empty();
  }

  @Test
  @DisplayName("it goes where its journal is, whoever asked, and nowhere while that node is away")
  void pinned() {
    known.know(Optional.empty(), Map.of());
    assertThat(allocated(0, here, there)).isEmpty();
    var placement = Placement.found("Show", 4, Map.of(A, R1, B, R1));
    known.know(Optional.of(placement), Map.of(A, HERE, B, THERE));
    assertThat(allocated(0, here, there)).contains(here);
    assertThat(allocated(1, here, there)).contains(there);
    assertThat(allocated(1, here)).isEmpty();
    known.know(Optional.of(placement), Map.of(A, HERE));
    assertThat(allocated(1, here, there)).isEmpty();
    assertThat(allocated(4, here, there)).isEmpty();
  }

  @Test
  @DisplayName("rebalancing moves nothing, however uneven it is")
  void rebalancesNothing() {
    Map<ActorRef, IndexedSeq<String>> uneven = new HashMap<>();
    uneven.put(here, CollectionConverters.asScala(List.of("1", "3")).toVector());
    uneven.put(there, Vector$.MODULE$.empty());
    assertThat(allocation.rebalance(uneven, Set.of()).value().get().get()).isEmpty();
  }
}
