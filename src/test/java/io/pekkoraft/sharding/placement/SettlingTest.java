package io.pekkoraft.sharding.placement;

import static io.pekkoraft.sharding.placement.ClaimsFixture.disk;
import static org.assertj.core.api.Assertions.assertThat;

import io.pekkoraft.model.PeerId;
import io.pekkoraft.sharding.placement.ClusterPlacement.Terms;
import io.pekkoraft.sharding.placement.Presence.State;
import io.pekkoraft.sharding.placement.Verdict.Founds;
import io.pekkoraft.sharding.placement.Verdict.Refuses;
import io.pekkoraft.sharding.placement.Verdict.Runs;
import io.pekkoraft.sharding.placement.Verdict.Waits;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Trap 47: whether a node's peers may begin on the disk that it has. */
class SettlingTest {
  private static final PeerId R1 = PeerId.of("r1");
  private static final PeerId R2 = PeerId.of("r2");
  private static final PeerId R3 = PeerId.of("r3");
  private static final Disk A = disk('a');
  private static final Disk B = disk('b');
  private static final Disk C = disk('c');
  private static final Disk EMPTY = disk('e');
  private static final Map<Disk, PeerId> ALL = Map.of(A, R1, B, R2, C, R3);
  private static final Placement SETTLED = Placement.found("Show", 16, ALL);

  private static Claims claims(Map<Disk, PeerId> there) {
    var nodes = new ClaimsFixture();
    var number = 1;
    for (var entry : there.entrySet()) {
      nodes.with(number++, entry.getKey(), entry.getValue());
    }
    return nodes.claims();
  }

  private static Settling on(PeerId self, Disk disk) {
    return new Settling(new Terms("Show", 16, 3, 3, "unused"), self, disk);
  }

  private static String refusal(Verdict verdict) {
    assertThat(verdict).isInstanceOf(Refuses.class);
    return ((Refuses) verdict).why();
  }

  @Test
  @DisplayName("it begins for the first time when all are there, and not before")
  void founds() {
    assertThat(on(R1, A).judge(claims(Map.of(A, R1)), Set.of())).isInstanceOf(Waits.class);
    assertThat(on(R1, A).judge(claims(Map.of(A, R1, B, R2, C, R2)), Set.of()))
        .isInstanceOf(Waits.class);
    assertThat(on(R1, A).judge(claims(ALL), Set.of())).isEqualTo(new Founds(SETTLED));
  }

  @Test
  @DisplayName("the node of the lowest disk settles it, and the others wait for that")
  void oneFounds() {
    assertThat(on(R2, B).judge(claims(ALL), Set.of())).isInstanceOf(Waits.class);
    assertThat(on(R3, C).judge(claims(ALL), Set.of())).isInstanceOf(Waits.class);
  }

  @Test
  @DisplayName("an emptied disk founds nothing, though the others have told of their disks alone")
  void oldOnes() {
    var nodes = ClaimsFixture.nodes(A, B, C);
    for (var i = 2; i <= 3; i++) {
      var old = ClaimsFixture.nodes(A, B, C).with(i, i == 2 ? B : C, i == 2 ? R2 : R3, 1, false);
      assertThat(on(R1, A).judge(old.claims(), Set.of()))
          .isInstanceOfSatisfying(
              Waits.class, waits -> assertThat(waits.why()).contains("settled already"));
      old.is(i, State.UNREACHABLE);
      assertThat(on(R1, A).judge(old.claims(), Set.of())).isInstanceOf(Waits.class);
    }
    assertThat(on(R1, A).judge(nodes.claims(), Set.of())).isInstanceOf(Founds.class);
  }

  @Test
  @DisplayName("nothing is founded on a disk that two nodes claim")
  void claimedTwice() {
    var nodes = ClaimsFixture.nodes(A, B, C).with(4, B, R2);
    assertThat(on(R1, A).judge(nodes.claims(), Set.of())).isInstanceOf(Waits.class);
  }

  @Test
  @DisplayName("more nodes than it begins with are a wrong setting: which of them would it be?")
  void tooMany() {
    var four = Map.of(A, R1, B, R2, C, R3, EMPTY, R1);
    assertThat(on(R1, A).judge(claims(four), Set.of()))
        .isInstanceOfSatisfying(
            Waits.class, waits -> assertThat(waits.why()).contains("pekko-raft.sharding.nodes"));
  }

  @Test
  @DisplayName("once it is settled a node runs alone, whoever else is away")
  void runs() {
    assertThat(on(R2, B).judge(claims(Map.of()), Set.of(SETTLED))).isEqualTo(new Runs(SETTLED));
  }

  @Test
  @DisplayName("an empty disk under an old role gets no peer, though its own node is away")
  void refusesAnEmptyDisk() {
    assertThat(refusal(on(R1, EMPTY).judge(claims(Map.of(EMPTY, R1, B, R2)), Set.of(SETTLED))))
        .contains(EMPTY.id(), A.id(), "docs/operations.md");
  }

  @Test
  @DisplayName("nobody founds a second time what one node alone remembers")
  void remembers() {
    var others = Map.of(EMPTY, R1, disk('f'), R2, C, R3);
    assertThat(on(R3, C).judge(claims(others), Set.of(SETTLED))).isInstanceOf(Runs.class);
    assertThat(on(R1, EMPTY).judge(claims(others), Set.of(SETTLED))).isInstanceOf(Refuses.class);
  }

  @Test
  @DisplayName("a disk under another role, another number of groups or replicas: what to set")
  void refusesOtherSettings() {
    assertThat(refusal(on(R2, A).judge(claims(ALL), Set.of(SETTLED)))).contains("replica-1");
    var groups = new Settling(new Terms("Show", 17, 3, 3, "unused"), R1, A);
    assertThat(refusal(groups.judge(claims(ALL), Set.of(SETTLED))))
        .contains("pekko-raft.sharding.groups = 16");
    var replicas = new Settling(new Terms("Show", 16, 5, 5, "unused"), R1, A);
    assertThat(refusal(replicas.judge(claims(ALL), Set.of(SETTLED))))
        .contains("pekko-raft.sharding.replicas = 3");
  }

  @Test
  @DisplayName("two that were settled apart are a mistake that nobody can decide")
  void refusesRivals() {
    var other = Placement.found("Show", 16, Map.of(A, R1, B, R2, EMPTY, R3));
    assertThat(refusal(on(R1, A).judge(claims(ALL), Set.of(SETTLED, other))))
        .contains("settled twice", "Empty none", C.id() + " at ", EMPTY.id());
  }

  @Test
  @DisplayName("the newest counts: a disk that another one replaced is a stranger")
  void replaced() {
    var next = SETTLED.replacing(A, EMPTY);
    var both = Set.of(SETTLED, next);
    assertThat(on(R1, EMPTY).judge(claims(Map.of()), both)).isEqualTo(new Runs(next));
    assertThat(on(R1, A).judge(claims(Map.of()), both))
        .isInstanceOfSatisfying(Refuses.class, refuses -> assertThat(refuses.ends()).isTrue());
    assertThat(next.newcomers()).containsExactly(EMPTY);
  }
}
