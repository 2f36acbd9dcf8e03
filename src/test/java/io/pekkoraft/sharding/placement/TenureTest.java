package io.pekkoraft.sharding.placement;

import static io.pekkoraft.sharding.placement.ClaimsFixture.disk;
import static io.pekkoraft.sharding.placement.ClaimsFixture.node;
import static org.assertj.core.api.Assertions.assertThat;

import io.pekkoraft.model.PeerId;
import io.pekkoraft.sharding.placement.ClusterPlacement.Terms;
import io.pekkoraft.sharding.placement.Presence.State;
import io.pekkoraft.sharding.placement.Verdict.Founds;
import io.pekkoraft.sharding.placement.Verdict.Refuses;
import io.pekkoraft.sharding.placement.Verdict.Runs;
import io.pekkoraft.sharding.placement.Verdict.Waits;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Trap 47: a disk and its copy are never in use at once. */
class TenureTest {
  private static final PeerId R1 = PeerId.of("r1");
  private static final Disk A = disk('a');
  private static final Disk B = disk('b');
  private static final Disk C = disk('c');
  private static final Placement SETTLED =
      Placement.found("Show", 4, Map.of(A, R1, B, PeerId.of("r2"), C, PeerId.of("r3")));
  private static final Optional<Placement> KEPT = Optional.of(SETTLED);

  /** The first node runs on disk A. */
  private final ClaimsFixture nodes = ClaimsFixture.nodes(A, B, C).with(1, A, R1, 1, true);

  private final Tenure original = on(1);
  private final Tenure copy = on(4);

  private static Tenure on(int node) {
    return new Tenure(new Settling(new Terms("Show", 4, 3, 3, "unused"), R1, A), node(node));
  }

  private Optional<Verdict> judges(Tenure tenure) {
    return tenure.judge(nodes.claims(), Set.of(), KEPT);
  }

  /** It claims its disk and asks, and most nodes answer. */
  private Optional<Verdict> comes(Tenure tenure, int node) {
    tenure.asks();
    nodes.with(node, A, R1, 1, false);
    tenure.answered(true);
    return judges(tenure);
  }

  private static String why(Optional<Verdict> verdict) {
    assertThat(verdict).containsInstanceOf(Refuses.class);
    return ((Refuses) verdict.get()).why();
  }

  @Test
  @DisplayName("a refused copy does not take over when the original can't be seen, leaves, is gone")
  void staysRefused() {
    assertThat(why(comes(copy, 4))).contains("copy of the other", node(1));
    for (var state : State.values()) {
      nodes.is(1, state);
      assertThat(judges(copy)).containsInstanceOf(Refuses.class);
    }
    nodes.isGone(1);
    assertThat(judges(copy)).containsInstanceOf(Refuses.class);
    assertThat(copy.isRefused()).as("so that it takes its claim back").isTrue();
    assertThat(copy.hasToAsk(nodes.withdraws(4).claims(), copy.claim(KEPT))).isFalse();
  }

  @Test
  @DisplayName("a disk belongs to a member that is away until the cluster has removed that one")
  void waits() {
    nodes.is(1, State.UNREACHABLE);
    assertThat(comes(copy, 4))
        .hasValueSatisfying(
            verdict ->
                assertThat(verdict)
                    .isInstanceOfSatisfying(
                        Waits.class, one -> assertThat(one.why()).contains(node(1), "down it")));
    nodes.is(1, State.LEAVING);
    assertThat(judges(copy)).containsInstanceOf(Waits.class);
    nodes.isGone(1);
    assertThat(judges(copy)).contains(new Runs(SETTLED));
  }

  @Test
  @DisplayName("who waits for a member that comes back is refused")
  void comesBack() {
    nodes.is(1, State.UNREACHABLE);
    comes(copy, 4);
    nodes.is(1, State.THERE);
    assertThat(judges(copy)).containsInstanceOf(Refuses.class);
  }

