package io.pekkoraft.health;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import io.pekkoraft.RaftGroup;
import io.pekkoraft.demo.KeyValue;
import io.pekkoraft.model.PeerId;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.management.HealthCheckSettings;
import org.apache.pekko.management.javadsl.HealthChecks;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What Pekko Management finds out, by its own health checks and our reference.conf alone. */
class ManagementTest {
  private final ActorTestKit kit = ActorTestKit.create(ConfigFactory.load("unhurried.conf"));

  @AfterEach
  void end() {
    kit.shutdownTestKit();
  }

  private static boolean await(CompletionStage<Boolean> result) throws Exception {
    return result.toCompletableFuture().get(20, TimeUnit.SECONDS);
  }

  @Test
  @DisplayName(
      "a node is alive at once, ready when its group has a leader, and no more when it has stopped")
  void checks() throws Exception {
    var system = (ExtendedActorSystem) kit.system().classicSystem();
    var checks =
        new HealthChecks(
            system,
            HealthCheckSettings.create(
                system.settings().config().getConfig("pekko.management.health-checks")));
    assertThat(await(checks.alive())).isTrue();
    assertThat(await(checks.ready())).isFalse();

    var group = RaftGroup.spawn(kit.system(), "kv", PeerId.setOf("p1", "p2", "p3"), KeyValue::new);
    group.members().toCompletableFuture().get(20, TimeUnit.SECONDS);
    kit.createTestProbe()
        .awaitAssert(
            Duration.ofSeconds(20),
            () -> {
              assertThat(await(checks.ready())).isTrue();
              return null;
            });

    group.stop().toCompletableFuture().get(20, TimeUnit.SECONDS);
    assertThat(await(checks.ready())).isFalse();
    assertThat(await(checks.alive())).isTrue();
  }
}
