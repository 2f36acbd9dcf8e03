package io.pekkoraft;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.pekkoraft.model.PeerId;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.persistence.jdbc.testkit.javadsl.SchemaUtils;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A peer runs on any journal, by configuration alone; a durable one brings it back. */
class AnyJournalTest {
  @TempDir Path directory;

  private static <T> T now(CompletionStage<T> stage) throws Exception {
    return stage.toCompletableFuture().get(20, TimeUnit.SECONDS);
  }

  private interface Preparation {
    void prepare(ActorTestKit kit) throws Exception;
  }

  private interface Story {
    void tell(RaftGroup<Long, Long> group) throws Exception;
  }

  private static void inASystem(Config config, Preparation preparation, Story story)
      throws Exception {
    var patient =
        config
            .withFallback(ConfigFactory.parseResources("patient.conf"))
            .withFallback(ConfigFactory.load());
    var kit = ActorTestKit.create("any-journal", patient);
    try {
      preparation.prepare(kit);
      var group = RaftGroup.spawn(kit.system(), "g", PeerId.setOf("p1", "p2", "p3"), Adding::new);
      story.tell(group);
      now(group.stop());
    } finally {
      kit.shutdownTestKit();
    }
  }

  /** Most of the journal is deleted by then, for snapshots are taken all the time (§7). */
  private void survivesARestart(Config journal, Preparation preparation) throws Exception {
    var config =
        ConfigFactory.parseString(
                """
                pekko-raft.snapshots { min-entries = 5, max-entries = 5, keep-entries = 2 }
                pekko-raft.snapshots.dir = "%s"
                """
                    .formatted(directory.resolve("snapshots")))
            .withFallback(journal);
    inASystem(
        config,
        preparation,
        group -> {
          for (var sum = 1L; sum <= 40; sum++) {
            assertThat(now(group.propose(1L))).isEqualTo(sum);
          }
          assertThat(now(group.propose(2L))).isEqualTo(42);
        });
    inASystem(
        config,
        kit -> {},
        group -> {
          assertThat(now(group.read(0L))).isEqualTo(42);
          assertThat(now(group.propose(1L))).isEqualTo(43);
        });
    try (var snapshots = Files.walk(directory.resolve("snapshots"))) {
      assertThat(snapshots.filter(Files::isRegularFile)).hasSizeGreaterThanOrEqualTo(3);
    }
  }

  @Test
  @DisplayName("the embedded one")
  void rocksDb() throws Exception {
    survivesARestart(
        ConfigFactory.parseString("pekko-raft.rocksdb.dir = \"" + directory + "\""), kit -> {});
  }

  @Test
  @DisplayName("a database, through pekko-persistence-jdbc")
  void jdbc() throws Exception {
    var config =
        ConfigFactory.parseString(
                "pekko-persistence-jdbc.shared-databases.slick.db.url = \"jdbc:h2:file:"
                    + directory.resolve("h2")
                    + ";DATABASE_TO_UPPER=false;DB_CLOSE_ON_EXIT=FALSE\"")
            .withFallback(ConfigFactory.parseResources("jdbc.conf"));
    survivesARestart(config, kit -> now(SchemaUtils.createIfNotExists(kit.system())));
  }

  @Test
  @DisplayName("the one in memory, for tests")
  void inMemory() throws Exception {
    inASystem(
        ConfigFactory.load("unhurried.conf"),
        kit -> {},
        group -> assertThat(now(group.propose(42L))).isEqualTo(42));
  }
}
