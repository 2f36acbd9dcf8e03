package io.pekkoraft.sharding.joining;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.apache.pekko.actor.Address;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class SeedNodesTest {
  private static final String N1 = "pekko://shop@10.0.0.1:7400";
  private static final String N2 = "pekko://shop@10.0.0.2:7400";
  private static final Address SELF = new Address("pekko", "shop", "10.0.0.1", 7400);

  @Test
  @DisplayName("a node that looks for itself alone is refused, for it would not find the others")
  void alone() {
    for (var seeds : List.of(List.of(N1), List.of(N1, N1))) {
      assertThatThrownBy(() -> SeedNodes.requireOthers(seeds, SELF, 3))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("pekko.cluster.seed-nodes")
          .hasMessageContaining(N1);
    }
  }

  @Test
  @DisplayName("with others it is not, nor where there are none, nor where the program joins")
  void others() {
    assertThatCode(
            () -> {
              SeedNodes.requireOthers(List.of(N1, N2), SELF, 3);
              SeedNodes.requireOthers(List.of(N2), SELF, 3);
              SeedNodes.requireOthers(List.of(N1), SELF, 1);
              SeedNodes.requireOthers(List.of(), SELF, 3);
            })
        .doesNotThrowAnyException();
  }
}
