package io.pekkoraft.membership;

import static org.assertj.core.api.Assertions.assertThat;

import io.pekkoraft.model.LogIndex;
import io.pekkoraft.model.PeerId;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Not examples but all there are, of few peers: what a configuration promises, it keeps. */
class EveryConfigurationTest {
  private static final int VOTES = 1;
  private static final int LEARNS = 2;

  /** A peer is out, votes or learns; a change leaves it, adds it, makes it learn, or removes it. */
  private static final int STATES = 3;

  private static final int WISHES = 4;
  private static final int REMOVED = 3;

  /** The peers whose digit, with this base, is {@code digit}. */
  private static SortedSet<PeerId> where(int digit, int base, int number, int peers) {
    var found = new TreeSet<PeerId>();
    for (var i = 0; i < peers; i++) {
      if (digit(i, base, number) == digit) {
        found.add(PeerId.of("p" + i));
      }
    }
    return found;
  }

  private static int digit(int i, int base, int number) {
    return number / (int) Math.pow(base, i) % base;
  }

  private static List<Configuration> simple(int peers) {
    var all = new ArrayList<Configuration>();
    for (var number = 0; number < Math.pow(STATES, peers); number++) {
      var voters = where(VOTES, STATES, number, peers);
      if (!voters.isEmpty()) {
        var learners = where(LEARNS, STATES, number, peers);
        all.add(new Configuration(voters, new TreeSet<>(), learners));
      }
    }
    return all;
  }

  private static List<Change> changes(int peers) {
    var all = new ArrayList<Change>();
    for (var number = 0; number < Math.pow(WISHES, peers); number++) {
      all.add(
          new Change(
              where(VOTES, WISHES, number, peers),
              where(REMOVED, WISHES, number, peers),
              where(LEARNS, WISHES, number, peers),
              LogIndex.ZERO));
    }
    return all;
  }

  /** Which sets of peers, as bits, decide. */
  private static boolean[] decisive(Configuration configuration, int peers) {
    var decisive = new boolean[1 << peers];
    for (var set = 0; set < decisive.length; set++) {
      decisive[set] = configuration.isMajority(where(1, 2, set, peers));
    }
    return decisive;
  }

  /** More peers never decide less, so two that are disjoint show in a set and all the rest. */
  private static boolean canDecideInHalves(boolean[] some, boolean[] others) {
    return IntStream.range(0, some.length)
        .anyMatch(set -> some[set] && others[some.length - 1 - set]);
  }

  @Test
  @DisplayName("§6 any two majorities of the old and the joint, and of the joint and the new, meet")
  void majoritiesMeet() {
    var peers = 5;
    var simple =
        simple(peers).stream().filter(configuration -> configuration.learners().isEmpty()).toList();
    assertThat(simple).hasSize(31);
    var unsafeWithoutJoint = 0;
    for (var old : simple) {
      var decidesOld = decisive(old, peers);
      for (var next : simple) {
        if (next.equals(old)) {
          continue;
        }
        var joint = new Configuration(next.voters(), old.voters(), new TreeSet<>());
        var decidesJoint = decisive(joint, peers);
        var decidesNext = decisive(next, peers);
        assertThat(canDecideInHalves(decidesOld, decidesJoint)).as("%s", joint).isFalse();
        assertThat(canDecideInHalves(decidesJoint, decidesJoint)).as("%s", joint).isFalse();
        assertThat(canDecideInHalves(decidesJoint, decidesNext)).as("%s", joint).isFalse();
        assertThat(joint.mayFollow(old)).isTrue();
        assertThat(next.mayFollow(joint)).isTrue();
        assertThat(next.mayFollow(old)).isFalse();
        unsafeWithoutJoint += canDecideInHalves(decidesOld, decidesNext) ? 1 : 0;
      }
    }
    assertThat(unsafeWithoutJoint).as("without the joint one, they would not").isPositive();
  }

