package io.pekkoraft.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigFactory;
import io.pekkoraft.RaftEvent.QuorumLost;
import io.pekkoraft.model.PeerId;
import io.pekkoraft.model.Term;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MicrometerTest {
  @TempDir Path directory;

  @Test
  @DisplayName("what a group does is counted, measured and shown, peer by peer, down to the disk")
  void counts() throws Exception {
    try (var node = new Scraped(directory, "").busy()) {
      assertThat(node.sum("pekko_raft_commands_total", "")).isEqualTo(10);
      assertThat(node.sum("pekko_raft_commands_size_bytes_total", "")).isGreaterThan(1000);
      assertThat(node.sum("pekko_raft_reads_total", "consistency=\"linearizable\"")).isEqualTo(10);
      assertThat(node.sum("pekko_raft_commit_seconds_count", "")).isPositive();
      assertThat(node.sum("pekko_raft_write_seconds_count", "peer=\"p3\"")).isPositive();
      assertThat(node.sum("pekko_raft_election_seconds_count", "")).isPositive();
      assertThat(node.sum("pekko_raft_journal_sync_seconds_count", "")).isPositive();
      assertThat(node.sum("pekko_raft_journal_writes_total", ""))
          .isGreaterThanOrEqualTo(node.sum("pekko_raft_journal_sync_seconds_count", "") - 1);
      assertThat(node.sum("pekko_raft_journal_free_bytes", "")).isPositive();
      assertThat(node.sum("jvm_memory_used_bytes", "")).isPositive();
      node.eventually(
          () -> {
            assertThat(node.sum("pekko_raft_leader", "group=\"kv\"")).isEqualTo(1);
            assertThat(node.sum("pekko_raft_peers", "role=\"leader\"")).isEqualTo(1);
            assertThat(node.sum("pekko_raft_peers", "")).isEqualTo(3);
            assertThat(node.sum("pekko_raft_commit_index", "peer=\"p2\"")).isGreaterThan(10);
            assertThat(node.sum("pekko_raft_snapshots_total", "how=\"taken\"")).isEqualTo(3);
          });
    }
  }

  @Test
  @DisplayName("trouble is counted by its kind")
  void trouble() throws Exception {
    try (var node = new Scraped(directory, "").busy()) {
      var event =
          new QuorumLost(
              "kv", PeerId.of("p1"), Term.of(1), PeerId.setOf("p2"), Duration.ofSeconds(1));
      node.tell(event);
      node.eventually(
          () ->
              assertThat(node.sum("pekko_raft_trouble_total", "event=\"QuorumLost\""))
                  .isEqualTo(1));
    }
  }

  @Test
  @DisplayName("groups beyond max-groups are counted together, without gauges")
  void bounded() throws Exception {
    try (var node = new Scraped(directory, "pekko-raft.metrics.max-groups = 1").busy()) {
      for (var name : new String[] {"second", "third"}) {
        node.spawn(name).members().toCompletableFuture().get(10, TimeUnit.SECONDS);
      }
      node.eventually(() -> assertThat(node.sum("pekko_raft_peers", "")).isEqualTo(9));
      assertThat(node.text()).doesNotContain("\"second\"").doesNotContain("\"third\"");
      assertThat(node.sum("pekko_raft_election_seconds_count", "group=\"other\"")).isPositive();
      assertThat(node.sum("pekko_raft_leader", "group=\"other\"")).isZero();
    }
  }

  @Test
  @DisplayName("every meter is there once a group has worked, with the tags that it says")
  void complete() throws Exception {
    try (var node = new Scraped(directory, "").busy()) {
      node.tell(
          new QuorumLost(
              "kv", PeerId.of("p1"), Term.of(1), PeerId.setOf("p2"), Duration.ofSeconds(1)));
      node.eventually(
          () -> {
            var registry = Meters.of(node.kit().system()).registry();
            for (var meter : RaftMeter.values()) {
              var found = registry.find(meter.meter()).meters();
              assertThat(found).describedAs(meter.meter()).isNotEmpty();
              assertThat(found)
                  .allSatisfy(
                      each ->
                          assertThat(each.getId().getTags().stream().map(tag -> tag.getKey()))
                              .containsExactlyInAnyOrderElementsOf(meter.tags()));
            }
          });
    }
  }

  @ParameterizedTest
  @DisplayName("settings without sense are refused")
  @ValueSource(strings = {"registry = statsd", "max-groups = -1", "interval = 1ms"})
  void refuses(String setting) {
    var config =
        ConfigFactory.parseString("pekko-raft.metrics." + setting)
            .withFallback(ConfigFactory.load());
    assertThatThrownBy(() -> MetricsSettings.of(config))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("pekko-raft.metrics." + setting.split(" ")[0]);
  }
}
