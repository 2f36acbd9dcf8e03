package io.pekkoraft.role;

import static io.pekkoraft.role.PeerUnderTest.P1;
import static io.pekkoraft.role.PeerUnderTest.P2;
import static io.pekkoraft.role.PeerUnderTest.P3;
import static io.pekkoraft.role.PeerUnderTest.append;
import static io.pekkoraft.role.PeerUnderTest.at;
import static io.pekkoraft.role.PeerUnderTest.given;
import static io.pekkoraft.role.PeerUnderTest.incarnationOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.pekkoraft.RaftEvent;
import io.pekkoraft.RaftException.NotLeader;
import io.pekkoraft.RaftStatus.Role;
import io.pekkoraft.ReadConsistency;
import io.pekkoraft.membership.Configuration;
import io.pekkoraft.membership.ConfigurationFormat;
import io.pekkoraft.model.Entry;
import io.pekkoraft.model.Incarnation;
import io.pekkoraft.model.LogIndex;
import io.pekkoraft.model.PeerId;
import io.pekkoraft.model.Term;
import io.pekkoraft.protocol.PeerMessage.AppendAccepted;
import io.pekkoraft.protocol.PeerMessage.Disowned;
import io.pekkoraft.protocol.PeerMessage.PreVote;
import io.pekkoraft.protocol.PeerMessage.PreVoteReply;
import io.pekkoraft.protocol.PeerMessage.RequestVote;
import io.pekkoraft.protocol.PeerMessage.VoteReply;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Trap 27: a peer that has lost its disk is not the peer that has promised something. */
class IncarnationTest {
  private static final Incarnation ANOTHER = Incarnation.of(99);

  private static AppendAccepted accepted(PeerId from, long matched, Incarnation incarnation) {
    return new AppendAccepted(from, Term.of(1), LogIndex.of(matched), Long.MAX_VALUE, incarnation);
  }

  private static Disowned disowned(long version) {
    return new Disowned(P2, Term.of(1), LogIndex.of(version), incarnationOf(P1));
  }

  @Test
  @DisplayName("trap 27: an answer of another life counts for nothing, and its sender is told")
  void anotherLife() {
    var leader = given().leader();
    leader.hears(accepted(P2, 1, ANOTHER));
    assertThat(leader.commitIndex()).isZero();
    leader.says(P2, new Disowned(P1, Term.of(1), LogIndex.ZERO, ANOTHER));
    leader.hears(accepted(P2, 1, incarnationOf(P2)));
    assertThat(leader.commitIndex()).isEqualTo(1);
  }

  @Test
  @DisplayName("trap 27: nor does a vote, nor the newer term that it comes in")
  void vote() {
    var candidate = given().candidate();
    candidate.hears(new VoteReply(P2, Term.of(1), true, ANOTHER));
    assertThat(candidate.role()).isEqualTo(Role.CANDIDATE);
    candidate.hears(new VoteReply(P2, Term.of(9), false, ANOTHER));
    assertThat(candidate.term()).isEqualTo(Term.of(1));
    var preCandidate = given().inTerm(1).preCandidate();
    preCandidate.hears(new PreVoteReply(P2, Term.of(1), Term.of(1), true, ANOTHER));
    assertThat(preCandidate.role()).isEqualTo(Role.PRE_CANDIDATE);
  }

  @Test
  @DisplayName("a leader of a new group names in the log as whom it has met the founders")
  void names() {
    var leader = given().amongStrangers().leader();
    leader.hears(accepted(P2, 1, incarnationOf(P2)));
    assertThat(leader.lastIndex()).isEqualTo(2);
    leader.hears(accepted(P3, 1, incarnationOf(P3)));
    leader.hears(accepted(P2, 2, incarnationOf(P2)));
    var named = leader.status().configuration();
    assertThat(named.version()).isEqualTo(LogIndex.of(3));
    assertThat(named.configuration().met())
        .isEqualTo(Map.of(P1, incarnationOf(P1), P2, incarnationOf(P2), P3, incarnationOf(P3)));
  }

  @Test
  @DisplayName("whom a leader has met, it takes for no other, also before the log says so")
  void metIsMet() {
    var leader = given().amongStrangers().leader();
    leader.hears(accepted(P2, 0, incarnationOf(P2)));
    leader.hears(accepted(P2, 1, ANOTHER));
    assertThat(leader.commitIndex()).isZero();
  }

