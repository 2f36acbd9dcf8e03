package io.pekkoraft.metrics;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.pekkoraft.RaftEvent;
import io.pekkoraft.RaftGroup;
import io.pekkoraft.demo.KeyValue;
import io.pekkoraft.demo.KeyValue.Command;
import io.pekkoraft.demo.KeyValue.Get;
import io.pekkoraft.demo.KeyValue.Put;
import io.pekkoraft.demo.KeyValue.Result;
import io.pekkoraft.model.PeerId;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.typed.eventstream.EventStream;

/** A node with a group on the embedded journal, and what Prometheus reads of it. */
public final class Scraped implements AutoCloseable {
  private static final Pattern SAMPLE =
      Pattern.compile("(?m)^([a-zA-Z_:][a-zA-Z0-9_:]*)(\\{[^}]*})? (\\S+)$");

  private final ActorTestKit kit;
  private final RaftGroup<Command, Result> group;

  /** One line of what Prometheus reads. */
  public record Sample(String name, String labels, double value) {}

  public Scraped(Path directory, String more) {
    kit = ActorTestKit.create(config(directory, more));
    group = spawn("kv");
  }

  private static Config config(Path directory, String more) {
    return ConfigFactory.parseString(
            """
            pekko-raft.rocksdb.dir = "%s"
            pekko-raft.rocksdb.metrics = "io.pekkoraft.metrics.MicrometerJournal"
            pekko-raft.insight.metrics = "io.pekkoraft.metrics.MicrometerMetrics"
            pekko-raft.metrics.interval = 100ms
            # On a busy machine, too, the first leader stays.
            pekko-raft.election-timeout { min = 1s, max = 2s }
            %s
            """
                .formatted(directory.resolve("data"), more))
        .withFallback(ConfigFactory.load());
  }

  RaftGroup<Command, Result> spawn(String name) {
    return RaftGroup.spawn(kit.system(), name, PeerId.setOf("p1", "p2", "p3"), KeyValue::new);
  }

  ActorTestKit kit() {
    return kit;
  }

  /** Something of everything: writes, reads, snapshots, a handover to nobody. */
  public Scraped busy() throws Exception {
    for (var i = 0; i < 10; i++) {
      await(group.propose(new Put("key" + i, new byte[100], List.of())));
      await(group.read(new Get("key" + i)));
    }
    for (var peer : group.peers()) {
      await(group.takeSnapshot(peer, Duration.ofSeconds(10)));
    }
    group
        .transferLeadership(Optional.of(PeerId.of("nobody")))
        .handle((to, refused) -> refused)
        .toCompletableFuture()
        .get(10, TimeUnit.SECONDS);
    return this;
  }

  private static <T> void await(java.util.concurrent.CompletionStage<T> stage) throws Exception {
    stage.toCompletableFuture().get(10, TimeUnit.SECONDS);
  }

  public String text() {
    return Exposition.of(kit.system()).orElseThrow();
  }

  public List<Sample> samples() {
    return SAMPLE
        .matcher(text())
        .results()
        .map(
            found ->
                new Sample(
                    found.group(1),
                    Optional.ofNullable(found.group(2)).orElse(""),
                    Double.parseDouble(found.group(3))))
        .toList();
  }

  /** As if a peer had told it. */
  public void tell(RaftEvent event) {
    kit.system().eventStream().tell(new EventStream.Publish<>(event));
  }

  /** Waits until it holds. */
  public void eventually(Runnable assertion) {
    kit.createTestProbe()
        .awaitAssert(
            Duration.ofSeconds(20),
            () -> {
              assertion.run();
              return null;
            });
  }

  double sum(String name, String label) {
    return samples().stream()
        .filter(sample -> sample.name().equals(name) && sample.labels().contains(label))
        .mapToDouble(Sample::value)
        .sum();
  }

  @Override
  public void close() {
    kit.shutdownTestKit();
  }
}
