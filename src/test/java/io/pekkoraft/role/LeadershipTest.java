package io.pekkoraft.role;

import static io.pekkoraft.role.PeerUnderTest.P2;
import static io.pekkoraft.role.PeerUnderTest.P3;
import static io.pekkoraft.role.PeerUnderTest.append;
import static io.pekkoraft.role.PeerUnderTest.at;
import static io.pekkoraft.role.PeerUnderTest.given;
import static io.pekkoraft.role.PeerUnderTest.incarnationOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.pekkoraft.RaftStatus.Role;
import io.pekkoraft.model.LogIndex;
import io.pekkoraft.model.PeerId;
import io.pekkoraft.model.Term;
import io.pekkoraft.protocol.ClientMessage.StepAside;
import io.pekkoraft.protocol.PeerMessage.AppendAccepted;
import io.pekkoraft.protocol.PeerMessage.RequestVote;
import io.pekkoraft.protocol.PeerMessage.TimeoutNow;
import io.pekkoraft.protocol.SelfMessage.ElectionTimeout;
import java.time.Duration;
import org.apache.pekko.Done;
import org.apache.pekko.actor.testkit.typed.javadsl.TestInbox;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Who should lead, and how a peer that is to be stopped makes ready for it. */
class LeadershipTest {
  private static final String PREFERS_P3 =
      "leadership { priorities { p3 = 2, p2 = 1 }, hand-back-after = 1s }";

  private static AppendAccepted accepted(PeerId from, long matched) {
    return new AppendAccepted(
        from, Term.of(1), LogIndex.of(matched), Long.MAX_VALUE, incarnationOf(from));
  }

  private static TestInbox<Done> stepsAside(PeerUnderTest peer, String... leaving) {
    var inbox = TestInbox.<Done>create();
    peer.hears(new StepAside(PeerId.setOf(leaving), inbox.getRef()));
    return inbox;
  }

  // To be stopped.

  @Test
  @DisplayName("whoever stands for election when it is to be stopped does not win any more")
  void candidateStepsAside() {
    var candidate = given().candidate();
    assertThat(stepsAside(candidate, "p1").hasMessages()).isTrue();
    candidate.wins();
    assertThat(candidate.role()).isEqualTo(Role.FOLLOWER);
    var before = given().preCandidate();
    stepsAside(before, "p1");
    before.wouldWin();
    assertThat(before.role()).isEqualTo(Role.FOLLOWER);
  }

  @Test
  @DisplayName("a leader that is to be stopped hands over, and says when it has")
  void leaderStepsAside() {
    var leader = given().leader();
    leader.hears(accepted(P2, 1), accepted(P3, 1));
    var ready = stepsAside(leader, "p1", "p3");
    assertThat(leader.saidTo(P2, TimeoutNow.class)).hasSize(1);
    assertThat(ready.hasMessages()).isFalse();
    leader.hears(new RequestVote(P2, Term.of(2), at(1, 1), true));
    assertThat(ready.hasMessages()).isTrue();
  }

  @Test
  @DisplayName("one that is stopped with all others has nobody to hand over to, and does not wait")
  void allStop() {
    var leader = given().leader();
    leader.hears(accepted(P2, 1), accepted(P3, 1));
    assertThat(stepsAside(leader, "p1", "p2", "p3").hasMessages()).isTrue();
    assertThat(leader.said(TimeoutNow.class)).isEmpty();
  }

  @Test
  @DisplayName("a successor that does not come is not waited for longer than an election takes")
  void noSuccessor() {
    var leader = given().leader();
    leader.hears(accepted(P2, 1));
    var ready = stepsAside(leader, "p1");
    leader.passes(Duration.ofMillis(301));
    leader.heartbeats();
    assertThat(ready.hasMessages()).isTrue();
    assertThat(leader.role()).isEqualTo(Role.LEADER);
  }

