package io.pekkoraft.membership;

import static io.pekkoraft.model.PeerId.setOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pekkoraft.membership.ChangeRefused.Reason;
import io.pekkoraft.model.LogIndex;
import io.pekkoraft.model.PeerId;
import io.pekkoraft.model.SafetyViolation;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class MembershipTest {
  private static final PeerId A = PeerId.of("a");
  private static final PeerId B = PeerId.of("b");
  private static final Configuration AB = Configuration.of(setOf("a", "b"));

  /** Away from a. */
  private static final Configuration AB_TO_B =
      new Configuration(setOf("b"), setOf("a", "b"), setOf());

  private static final Configuration ONLY_B = Configuration.of(setOf("b"));

  private final Membership membership = new Membership(VersionedConfiguration.bootstrap(AB));

  private static LogIndex index(long value) {
    return LogIndex.of(value);
  }

  private static Change removeA(long from) {
    return new Change(setOf(), setOf("a"), setOf(), index(from));
  }

  private void refuses(Change change, long committed, long ownTerm, Reason reason) {
    var before = membership.at(membership.version());
    assertThatThrownBy(() -> membership.next(change, index(committed), index(ownTerm)))
        .isInstanceOfSatisfying(
            ChangeRefused.class, refused -> assertThat(refused.reason()).isEqualTo(reason));
    assertThat(membership.at(membership.version())).isEqualTo(before);
  }

  @Test
  @DisplayName("trap 23: in use when appended, and no longer when truncated")
  void inUse() {
    assertThat(membership.current()).isEqualTo(AB);
    assertThat(membership.version()).isEqualTo(LogIndex.ZERO);
    membership.appended(index(5), AB_TO_B);
    membership.appended(index(7), ONLY_B);
    assertThat(membership.current()).isEqualTo(ONLY_B);
    membership.truncatedFrom(index(8));
    assertThat(membership.version()).isEqualTo(index(7));
    membership.truncatedFrom(index(7));
    assertThat(membership.current()).isEqualTo(AB_TO_B);
    membership.truncatedFrom(index(1));
    assertThat(membership.current()).isEqualTo(AB);
  }

  @Test
  @DisplayName("trap 26: what is compacted leaves the configuration that was in force there")
  void compacted() {
    membership.appended(index(5), AB_TO_B);
    membership.appended(index(9), ONLY_B);
    assertThat(membership.at(index(4)).configuration()).isEqualTo(AB);
    assertThat(membership.at(index(8))).isEqualTo(new VersionedConfiguration(index(5), AB_TO_B));
    membership.compactedThrough(index(8));
    membership.compactedThrough(index(8));
    assertThat(membership.at(index(8)).configuration()).isEqualTo(AB_TO_B);
    assertThat(membership.current()).isEqualTo(ONLY_B);
    assertThatThrownBy(() -> membership.at(index(4))).isInstanceOf(IllegalArgumentException.class);
    membership.truncatedFrom(index(9));
    assertThat(membership.version()).isEqualTo(index(5));
    assertThatThrownBy(() -> membership.truncatedFrom(index(5)))
        .isInstanceOf(SafetyViolation.class);
    assertThat(membership.version()).isEqualTo(index(5));
  }

  @Test
  @DisplayName("§7 a snapshot brings its configuration, and its version")
  void restarted() {
    membership.appended(index(5), AB_TO_B);
    membership.restart(new VersionedConfiguration(index(40), ONLY_B));
    assertThat(membership.current()).isEqualTo(ONLY_B);
    assertThat(membership.version()).isEqualTo(index(40));
    assertThatThrownBy(() -> membership.at(index(39))).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  @DisplayName("a configuration that can't follow the one before stops the peer")
  void impossible() {
    assertThatThrownBy(() -> membership.appended(index(5), ONLY_B))
        .isInstanceOf(SafetyViolation.class);
    assertThatThrownBy(() -> membership.appended(index(5), Configuration.NONE))
        .isInstanceOf(SafetyViolation.class);
    membership.appended(index(5), AB_TO_B);
    assertThatThrownBy(() -> membership.appended(index(6), AB)).isInstanceOf(SafetyViolation.class);
    assertThatThrownBy(() -> membership.appended(index(5), ONLY_B))
        .isInstanceOf(IllegalStateException.class);
    assertThat(membership.current()).isEqualTo(AB_TO_B);
  }

  @Test
  @DisplayName("a peer that knows no configuration takes the first that comes")
  void newcomer() {
    var newcomer = new Membership(VersionedConfiguration.bootstrap(Configuration.NONE));
    assertThat(newcomer.mayStand(A, LogIndex.ZERO)).isFalse();
    newcomer.appended(index(1), AB_TO_B);
    assertThat(newcomer.current()).isEqualTo(AB_TO_B);
    newcomer.truncatedFrom(index(1));
    assertThat(newcomer.current()).isEqualTo(Configuration.NONE);
  }

  @Test
  @DisplayName("trap 21: no change before the leader has committed an entry of its own term")
  void notReady() {
    refuses(removeA(0), 9, 10, Reason.NOT_READY);
    assertThat(membership.next(removeA(0), index(10), index(10))).isEqualTo(AB_TO_B);
    assertThat(membership.current()).isEqualTo(AB);
  }

  @Test
  @DisplayName("one change at a time, from its first entry until its last is committed")
  void underWay() {
    membership.appended(index(12), AB_TO_B);
    refuses(removeA(12), 12, 10, Reason.UNDER_WAY);
    membership.appended(index(13), ONLY_B);
    var addA = new Change(setOf("a"), setOf(), setOf(), index(13));
    refuses(addA, 12, 10, Reason.UNDER_WAY);
    assertThat(membership.next(addA, index(13), index(10)).voters()).isEqualTo(AB.voters());
  }

  @Test
  @DisplayName("who decided on another configuration than the one in use has to look again")
  void stale() {
    membership.appended(index(12), new Configuration(AB.voters(), setOf(), setOf("c")));
    refuses(removeA(0), 12, 10, Reason.STALE);
    refuses(removeA(13), 12, 10, Reason.STALE);
    assertThat(membership.next(removeA(12), index(12), index(10)).isJoint()).isTrue();
  }

  @Test
  @DisplayName("§6 the joint configuration is left when it is committed")
  void afterJoint() {
    assertThat(membership.afterJoint(index(9), index(1))).isEmpty();
    membership.appended(index(12), AB_TO_B);
    assertThat(membership.afterJoint(index(11), index(1))).isEmpty();
    assertThat(membership.afterJoint(index(12), index(1))).contains(ONLY_B);
    membership.appended(index(13), ONLY_B);
    assertThat(membership.afterJoint(index(13), index(1))).isEmpty();
  }

  @Test
  @DisplayName("trap 22: a new leader commits an entry of its own term before it leaves the joint")
  void newLeader() {
    membership.appended(index(12), AB_TO_B);
    assertThat(membership.afterJoint(index(12), index(15))).isEmpty();
    assertThat(membership.afterJoint(index(15), index(15))).contains(ONLY_B);
  }

  @Test
  @DisplayName("trap 25: a leader that removed itself leads until that is committed")
  void removedLeader() {
    membership.appended(index(12), AB_TO_B);
    assertThat(membership.mustStepDown(A, index(12))).isFalse();
    membership.appended(index(13), ONLY_B);
    assertThat(membership.mustStepDown(A, index(12))).isFalse();
    assertThat(membership.mustStepDown(A, index(13))).isTrue();
    assertThat(membership.mustStepDown(B, index(13))).isFalse();
  }

  @Test
  @DisplayName("a leader that became a learner steps down as well")
  void demotedLeader() {
    var joint = new Configuration(setOf("b"), setOf("a", "b"), setOf("a"));
    membership.appended(index(12), joint);
    assertThat(membership.mustStepDown(A, index(12))).isFalse();
    membership.appended(index(13), joint.leaveJoint());
    assertThat(membership.mustStepDown(A, index(13))).isTrue();
    assertThat(membership.mayStand(A, index(13))).isFalse();
  }

  @Test
  @DisplayName("thesis figure 4.6 who alone holds the entry that removes it may be needed to win")
  void mayStand() {
    membership.appended(index(12), AB_TO_B);
    membership.appended(index(13), ONLY_B);
    assertThat(membership.mayStand(A, index(12))).isTrue();
    assertThat(membership.current().isMajority(setOf("a"))).isFalse();
    assertThat(membership.mayStand(A, index(13))).isFalse();
    assertThat(membership.mayStand(B, index(13))).isTrue();
    assertThat(membership.mayStand(PeerId.of("c"), index(12))).isFalse();
  }

  @Test
  @DisplayName("a learner does not stand for election")
  void learnersDoNotStand() {
    var learner = PeerId.of("c");
    var learning = new Configuration(AB.voters(), setOf(), setOf("c"));
    membership.appended(index(3), learning);
    assertThat(membership.mayStand(learner, index(0))).isFalse();
    membership.appended(
        index(4), new Configuration(setOf("a", "b", "c"), setOf("a", "b"), setOf()));
    assertThat(membership.mayStand(learner, index(0))).isTrue();
  }

  @Test
  @DisplayName("whatever the log does, the latest configuration in it is in use")
  void anyLog() {
    for (var seed = 0; seed < 200; seed++) {
      var random = new Random(seed);
      var tried = new Membership(VersionedConfiguration.bootstrap(AB));
      var log = new TreeMap<LogIndex, Configuration>();
      log.put(LogIndex.ZERO, AB);
      var last = 0;
      var compacted = 0;
      for (var step = 0; step < 60; step++) {
        switch (random.nextInt(4)) {
          case 0, 1 -> {
            last += 1 + random.nextInt(3);
            var current = log.lastEntry().getValue();
            var next = current.isJoint() ? current.leaveJoint() : any(current, random);
            tried.appended(index(last), next);
            log.put(index(last), next);
          }
          case 2 -> {
            var first = compacted + 1 + random.nextInt(last - compacted + 1);
            tried.truncatedFrom(index(first));
            log.tailMap(index(first), true).clear();
            last = first - 1;
          }
          default -> {
            compacted += random.nextInt(last - compacted + 1);
            tried.compactedThrough(index(compacted));
          }
        }
        assertThat(tried.current()).as("seed %s", seed).isEqualTo(log.lastEntry().getValue());
        assertThat(tried.version()).isEqualTo(log.lastKey());
        for (var i = compacted; i <= last; i++) {
          var inForce = log.floorEntry(index(i));
          assertThat(tried.at(index(i)))
              .isEqualTo(new VersionedConfiguration(inForce.getKey(), inForce.getValue()));
        }
      }
    }
  }

  private static Configuration any(Configuration current, Random random) {
    var voters = current.voters().size() == 1 ? AB.voters() : ONLY_B.voters();
    return random.nextBoolean()
        ? new Configuration(voters, current.voters(), setOf())
        : new Configuration(current.voters(), setOf(), setOf("l" + random.nextInt(3)));
  }
}