  @Test
  @DisplayName("who runs goes on, and shouts, when somebody else claims its disk")
  void shouts() {
    assertThat(comes(original, 1)).contains(new Runs(SETTLED));
    original.runs();
    assertThat(original.intruders(nodes.claims())).isEmpty();
    comes(copy, 4);
    assertThat(judges(original)).contains(new Runs(SETTLED));
    assertThat(original.intruders(nodes.claims()))
        .hasValueSatisfying(word -> assertThat(word).contains(node(4)));
    assertThat(copy.intruders(nodes.claims())).isEmpty();
  }

  @Test
  @DisplayName("an original and its copy that come at once are both refused")
  void bothAreRefused() {
    nodes.with(1, A, R1, 1, false);
    original.asks();
    assertThat(comes(copy, 4)).containsInstanceOf(Refuses.class);
    original.answered(true);
    assertThat(why(judges(original))).contains("copy of the other", node(4));
  }

  @Test
  @DisplayName("nothing is judged before the disk was claimed and the others were asked")
  void asksFirst() {
    nodes.withdraws(4).isGone(1);
    var own = copy.claim(KEPT);
    assertThat(copy.hasToAsk(nodes.claims(), own)).isTrue();
    copy.asks();
    assertThat(copy.hasToAsk(nodes.claims(), own)).isFalse();
    assertThat(judges(copy)).isEmpty();
    copy.answered(true);
    assertThat(judges(copy)).contains(new Runs(SETTLED));
  }

  @Test
  @DisplayName("without an answer of most it runs what it keeps, founds nothing, and asks again")
  void notSure() {
    var empty = ClaimsFixture.nodes(A, B, C).claims();
    original.asks();
    original.answered(false);
    assertThat(original.judge(empty, Set.of(), KEPT)).contains(new Runs(SETTLED));
    assertThat(original.judge(empty, Set.of(), Optional.empty())).containsInstanceOf(Waits.class);
    assertThat(original.judge(empty, Set.of(SETTLED), Optional.empty()))
        .containsInstanceOf(Waits.class);
    assertThat(original.hasToAsk(empty, original.claim(Optional.empty()))).isTrue();
    original.answered(true);
    assertThat(original.judge(empty, Set.of(SETTLED), Optional.empty()))
        .contains(new Runs(SETTLED));
  }

  @Test
  @DisplayName("who would found asks once more when all are there: somebody may be one too many")
  void asksBeforeItFounds() {
    var empty = ClaimsFixture.nodes(A, B, C);
    var none = Optional.<Placement>empty();
    original.asks();
    original.answered(true);
    for (var most : new boolean[] {false, true}) {
      assertThat(original.judge(empty.claims(), Set.of(), none)).containsInstanceOf(Waits.class);
      assertThat(original.hasToAsk(empty.claims(), original.claim(none))).isTrue();
      original.asks();
      original.answered(most);
    }
    assertThat(original.judge(empty.claims(), Set.of(), none)).contains(new Founds(SETTLED));
    assertThat(original.hasToAsk(empty.claims(), original.claim(none))).isFalse();
    empty.with(4, disk('d'), R1);
    assertThat(original.judge(empty.claims(), Set.of(), none)).containsInstanceOf(Waits.class);
    empty.isGone(4);
    assertThat(original.judge(empty.claims(), Set.of(), none))
        .as("asked before that")
        .containsInstanceOf(Waits.class);
  }

  @Test
  @DisplayName("a claim that is lost, or says too little by now, is told again")
  void tellsAgain() {
    comes(copy, 4);
    var alone = on(1);
    alone.asks();
    alone.answered(true);
    nodes.withdraws(4).with(1, A, R1, 1, false);
    assertThat(alone.hasToAsk(nodes.claims(), alone.claim(KEPT))).isFalse();
    alone.runs();
    assertThat(alone.hasToAsk(nodes.claims(), alone.claim(KEPT))).isTrue();
    nodes.with(1, A, R1, 1, true);
    assertThat(alone.hasToAsk(nodes.claims(), alone.claim(KEPT))).isFalse();
    nodes.withdraws(1);
    assertThat(alone.hasToAsk(nodes.claims(), alone.claim(KEPT))).isTrue();
  }
}