  @Test
  @DisplayName("the successor is told when all who proposed something have their answer")
  void nobodyLeftWaiting() {
    var leader = given().ofPeers(5).leader();
    leader.hears(accepted(P2, 1), accepted(P3, 1));
    var reply = leader.hearsProposal("x");
    stepsAside(leader, "p1", "p3", "p4", "p5");
    leader.hears(accepted(P2, 2));
    assertThat(leader.said(TimeoutNow.class)).isEmpty();
    leader.hears(accepted(P3, 2));
    assertThat(reply.hasMessages()).isTrue();
    assertThat(leader.saidTo(P2, TimeoutNow.class)).hasSize(1);
  }

  @Test
  @DisplayName("a follower that is to be stopped is ready at once, and takes no office meanwhile")
  void followerStepsAside() {
    var follower = given().inTerm(1).follower();
    follower.hears(append(1, P2, at(0, 0)));
    assertThat(stepsAside(follower, "p1").hasMessages()).isTrue();
    follower.hears(new TimeoutNow(P2, Term.of(1)));
    assertThat(follower.role()).isEqualTo(Role.FOLLOWER);
    follower.hearsNothing();
    assertThat(follower.role()).isEqualTo(Role.FOLLOWER);
  }

  @Test
  @DisplayName("one that was not stopped after all stands for election again")
  void notStopped() {
    var follower = given().inTerm(1).follower();
    stepsAside(follower, "p1");
    follower.passes(Duration.ofMillis(2001));
    follower.hears(new ElectionTimeout());
    assertThat(follower.role()).isEqualTo(Role.PRE_CANDIDATE);
  }

  // Priorities.

  @Test
  @DisplayName(
      "who should not lead waits until those who should have had their time, and no longer")
  void waitsForOthers() {
    var last = given().with(PREFERS_P3).follower();
    last.hearsNothing();
    assertThat(last.role()).isEqualTo(Role.FOLLOWER);
    last.passes(Duration.ofMillis(300));
    last.hears(new ElectionTimeout());
    assertThat(last.role()).isEqualTo(Role.PRE_CANDIDATE);
  }

  @Test
  @DisplayName("a leader hands back to who should lead and has kept up for a while")
  void handsBack() {
    var leader = leaderThatPrefersP3();
    for (var i = 0; i <= 10; i++) {
      assertThat(leader.said(TimeoutNow.class)).isEmpty();
      tick(leader, P2, P3);
    }
    assertThat(leader.saidTo(P3, TimeoutNow.class)).hasSize(1);
  }

  @Test
  @DisplayName("one that comes and goes is not handed to; its time begins anew")
  void notToOneThatComesAndGoes() {
    var leader = leaderThatPrefersP3();
    for (var i = 0; i < 40; i++) {
      tick(leader, i % 8 < 6 ? new PeerId[] {P2, P3} : new PeerId[] {P2});
    }
    assertThat(leader.said(TimeoutNow.class)).isEmpty();
  }

  @Test
  @DisplayName("nobody is handed to unless it is asked for")
  void handBackIsOff() {
    var leader = given().with("leadership.priorities.p3 = 1").leader();
    leader.hears(accepted(P2, 1), accepted(P3, 1));
    for (var i = 0; i < 100; i++) {
      tick(leader, P2, P3);
    }
    assertThat(leader.said(TimeoutNow.class)).isEmpty();
  }

  private static PeerUnderTest leaderThatPrefersP3() {
    var leader =
        given().with(PREFERS_P3 + "\nelection-timeout { min = 150ms, max = 151ms }").leader();
    leader.hears(accepted(P2, 1), accepted(P3, 1));
    return leader;
  }

  /** 100 ms pass, a heartbeat goes out, and {@code answering} answer it. */
  private static void tick(PeerUnderTest leader, PeerId... answering) {
    leader.passes(Duration.ofMillis(100));
    leader.heartbeats();
    for (var follower : answering) {
      leader.hears(accepted(follower, 1));
    }
  }
}
