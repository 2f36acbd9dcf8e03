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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.apache.pekko.Done;
import org.apache.pekko.actor.CoordinatedShutdown;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.cluster.MemberStatus;
import org.apache.pekko.cluster.ddata.GSet;
import org.apache.pekko.cluster.ddata.ORSet;
import org.apache.pekko.cluster.ddata.typed.javadsl.DistributedData;
import org.apache.pekko.cluster.sharding.typed.ClusterShardingSettings;
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
                  pekko.cluster.sharding { remember-entities = on, state-store-mode = persistence }
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

  private final List<Integer> started = new CopyOnWriteArrayList<>();
  private final AtomicInteger left = new AtomicInteger();
  private final KnownPlacement known = new KnownPlacement("T-");
  private final CompletableFuture<Done> ready = new CompletableFuture<>();
  private Disk disk;

  private ActorRef<PlacementRegistry.Message> registry(Optional<Placement> kept) {
    var shards =
        new PeerShards() {
          @Override
          public void start(int group) {
            started.add(group);
          }

          @Override
          public void leave() {
            left.incrementAndGet();
          }
        };
    var files = PlacementFiles.in(directory.toString());
    return kit.spawn(
        PlacementRegistry.create(
            new PlacementRegistry.Setup(
                new Terms("T", 1, 1, 1, directory.toString()),
                R1,
                new OwnPeers(disk, files, kept, known, shards),
                known,
                ready)));
  }

  private ActorRef<PlacementRegistry.Message> begun(Optional<Placement> kept) throws Exception {
    join();
    var registry = registry(kept);
    registry.tell(new PlacementRegistry.Begin());
    ready.get(30, TimeUnit.SECONDS);
    return registry;
  }

  private void join() {
    var cluster = Cluster.get(kit.system());
    cluster.manager().tell(Join.create(cluster.selfMember().address()));
    disk = PlacementFiles.in(directory.toString()).disk();
  }

  private void awaitUp() throws Exception {
    var self = Cluster.get(kit.system());
    await(() -> assertThat(self.selfMember().status()).isEqualTo(MemberStatus.up()));
  }

  private void await(ThrowingRunnable condition) throws Exception {
    kit.createTestProbe()
        .awaitAssert(
            SOON,
            () -> {
              condition.run();
              return Done.done();
            });
  }

  private interface ThrowingRunnable {
    void run() throws Exception;
  }

  private Placement founded() {
    return Placement.found("T", 1, Map.of(disk, R1));
  }

  /** The value that the nodes share, as another one of them sees and changes it. */
  private ActorRef<SharedValue.Message<ORSet<String>>> claims(Consumer<ORSet<String>> hearing) {
    return kit.spawn(SharedValue.create(Board.claimsKey("T"), ORSet.empty(), hearing));
  }

  private void isTold(Placement placement) {
    kit.<SharedValue.Message<GSet<String>>>spawn(
            SharedValue.create(Board.placementsKey("T"), GSet.empty(), value -> {}))
        .tell(
            new SharedValue.Change<>(all -> all.add(PlacementFormat.write(placement)), most -> {}));
  }

  @Test
  @DisplayName("though all is known, nothing begins before it is asked to")
  void beginsWhenAsked() throws Exception {
    join();
    var node = DistributedData.get(kit.system()).selfUniqueAddress();
    var claim = new Claim(disk, R1, 1, false, Presence.name(node.uniqueAddress()));
    claims(value -> {})
        .tell(new SharedValue.Change<>(all -> all.add(node, claim.toString()), most -> {}));
    var registry = registry(Optional.of(founded()));
    await(() -> assertThat(known.nodeOf(disk)).isPresent());
    awaitUp();
    isAsked(registry);
    assertThat(ready).as("all that was before the question is done").isNotDone();

    registry.tell(new PlacementRegistry.Begin());
    ready.get(30, TimeUnit.SECONDS);
    await(() -> assertThat(started).isNotEmpty());
  }

  @Test
  @DisplayName("a type is founded, kept and told, and the claim says so")
  void founds() throws Exception {
    begun(Optional.empty());
    assertThat(PlacementFiles.in(directory.toString()).placementOf("T")).contains(founded());
    assertThat(known.running()).contains(founded());
    var heard = new AtomicReference<Set<String>>(Set.of());
    claims(value -> heard.set(value.getElements()));
    await(() -> assertThat(heard.get()).singleElement().asString().contains(disk + " r1 1 runs "));
  }

  @Test
  @DisplayName("a claim that was lost is told again")
  void tellsAgain() throws Exception {
    begun(Optional.empty());
    var node = DistributedData.get(kit.system()).selfUniqueAddress();
    var heard = new AtomicReference<Set<String>>(Set.of());
    var claims = claims(value -> heard.set(value.getElements()));
    await(() -> assertThat(heard.get()).singleElement().asString().contains("runs"));
    var lost = new CompletableFuture<Boolean>();
    claims.tell(new SharedValue.Change<>(all -> all.clear(node), most -> {}));
    claims.tell(
        new SharedValue.Fetch<>(
            most -> {
              heard.set(Set.of());
              lost.complete(most);
            }));
    assertThat(lost.get(30, TimeUnit.SECONDS)).isTrue();
    await(() -> assertThat(heard.get()).singleElement().asString().contains("runs"));
  }

  private static Replace replace(String lost, String next, CompletableFuture<Replaced> done) {
    return new Replace(new Succession(new Disk(lost), new Disk(next)), done);
  }

  /** What it was told before is done when it has answered. */
  private static void isAsked(ActorRef<PlacementRegistry.Message> registry) {
    var refused = new CompletableFuture<Replaced>();
    registry.tell(replace("00000000", "11111111", refused));
    assertThatThrownBy(() -> refused.get(30, TimeUnit.SECONDS)).hasMessageContaining("00000000");
  }

  @Test
  @DisplayName("of two calls at once that replace one disk the second begins from what is settled")
  void replacesOnce() throws Exception {
    join();
    var node = DistributedData.get(kit.system()).selfUniqueAddress();
    for (var next : List.of("11111111", "22222222")) {
      var claim = new Claim(new Disk(next), R1, 0, false, Presence.name(node.uniqueAddress()));
      claims(value -> {})
          .tell(new SharedValue.Change<>(all -> all.add(node, claim.toString()), most -> {}));
    }
    var lost = new Disk("00000000");
    var registry = registry(Optional.of(Placement.found("T", 1, Map.of(lost, R1))));
    await(() -> assertThat(known.nodes()).isNotEmpty());
    awaitUp();
    var one = new CompletableFuture<Replaced>();
    var other = new CompletableFuture<Replaced>();
    registry.tell(replace(lost.id(), "11111111", one));
    registry.tell(replace(lost.id(), "22222222", other));
    // Each asks the others first, and may be answered first.
    await(() -> assertThat(one.isDone() && other.isDone()).isTrue());
    var first = one.isCompletedExceptionally() ? other : one;
    var second = first == one ? other : one;
    assertThat(first.get().groups()).containsExactly(0);
    assertThatThrownBy(second::get).hasMessageContaining("holds nothing");
  }

  @Test
  @DisplayName("a node that stops in order starts no peer that was just stopped")
  void startsNoneWhenItStops() throws Exception {
    var registry = begun(Optional.empty());
    await(() -> assertThat(started).hasSizeGreaterThan(1));
    var held = new CompletableFuture<Done>();
    var shutdown = CoordinatedShutdown.get(kit.system());
    shutdown.addTask(CoordinatedShutdown.PhaseBeforeServiceUnbind(), "hold", () -> held);
    shutdown.runAll(CoordinatedShutdown.unknownReason());
    isAsked(registry);
    var before = started.size();
    isTold(new Placement("T", 2, 1, founded().disks(), new TreeSet<>()));
    await(() -> assertThat(known.placement().get().version()).isEqualTo(2));
    isAsked(registry);
    assertThat(started).hasSize(before);
    held.complete(Done.done());
  }

  @Test
  @DisplayName("the shards of peers are not put to sleep, whatever the application has for its own")
  void settings() {
    var ours = ConfigFactory.parseResources("pekko-raft-cluster.conf");
    assertThat(ours.hasPath("pekko.cluster.sharding")).isFalse();
    var settings = ClusterPlacement.shardingSettings(kit.system());
    assertThat(ClusterShardingSettings.create(kit.system()).rememberEntities()).isTrue();
    assertThat(settings.rememberEntities()).isFalse();
    assertThat(settings.stateStoreMode().name()).isEqualTo("ddata");
    assertThat(settings.passivationStrategySettings())
        .isEqualTo(
            ClusterShardingSettings.create(kit.system())
                .withNoPassivationStrategy()
                .passivationStrategySettings());
  }

  @Test
  @DisplayName("no peer is here but on the disk that runs it, whatever the coordinator thinks")
  void here() {
    var here = new Disk("aaaaaaaa");
    var spread = Placement.found("T", 2, Map.of(here, R1, new Disk("bbbbbbbb"), R1));
    known.know(Optional.of(spread), Map.of());
    assertThat(known.hasHere(0, R1, here)).as("it does not run yet").isEmpty();
    known.run(Optional.of(spread));
    assertThat(known.hasHere(0, R1, here)).contains(spread);
    assertThat(known.hasHere(1, R1, here)).isEmpty();
    assertThat(known.hasHere(0, PeerId.of("r2"), here)).isEmpty();
  }

  @Test
  @DisplayName("when another disk has taken its place, the peers that run end, once")
  void leaves() throws Exception {
    begun(Optional.empty());
    isTold(founded().replacing(disk, new Disk("00000000")));
    await(() -> assertThat(left).hasValue(1));
    assertThat(known.running()).isEmpty();
    var before = started.size();
    isTold(founded().replacing(disk, new Disk("00000000")).replacing(new Disk("00000000"), disk));
    await(() -> assertThat(known.placement().get().version()).isEqualTo(3));
    assertThat(started).as("none begins in a region that is gone").hasSize(before);
    assertThat(left).hasValue(1);
  }
}
