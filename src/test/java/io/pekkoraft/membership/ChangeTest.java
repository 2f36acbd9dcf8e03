package io.pekkoraft.membership;

import static io.pekkoraft.model.PeerId.setOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pekkoraft.membership.ChangeRefused.Reason;
import io.pekkoraft.model.LogIndex;
import io.pekkoraft.model.PeerId;
import java.util.Arrays;
import java.util.SortedSet;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ChangeTest {
  private static final SortedSet<PeerId> NOBODY = setOf();
  private static final Configuration ABC_D =
      new Configuration(setOf("a", "b", "c"), NOBODY, setOf("d"));

  private static Change change(
      SortedSet<PeerId> add, SortedSet<PeerId> remove, SortedSet<PeerId> learners) {
    return new Change(add, remove, learners, LogIndex.ZERO);
  }

  private static void refuses(Configuration configuration, Change change, Reason reason) {
    assertThatThrownBy(() -> configuration.changedBy(change))
        .isInstanceOfSatisfying(
            ChangeRefused.class, refused -> assertThat(refused.reason()).isEqualTo(reason));
  }

  @Test
  @DisplayName("§6 other voters: by way of the old and the new together")
  void otherVoters() {
    var joint = ABC_D.changedBy(change(setOf("d", "e"), setOf("a"), setOf("b", "f")));
    assertThat(joint)
        .isEqualTo(new Configuration(setOf("c", "d", "e"), setOf("a", "b", "c"), setOf("b", "f")));
    assertThat(joint.leaveJoint())
        .isEqualTo(new Configuration(setOf("c", "d", "e"), NOBODY, setOf("b", "f")));
  }

  @Test
  @DisplayName("thesis §4.2.1 only learners come and go: at once")
  void onlyLearners() {
    assertThat(ABC_D.changedBy(change(NOBODY, setOf("d"), setOf("e"))))
        .isEqualTo(new Configuration(setOf("a", "b", "c"), NOBODY, setOf("e")));
  }

  @Test
  @DisplayName("one change at a time")
  void underWay() {
    var joint = ABC_D.changedBy(change(setOf("e"), NOBODY, NOBODY));
    refuses(joint, change(setOf("f"), NOBODY, NOBODY), Reason.UNDER_WAY);
  }

  @Test
  @DisplayName("a change that makes no sense is refused, and says why")
  void refused() {
    refuses(ABC_D, change(NOBODY, NOBODY, NOBODY), Reason.EMPTY);
    refuses(ABC_D, change(setOf("e"), NOBODY, setOf("e")), Reason.NAMED_TWICE);
    refuses(ABC_D, change(setOf("a"), setOf("a"), NOBODY), Reason.NAMED_TWICE);
    refuses(ABC_D, change(NOBODY, setOf("e"), NOBODY), Reason.UNKNOWN);
    refuses(ABC_D, change(setOf("e", "a"), NOBODY, NOBODY), Reason.ALREADY_THERE);
    refuses(ABC_D, change(NOBODY, NOBODY, setOf("d")), Reason.ALREADY_THERE);
    refuses(ABC_D, change(NOBODY, setOf("a", "b"), setOf("c")), Reason.NO_VOTER_LEFT);
    assertThatThrownBy(() -> ABC_D.changedBy(change(NOBODY, setOf("e"), NOBODY)))
        .hasMessage("Peer e is not one of the group.");
  }

  @Test
  @DisplayName("the bound holds on the way, when old and new get the log together")
  void tooMany() {
    var names = new String[Configuration.MAX_PEERS];
    Arrays.setAll(names, i -> "p" + i);
    var full = Configuration.of(setOf(names));
    refuses(full, change(NOBODY, NOBODY, setOf("e")), Reason.TOO_MANY);
    refuses(full, change(setOf("e"), setOf("p1"), NOBODY), Reason.TOO_MANY);
    assertThat(full.changedBy(change(NOBODY, setOf("p1"), NOBODY)).isJoint()).isTrue();
  }

  @Test
  @DisplayName("without a configuration nobody leads, so nobody asks")
  void none() {
    assertThatThrownBy(() -> Configuration.NONE.changedBy(change(setOf("a"), NOBODY, NOBODY)))
        .isInstanceOf(IllegalStateException.class);
  }
}
