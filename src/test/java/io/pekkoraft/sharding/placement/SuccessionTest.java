package io.pekkoraft.sharding.placement;

import static io.pekkoraft.sharding.placement.ClaimsFixture.disk;
import static io.pekkoraft.sharding.placement.ClaimsFixture.node;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pekkoraft.model.PeerId;
import io.pekkoraft.sharding.placement.Presence.State;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Which disk may take the place of another one. */
class SuccessionTest {
  private static final PeerId R1 = PeerId.of("r1");
  private static final PeerId R2 = PeerId.of("r2");
  private static final PeerId R3 = PeerId.of("r3");
  private static final Disk A = disk('a');
  private static final Disk B = disk('b');
  private static final Disk C = disk('c');
  private static final Disk D = disk('d');
  private static final Disk E = disk('e');
  private static final Placement SETTLED = Placement.found("Show", 4, Map.of(A, R1, B, R2, C, R3));
  private static final Succession D_FOR_C = new Succession(C, D);

  /** Node 3 is gone, and node 4 has come with an empty disk. */
  private final ClaimsFixture nodes =
      ClaimsFixture.nodes(A, B, C).with(4, D, R3).with(5, E, R3).isGone(3);

  private Placement settled(Succession disks, Placement... known) {
    return disks.settle(nodes.claims(), Set.of(known), A);
  }

  private void refused(Succession disks, String... why) {
    assertThatThrownBy(() -> settled(disks, SETTLED))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll(why);
  }

  @Test
  @DisplayName("a disk that is there takes the place of a lost one of its replica, once")
  void replaces() {
    var next = settled(D_FOR_C, SETTLED);
    assertThat(next).isEqualTo(SETTLED.replacing(C, D));
    assertThat(settled(D_FOR_C, SETTLED, next)).isEqualTo(next);
    nodes.is(3, State.UNREACHABLE);
    assertThat(settled(D_FOR_C, SETTLED)).as("its node is cut off, or dead").isEqualTo(next);
  }

  @Test
  @DisplayName("what a node has that is there is not lost")
  void notLost() {
    nodes.is(3, State.THERE);
    refused(D_FOR_C, "not lost", node(3), "stop that node first");
    nodes.is(3, State.LEAVING);
    refused(D_FOR_C, "not lost");
    nodes.with(4, D, R1);
    refused(new Succession(A, D), "this node's own", "ask another one");
  }

  @Test
  @DisplayName("a disk that nobody has, or of another replica, takes no place")
  void notThere() {
    refused(new Succession(C, disk('f')), "No node is there", "replica-3");
    nodes.is(4, State.UNREACHABLE);
    refused(D_FOR_C, "No node is there");
    nodes.with(4, D, R2);
    refused(D_FOR_C, "replica-2", "role replica-3");
    refused(new Succession(D, E), "holds nothing");
  }

  @Test
  @DisplayName("nothing is replaced where nothing is settled, or two things are")
  void notSettled() {
    assertThatThrownBy(() -> settled(D_FOR_C)).hasMessageContaining("Nothing is settled");
    var other = Placement.found("Show", 4, Map.of(A, R1, B, R2, E, R3));
    assertThatThrownBy(() -> settled(D_FOR_C, SETTLED, other)).hasMessageContaining("twice");
  }

  @Test
  @DisplayName(
      "of two that were replaced at once the same one counts for all, and the other follows")
  void oneCounts() {
    var one = SETTLED.replacing(C, D);
    var other = SETTLED.replacing(C, E);
    assertThat(Settling.newest(Set.of(one, other))).contains(one);
    assertThat(Settling.newest(Set.of(other, one, SETTLED))).contains(one);
    assertThat(Settling.overruled(Set.of(one, other)))
        .hasValueSatisfying(word -> assertThat(word).contains(D.id(), E.id()));
    assertThat(Settling.overruled(Set.of(one, SETTLED))).isEmpty();
    nodes.isGone(4);
    var last = settled(new Succession(D, E), SETTLED, one, other);
    assertThat(Settling.newest(Set.of(one, other, last))).contains(last);
    assertThat(last.replicaOn(E)).contains(R3);
  }
}