  @Test
  @DisplayName("§6 what may follow in a log never decides in two halves")
  void successors() {
    var peers = 3;
    var all = new ArrayList<>(simple(peers));
    for (var old : simple(peers)) {
      for (var next : simple(peers)) {
        all.add(new Configuration(next.voters(), old.voters(), next.learners()));
      }
    }
    var decisive = all.stream().map(configuration -> decisive(configuration, peers)).toList();
    for (var i = 0; i < all.size(); i++) {
      for (var j = 0; j < all.size(); j++) {
        if (all.get(j).mayFollow(all.get(i))
            && canDecideInHalves(decisive.get(i), decisive.get(j))) {
          throw new AssertionError(all.get(j) + " after " + all.get(i));
        }
      }
    }
  }

  @Test
  @DisplayName("every change either does what it says, by steps that may follow, or does nothing")
  void changes() {
    var peers = 4;
    var configurations = simple(peers);
    var changes = changes(peers);
    var accepted = 0;
    for (var before : configurations) {
      var copy = new Configuration(before.voters(), before.outgoing(), before.learners());
      for (var change : changes) {
        try {
          reaches(before, change, before.changedBy(change));
          assertThat(makesSense(before, change)).as("%s %s", before, change).isTrue();
          accepted++;
        } catch (ChangeRefused refused) {
          assertThat(makesSense(before, change)).as("%s %s", before, change).isFalse();
        }
      }
      assertThat(before).isEqualTo(copy);
    }
    assertThat(accepted).isPositive();
  }

  private static boolean makesSense(Configuration before, Change change) {
    var voters = new TreeSet<>(before.voters());
    voters.addAll(change.add());
    voters.removeAll(change.remove());
    voters.removeAll(change.learners());
    return !(change.add().isEmpty() && change.remove().isEmpty() && change.learners().isEmpty())
        && change.add().stream().noneMatch(before::isVoter)
        && change.learners().stream().noneMatch(before::isLearner)
        && change.remove().stream().allMatch(before::contains)
        && !voters.isEmpty();
  }

  private static void reaches(Configuration before, Change change, Configuration next) {
    assertThat(next.mayFollow(before)).isTrue();
    var after = next.isJoint() ? next.leaveJoint() : next;
    assertThat(next.isJoint()).isNotEqualTo(after.voters().equals(before.voters()));
    assertThat(after.mayFollow(next)).isTrue();
    for (var i = 0; i < 4; i++) {
      var peer = PeerId.of("p" + i);
      if (change.add().contains(peer)) {
        assertThat(after.isVoter(peer) && next.isVoter(peer)).isTrue();
      } else if (change.learners().contains(peer)) {
        assertThat(after.isLearner(peer)).isTrue();
      } else if (change.remove().contains(peer)) {
        assertThat(after.contains(peer)).isFalse();
      } else {
        assertThat(after.isVoter(peer)).isEqualTo(before.isVoter(peer));
        assertThat(after.isLearner(peer)).isEqualTo(before.isLearner(peer));
      }
    }
  }

  @Test
  @DisplayName("an index is matched exactly if those who have it are a majority")
  void matchedIsAMajority() {
    var peers = 3;
    for (var old : simple(peers)) {
      for (var next : simple(peers)) {
        var joint = new Configuration(next.voters(), old.voters(), next.learners());
        for (var number = 0; number < Math.pow(4, peers); number++) {
          var stored = number;
          var matched =
              joint.majorityMatch(
                  peer ->
                      LogIndex.of(digit(Integer.parseInt(peer.value().substring(1)), 4, stored)));
          assertThat(matched.value()).isEqualTo(highestOnAMajority(joint, stored, peers));
        }
      }
    }
  }

  private static long highestOnAMajority(Configuration configuration, int stored, int peers) {
    for (var index = 3; index > 0; index--) {
      var holders = new TreeSet<PeerId>();
      for (var digit = index; digit <= 3; digit++) {
        holders.addAll(where(digit, 4, stored, peers));
      }
      if (configuration.isMajority(holders)) {
        return index;
      }
    }
    return 0;
  }
}
