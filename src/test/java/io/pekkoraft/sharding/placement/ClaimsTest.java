package io.pekkoraft.sharding.placement;

import static io.pekkoraft.sharding.placement.ClaimsFixture.address;
import static io.pekkoraft.sharding.placement.ClaimsFixture.disk;
import static io.pekkoraft.sharding.placement.ClaimsFixture.node;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pekkoraft.model.PeerId;
import io.pekkoraft.sharding.placement.Presence.State;
import java.util.List;
import java.util.Map;
import org.apache.pekko.cluster.MemberStatus;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Who has which disk. */
class ClaimsTest {
  private static final PeerId R1 = PeerId.of("r1");
  private static final PeerId R2 = PeerId.of("r2");
  private static final Disk A = disk('a');
  private static final Disk B = disk('b');

  private final ClaimsFixture nodes =
      new ClaimsFixture().with(1, A, R1, 1, true).with(2, B, R2, 1, true);

  @Test
  @DisplayName("a disk is where it was as long as its node is a member, though it can't be seen")
  void away() {
    assertThat(nodes.is(1, State.UNREACHABLE).claims().addresses()).containsEntry(A, address(1));
    assertThat(nodes.is(1, State.LEAVING).claims().addresses()).containsEntry(A, address(1));
    assertThat(nodes.isGone(1).claims().addresses()).containsOnlyKeys(B);
  }

  @Test
  @DisplayName("nobody looks for peers at a copy of the disk on which they run")
  void copies() {
    nodes.with(4, A, R1, 1, false);
    assertThat(nodes.claims().addresses()).containsEntry(A, address(1));
    assertThat(nodes.is(1, State.UNREACHABLE).claims().addresses()).containsEntry(A, address(1));
    assertThat(nodes.isGone(1).claims().addresses()).containsEntry(A, address(4));
    nodes.with(1, A, R1, 1, false);
    assertThat(nodes.claims().addresses()).as("of two that wait").doesNotContainKey(A);
  }

  @Test
  @DisplayName(
      "who runs its peers clears away what earlier lives of its disk claimed, nothing else")
  void past() {
    nodes.with(4, A, R1, 1, true).isGone(1).isGone(2);
    var all = nodes.claims();
    assertThat(all.past(new Claim(A, R1, 1, true, node(4))))
        .containsExactly(new Claim(A, R1, 1, true, node(1)));
    assertThat(all.past(new Claim(A, R1, 1, false, node(4)))).isEmpty();
  }

  @Test
  @DisplayName("the disks of other replicas that are away are named, and who is there")
  void names() {
    var placement = Placement.found("Show", 4, Map.of(A, R1, B, R2, disk('c'), R1));
    assertThat(nodes.claims().awayOf(placement, R1)).isEmpty();
    assertThat(nodes.claims().awayOf(placement, R2).get()).contains("r1=[cccccccc]");
    assertThat(nodes.isGone(2).claims().awayOf(placement, R1).get())
        .contains("r2=[bbbbbbbb]", address(1).toString())
        .doesNotContain("r1=");
  }

  @Test
  @DisplayName("a node that is not let in says whom the cluster can't reach")
  void notUp() {
    var members = nodes.is(2, State.UNREACHABLE).claims().members();
    assertThat(Presence.notUp(MemberStatus.joining(), members))
        .contains("Joining", "2 members", "[" + address(2) + "]");
  }

  @Test
  @DisplayName("a claim is written and read; what is none is refused as such")
  void format() {
    var claim = new Claim(A, R1, 2, true, "pekko://shards@10.0.0.1:7400#-17");
    assertThat(claim).hasToString("aaaaaaaa r1 2 runs pekko://shards@10.0.0.1:7400#-17");
    assertThat(Claim.parse(claim.toString())).isEqualTo(claim);
    var waits = new Claim(A, R1, 0, false, "pekko://shards@10.0.0.1:7400#-17");
    assertThat(Claim.parse(waits.toString())).isEqualTo(waits);
    for (var malformed :
        List.of("", "r1", "aaaaaaaa r1 2 walks node", "aaaaaaaa r1 x runs node", "a r1 2 runs n")) {
      assertThatThrownBy(() -> Claim.parse(malformed)).isInstanceOf(IllegalArgumentException.class);
    }
    assertThatThrownBy(() -> new Disk("../disk")).isInstanceOf(IllegalArgumentException.class);
  }
}
