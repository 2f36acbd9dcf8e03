package io.pekkoraft.election;

import static java.time.Duration.ofMillis;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pekkoraft.membership.Configuration;
import io.pekkoraft.model.LogPosition;
import io.pekkoraft.model.PeerId;
import io.pekkoraft.model.Term;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ElectionTest {
  private static final PeerId P1 = PeerId.of("p1");
  private static final PeerId P2 = PeerId.of("p2");
  private static final LogPosition LAST = LogPosition.of(2, 2);

  @Test
  @DisplayName("§5.2 the vote is free until it is given, and then the same candidate's")
  void oneVote() {
    var free = new Ballot(Term.of(3), Optional.empty());
    assertThat(free.grants(P1, LAST, LAST)).isTrue();
    var given = free.votingFor(P1);
    assertThat(given.grants(P1, LAST, LAST)).isTrue();
    assertThat(given.grants(P2, LAST, LAST)).isFalse();
    assertThat(given.votingFor(P1)).isEqualTo(given);
    assertThatThrownBy(() -> given.votingFor(P2)).isInstanceOf(IllegalStateException.class);
  }

  @Test
  @DisplayName("§5.4.1 no vote for a log that is behind")
  void upToDate() {
    var free = new Ballot(Term.of(3), Optional.empty());
    assertThat(free.grants(P1, LogPosition.of(1, 9), LAST)).isFalse();
    assertThat(free.grants(P1, LogPosition.of(2, 1), LAST)).isFalse();
  }

  @Test
  @DisplayName("trap 5: only a newer term clears the vote")
  void onlyANewerTermClearsTheVote() {
    var given = new Ballot(Term.of(3), Optional.of(P1));
    assertThat(given.inTerm(Term.of(4)).votedFor()).isEmpty();
    assertThatThrownBy(() -> given.inTerm(Term.of(3))).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> given.inTerm(Term.of(2))).isInstanceOf(IllegalStateException.class);
  }

  @Test
  @DisplayName("trap 6: a voter counts once, a stranger not at all")
  void tally() {
    var tally = new Tally(Configuration.of(PeerId.setOf("p1", "p2", "p3", "p4", "p5")));
    assertThat(tally.add(P1)).isFalse();
    assertThat(tally.add(P2)).isFalse();
    assertThat(tally.add(P2)).isFalse();
    assertThat(tally.add(PeerId.of("stranger"))).isFalse();
    assertThat(tally.add(PeerId.of("p3"))).isTrue();
  }

  @Test
  @DisplayName("§5.2 time-outs are drawn anew, within their bounds, and by the seed alone")
  void timeouts() {
    var timeout = new ElectionTimeout(Duration.ofMillis(150), Duration.ofMillis(300));
    var random = new Random(1);
    var again = new Random(1);
    for (var i = 0; i < 1000; i++) {
      var drawn = timeout.draw(random);
      assertThat(drawn).isBetween(Duration.ofMillis(150), Duration.ofMillis(300));
      assertThat(timeout.draw(again)).isEqualTo(drawn);
    }
    assertThat(timeout.draw(random)).isNotEqualTo(timeout.draw(random));
  }

  @Test
  @DisplayName("whose leader is gone stand one after the other, each of them first in some group")
  void succession() {
    var voters = Set.of(P1, P2, PeerId.of("p3"));
    var first = new TreeSet<PeerId>();
    for (var group = 0; group < 10; group++) {
      var one = Succession.place("g-" + group, voters, PeerId.of("p3"), P1);
      var two = Succession.place("g-" + group, voters, PeerId.of("p3"), P2);
      assertThat(one + two).as("one stands first, one second").isEqualTo(1);
      first.add(one == 0 ? P1 : P2);
    }
    assertThat(first).containsExactly(P1, P2);
    assertThat(Succession.place("g", voters, P1, PeerId.of("learner"))).isEqualTo(2);

    var timeout = new ElectionTimeout(Duration.ofSeconds(1), Duration.ofSeconds(2));
    var random = new Random(1);
    for (var i = 0; i < 1000; i++) {
      assertThat(timeout.succession(0, random)).isBetween(ofMillis(500), ofMillis(625));
      assertThat(timeout.succession(1, random)).isBetween(ofMillis(750), ofMillis(875));
    }
  }

  @Test
  void illegalTimeouts() {
    var ms = Duration.ofMillis(150);
    assertThatThrownBy(() -> new ElectionTimeout(ms, ms))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new ElectionTimeout(Duration.ZERO, ms))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
