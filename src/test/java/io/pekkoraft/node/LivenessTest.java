package io.pekkoraft.node;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.pekko.actor.Address;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class LivenessTest {
  private static final Address NODE = new Address("pekko", "nodes", "127.0.0.1", 7401);
  private final Liveness liveness = new Liveness(400);

  @Test
  @DisplayName("a node is alive from its first answer on, for so long after the ping was sent")
  void alive() {
    assertThat(liveness.incarnationOf(NODE, 0)).isEmpty();
    assertThat(liveness.answered(NODE, 7, 100, 150)).containsExactly(new NodeEvent.Alive(NODE, 7));
    assertThat(liveness.answered(NODE, 7, 200, 250)).isEmpty();
    assertThat(liveness.incarnationOf(NODE, 599)).contains(7L);
    assertThat(liveness.incarnationOf(NODE, 600)).isEmpty();
    assertThat(liveness.tick(599)).isEmpty();
    assertThat(liveness.tick(600)).containsExactly(new NodeEvent.Silent(NODE));
    assertThat(liveness.tick(700)).isEmpty();
  }

  @Test
  @DisplayName("a node that started anew falls silent first")
  void startedAnew() {
    liveness.answered(NODE, 7, 100, 150);
    assertThat(liveness.answered(NODE, 8, 200, 250))
        .containsExactly(new NodeEvent.Silent(NODE), new NodeEvent.Alive(NODE, 8));
    assertThat(liveness.incarnationOf(NODE, 300)).contains(8L);
  }

  @Test
  @DisplayName("a node that says goodbye is gone at once, until it starts anew")
  void goodbye() {
    liveness.answered(NODE, 7, 100, 150);
    assertThat(liveness.left(NODE, 6)).isEmpty();
    assertThat(liveness.left(NODE, 7)).containsExactly(new NodeEvent.Left(NODE));
    assertThat(liveness.answered(NODE, 7, 200, 250)).isEmpty();
    assertThat(liveness.incarnationOf(NODE, 250)).isEmpty();
    assertThat(liveness.answered(NODE, 8, 200, 250)).containsExactly(new NodeEvent.Alive(NODE, 8));
  }

  @Test
  @DisplayName("an answer that comes late, or after that to a later ping, counts for nothing")
  void late() {
    assertThat(liveness.answered(NODE, 7, 100, 500)).isEmpty();
    liveness.answered(NODE, 8, 600, 650);
    assertThat(liveness.answered(NODE, 7, 550, 660)).isEmpty();
    assertThat(liveness.incarnationOf(NODE, 660)).contains(8L);
  }
}
