package io.pekkoraft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigFactory;
import io.pekkoraft.model.PeerId;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class RaftMetricsTest {
  private static ActorTestKit kit(String metrics) {
    return ActorTestKit.create(
        ConfigFactory.parseString("pekko-raft.insight.metrics = \"" + metrics + "\"")
            .withFallback(ConfigFactory.load("unhurried.conf")));
  }

  @Test
  @DisplayName("whoever is named in the settings counts what each peer does")
  void counts() throws Exception {
    var kit = kit(CountingMetrics.class.getName());
    try {
      var group =
          RaftGroup.spawn(kit.system(), "counted", PeerId.setOf("p1", "p2", "p3"), Adding::new);
      for (var i = 0; i < 10; i++) {
        group.propose(1L).toCompletableFuture().get(20, TimeUnit.SECONDS);
        group.read(0L).toCompletableFuture().get(20, TimeUnit.SECONDS);
      }
      group.stop().toCompletableFuture().get(20, TimeUnit.SECONDS);
      var counted = CountingMetrics.counted("counted");
      assertThat(counted.taken.sum()).isEqualTo(10);
      assertThat(counted.read.sum()).isEqualTo(10);
      assertThat(counted.elected.sum()).isPositive();
      assertThat(counted.applied.sum()).isGreaterThanOrEqualTo(10);
      assertThat(counted.appended.sum()).isGreaterThanOrEqualTo(20);
      assertThat(counted.written.sum()).isGreaterThanOrEqualTo(10);
      assertThat(counted.nanos.sum()).isPositive();
    } finally {
      kit.shutdownTestKit();
    }
  }

  @Test
  @DisplayName("a name that is no factory is refused, and the error says of which setting")
  void noFactory() {
    var kit = kit("java.lang.String");
    try {
      assertThatThrownBy(
              () -> RaftGroup.spawn(kit.system(), "uncounted", PeerId.setOf("p1"), Adding::new))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("pekko-raft.insight.metrics");
    } finally {
      kit.shutdownTestKit();
    }
  }
}
