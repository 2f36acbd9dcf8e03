package io.pekkoraft.sharding.placement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigFactory;
import io.pekkoraft.model.PeerId;
import io.pekkoraft.sharding.placement.ClusterPlacement.Terms;
import io.pekkoraft.sharding.placement.PlacementRegistry.Replace;
import io.pekkoraft.sharding.placement.PlacementRegistry.Replaced;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.Done;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.cluster.ddata.LWWMap;
import org.apache.pekko.cluster.ddata.LWWMapKey;
import org.apache.pekko.cluster.ddata.typed.javadsl.DistributedData;
import org.apache.pekko.cluster.sharding.typed.ShardingEnvelope;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Join;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** When a node's peers begin, on a cluster of one node. */
class PlacementRegistryTest {
  private static final PeerId R1 = PeerId.of("r1");
  private static final Duration SOON = Duration.ofSeconds(30);

  private final ActorTestKit kit =
      ActorTestKit.create(
          ConfigFactory.parseString(
                  """
                  pekko.remote.artery.canonical { hostname = "127.0.0.1", port = 0 }
                  pekko.cluster.distributed-data.notify-subscribers-interval = 100ms
                  """)
              .withFallback(ConfigFactory.parseResources("pekko-raft-cluster.conf"))
              .withFallback(ConfigFactory.defaultReferenceUnresolved())
              .resolve());

  @TempDir private Path directory;

  @AfterEach
  void shutdown() {
    kit.shutdownTestKit();
  }

  @Test
  @DisplayName("though another type has told of the disk, nothing begins before it is asked to")
  void beginsWhenAsked() throws Exception {
    var cluster = Cluster.get(kit.system());
    cluster.manager().tell(Join.create(cluster.selfMember().address()));
    var disk = PlacementFiles.in(directory.toString()).disk();
    var node = DistributedData.get(kit.system()).selfUniqueAddress();
    var berth = new Berth(R1, node.uniqueAddress().toString()).toString();
    var disks =
        kit.spawn(
            SharedValue.create(
                LWWMapKey.<String, String>create("pekko-raft-disks"), LWWMap.empty(), value -> {}));
    disks.tell(new SharedValue.Change<>(all -> all.put(node, disk.id(), berth), most -> {}));

    var shards = kit.<ShardingEnvelope<PeerHost.Message>>createTestProbe();
    var known = new KnownPlacement("T-");
    var ready = new CompletableFuture<Done>();
    var registry =
        kit.spawn(
            PlacementRegistry.create(
                new Terms("T", 1, 1, 1, directory.toString()),
                R1,
                disk,
                PlacementFiles.in(directory.toString()),
                Optional.of(Placement.found("T", 1, Map.of(disk, R1))),
                known,
                new ClusterPlacement.Region(shards.getRef(), Set.of()),
                ready));
    shards.awaitAssert(SOON, () -> assertThat(known.nodeOf(disk)).isPresent());
    var refused = new CompletableFuture<Replaced>();
    registry.tell(new Replace(new Disk("00000000"), new Disk("11111111"), refused));
    assertThatThrownBy(() -> refused.get(30, TimeUnit.SECONDS)).hasMessageContaining("00000000");
    assertThat(ready).as("all that was before the question is done").isNotDone();

    registry.tell(new PlacementRegistry.Begin());
    ready.get(30, TimeUnit.SECONDS);
    assertThat(shards.receiveMessage(SOON)).isNotNull();
  }
}