  @Test
  @DisplayName(
      "trap 27: whoever is told that it lost its disk neither votes nor stands, and says so")
  void told() {
    var follower = given().inTerm(1).follower();
    follower.hears(disowned(2));
    assertThat(follower.status().disowned()).isTrue();
    assertThat(follower.events()).anyMatch(RaftEvent.Disowned.class::isInstance);
    follower.hears(new RequestVote(P3, Term.of(2), at(0, 0), false));
    assertThat(follower.saidTo(P3, VoteReply.class).get(0).granted()).isFalse();
    follower.hears(new PreVote(P3, Term.of(2), at(0, 0)));
    assertThat(follower.saidTo(P3, PreVoteReply.class).get(0).granted()).isFalse();
    follower.forgetsWhatItSaid();
    follower.hearsNothing();
    follower.saysNothing();
  }

  @Test
  @DisplayName("a leader and a candidate that are told give up")
  void givesUp() {
    var leader = given().leader();
    leader.hears(disowned(2));
    assertThat(leader.role()).isEqualTo(Role.FOLLOWER);
    var candidate = given().candidate();
    candidate.hears(disowned(2));
    assertThat(candidate.role()).isEqualTo(Role.FOLLOWER);
  }

  @Test
  @DisplayName(
      "what is said of another incarnation, or by an older configuration, is nothing to it")
  void notMeant() {
    var follower = given().inTerm(1).follower();
    follower.hears(new Disowned(P2, Term.of(1), LogIndex.of(2), ANOTHER), disowned(0));
    assertThat(follower.status().disowned()).isFalse();
  }

  @Test
  @DisplayName("it knows from its log, too; and it is one of them again when it was added anew")
  void addedAnew() {
    var voters = Configuration.of(List.of(P1, P2, P3));
    var asAnother = voters.having(Map.of(P1, ANOTHER));
    var joint =
        new Configuration(
            PeerId.setOf("p2", "p3"), voters.voters(), PeerId.setOf(), asAnother.met());
    var without = joint.leaveJoint();
    var asLearner =
        new Configuration(without.voters(), PeerId.setOf(), PeerId.setOf("p1"), without.met());
    var follower = given().inTerm(1).amongStrangers().follower();
    follower.hears(append(1, P2, at(0, 0), entry(asAnother)));
    assertThat(follower.status().disowned()).isTrue();
    follower.hears(append(1, P2, at(1, 1), entry(joint), entry(without), entry(asLearner)));
    assertThat(follower.status().disowned()).isFalse();
  }

  @Test
  @DisplayName("a configuration of a leader that was deposed does not know better than who leads")
  void deposed() {
    var voters = Configuration.of(List.of(P1, P2, P3));
    var follower = given().inTerm(1).amongStrangers().follower();
    follower.hears(append(1, P2, at(0, 0), entry(voters), entry(voters)));
    var byLeader = new Disowned(P3, Term.of(2), LogIndex.of(1), incarnationOf(P1));
    follower.hears(byLeader);
    assertThat(follower.status().disowned()).isFalse();
    follower.hears(append(2, P3, at(1, 1)), byLeader);
    assertThat(follower.status().disowned()).isTrue();
    var again = Entry.configuration(Term.of(2), ConfigurationFormat.encode(voters));
    follower.hears(append(2, P3, at(1, 1), again));
    assertThat(follower.status().disowned()).isFalse();
    follower.hears(byLeader);
    assertThat(follower.status().disowned()).isFalse();
  }

  private static Entry entry(Configuration configuration) {
    return Entry.configuration(Term.of(1), ConfigurationFormat.encode(configuration));
  }

  @Test
  @DisplayName("whoever gets no log any more leaves no read waiting for it")
  void reads() {
    var follower = given().inTerm(1).follower();
    follower.hears(append(1, P2, at(0, 0)));
    var waiting = follower.hearsRead("?", ReadConsistency.follower());
    follower.hears(disowned(2));
    assertThat(waiting.receiveMessage().getError()).isInstanceOf(NotLeader.class);
    var late = follower.hearsRead("?", ReadConsistency.follower());
    assertThat(late.receiveMessage().getError()).isInstanceOf(NotLeader.class);
  }
}
