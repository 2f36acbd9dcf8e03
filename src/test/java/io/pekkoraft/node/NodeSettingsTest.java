package io.pekkoraft.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigFactory;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class NodeSettingsTest {
  private static NodeSettings with(String settings) {
    return NodeSettings.of(
        ConfigFactory.parseString(settings)
            .withFallback(ConfigFactory.defaultReference())
            .resolve());
  }

  @Test
  @DisplayName("heartbeats wait a fraction of their interval, or not at all")
  void heartbeatWait() {
    with("").requireShortWait(Duration.ofMillis(50));
    assertThat(with("pekko-raft.node.heartbeat-wait = off").heartbeatWait()).isEmpty();
    assertThatThrownBy(() -> with("pekko-raft.node.heartbeat-wait = 0s"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("pekko-raft.node.heartbeat-wait");
  }

  @Test
  @DisplayName("a group whose heartbeats would come too late is refused")
  void tooLong() {
    var settings = with("pekko-raft.node.heartbeat-wait = 20ms");
    assertThatCode(() -> settings.requireShortWait(Duration.ofMillis(40)))
        .doesNotThrowAnyException();
    assertThatThrownBy(() -> settings.requireShortWait(Duration.ofMillis(39)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("half of pekko-raft.heartbeat-interval");
    assertThatCode(
            () ->
                with("pekko-raft.node.heartbeat-wait = off").requireShortWait(Duration.ofMillis(1)))
        .doesNotThrowAnyException();
  }
}
