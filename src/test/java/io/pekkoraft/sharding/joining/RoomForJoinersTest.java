package io.pekkoraft.sharding.joining;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class RoomForJoinersTest {
  private static Config with(String settings) {
    return ConfigFactory.parseString(settings)
        .withFallback(ConfigFactory.parseResources("pekko-raft-cluster.conf"))
        .withFallback(ConfigFactory.defaultReference())
        .resolve();
  }

  @Test
  @DisplayName("pekko-raft-cluster names it; its setting is a time, and more than none")
  void settings() {
    assertThat(with("").getString("pekko.cluster.downing-provider-class"))
        .isEqualTo(RoomForJoiners.class.getName());
    assertThat(RoomForJoiners.limitOf(with("").getConfig("pekko-raft")))
        .isEqualTo(Duration.ofSeconds(5));
    var none = with("pekko-raft.sharding.make-room-after = 0s").getConfig("pekko-raft");
    assertThatThrownBy(() -> RoomForJoiners.limitOf(none))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("pekko-raft.sharding.make-room-after = 0s");
  }
}
