package io.pekkoraft.membership;

import static io.pekkoraft.model.PeerId.setOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pekkoraft.model.Incarnation;
import io.pekkoraft.model.LogIndex;
import io.pekkoraft.model.PeerId;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ConfigurationTest {
  private static final Incarnation ONE = Incarnation.of(1);
  private static final Incarnation TWO = Incarnation.of(2);

  @Test
  @DisplayName("trap 27: whoever was met stays who it is, and is forgotten when it leaves")
  void met() {
    var abc = Configuration.of(PeerId.setOf("a", "b", "c"));
    var a = PeerId.of("a");
    var known = abc.having(Map.of(a, ONE, PeerId.of("z"), ONE));
    assertThat(known.incarnationOf(a)).contains(ONE);
    assertThat(known.met()).doesNotContainKey(PeerId.of("z"));
    assertThat(known.knows(a, TWO)).isFalse();
    assertThat(known.knows(PeerId.of("b"), TWO)).isTrue();
    assertThat(known.having(Map.of(a, TWO))).isEqualTo(known);
    assertThat(known.mayFollow(abc)).isTrue();
    assertThat(abc.mayFollow(known)).isFalse();
    assertThat(abc.having(Map.of(a, TWO)).mayFollow(known)).isFalse();

    var nobody = PeerId.setOf();
    var joint = known.changedBy(new Change(nobody, PeerId.setOf("a"), nobody, LogIndex.of(0)));
    assertThat(joint.incarnationOf(a)).contains(ONE);
    assertThat(joint.mayFollow(known)).isTrue();
    assertThat(joint.leaveJoint().incarnationOf(a)).isEmpty();
    assertThat(joint.leaveJoint().mayFollow(joint)).isTrue();
  }

  private static final PeerId A = PeerId.of("a");
  private static final PeerId B = PeerId.of("b");
  private static final PeerId C = PeerId.of("c");
  private static final PeerId D = PeerId.of("d");

  /** From a, b, x to a, c, d; b is to learn from then on, x to leave. */
  private static final Configuration JOINT =
      new Configuration(setOf("a", "c", "d"), setOf("a", "b", "x"), setOf("b", "e"));

  @Test
  @DisplayName("people are told who belongs to it, and nothing of incarnations")
  void inWords() {
    var known = Configuration.of(setOf("a", "b")).having(Map.of(A, ONE));
    assertThat(known.inWords()).isEqualTo("voters [a, b]");
    assertThat(JOINT.inWords())
        .isEqualTo("voters [a, c, d], with [a, b, x] before, learners [b, e]");
  }

  @Test
  @DisplayName("everyone gets the log: voters, those on their way out, learners")
  void everyone() {
    assertThat(JOINT.peers()).containsExactlyElementsOf(setOf("a", "b", "c", "d", "e", "x"));
    assertThat(JOINT.without(C)).containsExactlyElementsOf(setOf("a", "b", "d", "e", "x"));
    assertThat(JOINT.contains(PeerId.of("e"))).isTrue();
    assertThat(JOINT.contains(PeerId.of("f"))).isFalse();
  }

  @Test
  @DisplayName("thesis §4.2.1 a learner decides nothing")
  void learners() {
    var configuration = new Configuration(setOf("a", "b", "c"), setOf(), setOf("d", "e"));
    assertThat(configuration.isMajority(setOf("a", "d", "e"))).isFalse();
    assertThat(configuration.isMajority(setOf("a", "b"))).isTrue();
    assertThat(configuration.isVoter(D)).isFalse();
    assertThat(configuration.isLearner(D)).isTrue();
  }

  @Test
  @DisplayName("§6 while joint, a majority of the old and one of the new must agree")
  void joint() {
    assertThat(JOINT.isMajority(setOf("a", "c", "d"))).isFalse();
    assertThat(JOINT.isMajority(setOf("a", "b"))).isFalse();
    assertThat(JOINT.isMajority(setOf("b", "c", "d"))).isFalse();
    assertThat(JOINT.isMajority(setOf("b", "c", "d", "x"))).isTrue();
    assertThat(JOINT.isMajority(setOf("a", "b", "c"))).isTrue();
  }

  @Test
  @DisplayName("§6 while joint, what both have on disk counts")
  void jointMatch() {
    var matched =
        Map.of(
            PeerId.of("x"),
            LogIndex.of(1),
            A,
            LogIndex.of(9),
            B,
            LogIndex.of(3),
            C,
            LogIndex.of(7),
            D,
            LogIndex.of(5));
    assertThat(JOINT.majorityMatch(matched::get)).isEqualTo(LogIndex.of(3));
    assertThat(JOINT.leaveJoint().majorityMatch(matched::get)).isEqualTo(LogIndex.of(7));
  }

  @Test
  @DisplayName("who is to become a learner votes until the joint configuration is left")
  void demoted() {
    assertThat(JOINT.isVoter(B)).isTrue();
    assertThat(JOINT.isLearner(B)).isFalse();
    assertThat(JOINT.electorate()).containsExactlyElementsOf(setOf("a", "b", "c", "d", "x"));
    var after = JOINT.leaveJoint();
    assertThat(after).isEqualTo(new Configuration(setOf("a", "c", "d"), setOf(), setOf("b", "e")));
    assertThat(after.isVoter(B)).isFalse();
    assertThat(after.isLearner(B)).isTrue();
    assertThatThrownBy(after::leaveJoint).isInstanceOf(IllegalStateException.class);
  }

  @Test
  @DisplayName(
      "§6 a joint configuration is followed by what it was on the way to, and nothing else")
  void afterJoint() {
    var others = new Configuration(JOINT.voters(), setOf("a", "b"), JOINT.learners());
    assertThat(JOINT.leaveJoint().mayFollow(JOINT)).isTrue();
    assertThat(others.mayFollow(JOINT)).isFalse();
    assertThat(Configuration.of(JOINT.voters()).mayFollow(JOINT)).isFalse();
    assertThat(Configuration.NONE.mayFollow(JOINT)).isFalse();
    assertThat(Configuration.NONE.mayFollow(JOINT.leaveJoint())).isFalse();
    assertThat(Configuration.NONE.mayFollow(Configuration.NONE)).isFalse();
    assertThat(JOINT.mayFollow(Configuration.NONE)).isTrue();
  }

  @Test
  @DisplayName("without a configuration nobody decides, not even nobody")
  void none() {
    assertThat(Configuration.NONE.peers()).isEmpty();
    assertThat(Configuration.NONE.isMajority(setOf())).isFalse();
    assertThat(Configuration.NONE.isMajority(setOf("a"))).isFalse();
  }

  @Test
  @DisplayName("one peer at least votes, none both votes and learns, and they have a bound")
  void illegal() {
    assertThatThrownBy(() -> Configuration.of(List.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("at least one peer");
    assertThatThrownBy(() -> new Configuration(setOf(), setOf(), setOf("a")))
        .hasMessageContaining("at least one peer");
    assertThatThrownBy(() -> new Configuration(setOf("a", "b"), setOf(), setOf("b")))
        .hasMessageContaining("either votes or learns");
    var names = new String[Configuration.MAX_PEERS + 1];
    Arrays.setAll(names, i -> "p" + i);
    assertThatThrownBy(() -> Configuration.of(setOf(names))).hasMessageContaining("at most 64");
  }
}
