package io.pekkoraft.role;

import static io.pekkoraft.role.PeerUnderTest.P1;
import static io.pekkoraft.role.PeerUnderTest.P2;
import static io.pekkoraft.role.PeerUnderTest.P3;
import static io.pekkoraft.role.PeerUnderTest.append;
import static io.pekkoraft.role.PeerUnderTest.at;
import static io.pekkoraft.role.PeerUnderTest.given;
import static io.pekkoraft.role.PeerUnderTest.incarnationOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.pekkoraft.RaftException.ChangeRefused;
import io.pekkoraft.RaftException.NotLeader;
import io.pekkoraft.RaftException.OutcomeUnknown;
import io.pekkoraft.RaftStatus.Role;
import io.pekkoraft.model.LogIndex;
import io.pekkoraft.model.PeerId;
import io.pekkoraft.model.Term;
import io.pekkoraft.protocol.ClientMessage.TransferLeadership;
import io.pekkoraft.protocol.PeerMessage.AppendAccepted;
import io.pekkoraft.protocol.PeerMessage.RequestVote;
import io.pekkoraft.protocol.PeerMessage.TimeoutNow;
import java.time.Duration;
import java.util.Optional;
import org.apache.pekko.actor.testkit.typed.javadsl.TestInbox;
import org.apache.pekko.pattern.StatusReply;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Leadership transfer (thesis §3.10): it ends, on whichever way (trap 10). */
class TransferTest {
  private static AppendAccepted accepted(PeerId from, long matched) {
    return new AppendAccepted(
        from, Term.of(1), LogIndex.of(matched), Long.MAX_VALUE, incarnationOf(from));
  }

  private static TestInbox<StatusReply<PeerId>> transfer(PeerUnderTest leader, PeerId to) {
    var inbox = TestInbox.<StatusReply<PeerId>>create();
    leader.hears(new TransferLeadership(Optional.ofNullable(to), inbox.getRef()));
    return inbox;
  }

  @Test
  @DisplayName("a follower that has the whole log is told at once")
  void toldAtOnce() {
    var leader = given().leader();
    leader.hears(accepted(P2, 1));
    var reply = transfer(leader, P2);
    assertThat(leader.saidTo(P2, TimeoutNow.class)).hasSize(1);
    leader.hears(new RequestVote(P2, Term.of(2), at(1, 1), true));
    assertThat(leader.role()).isEqualTo(Role.FOLLOWER);
    assertThat(reply.receiveMessage().getValue()).isEqualTo(P2);
  }

  @Test
  @DisplayName("one that lags is told when it has caught up; no commands are taken meanwhile")
  void catchesUp() {
    var leader = given().leader();
    leader.hears(accepted(P3, 1));
    transfer(leader, P2);
    assertThat(leader.hearsProposal("x").receiveMessage().getError())
        .isInstanceOfSatisfying(
            NotLeader.class, refusal -> assertThat(refusal.leader()).contains(P2));
    assertThat(leader.said(TimeoutNow.class)).isEmpty();
    leader.hears(accepted(P2, 1));
    assertThat(leader.saidTo(P2, TimeoutNow.class)).hasSize(1);
  }

  @Test
  @DisplayName("one that takes too long is given up, and the leader goes on")
  void givenUp() {
    var leader = given().leader();
    leader.hears(accepted(P3, 1));
    var reply = transfer(leader, P2);
    leader.passes(Duration.ofMillis(301));
    leader.heartbeats();
    assertThat(reply.receiveMessage().getError())
        .isInstanceOfSatisfying(
            ChangeRefused.class,
            refusal -> assertThat(refusal.reason()).isEqualTo(ChangeRefused.Reason.TIMED_OUT));
    assertThat(leader.hearsProposal("x").hasMessages()).isFalse();
  }

  @Test
  @DisplayName("a leader that is deposed meanwhile says that it does not know")
  void deposed() {
    var leader = given().leader();
    leader.hears(accepted(P3, 1));
    var reply = transfer(leader, P2);
    leader.hears(append(2, P3, at(0, 0)));
    assertThat(reply.receiveMessage().getError()).isInstanceOf(OutcomeUnknown.class);
  }

  @Test
  @DisplayName("to nobody in particular goes to who has most of the log")
  void best() {
    var leader = given().leader();
    leader.hears(accepted(P3, 1), accepted(P2, 0));
    transfer(leader, null);
    assertThat(leader.saidTo(P3, TimeoutNow.class)).hasSize(1);
  }

  @Test
  @DisplayName("strangers, a second one, and itself")
  void refusals() {
    var leader = given().leader();
    assertThat(transfer(leader, PeerId.of("stranger")).receiveMessage().getError())
        .isInstanceOf(ChangeRefused.class);
    assertThat(transfer(leader, P1).receiveMessage().getValue()).isEqualTo(P1);
    transfer(leader, P2);
    assertThat(transfer(leader, P3).receiveMessage().getError())
        .isInstanceOfSatisfying(
            ChangeRefused.class,
            refusal -> assertThat(refusal.reason()).isEqualTo(ChangeRefused.Reason.UNDER_WAY));
    assertThat(transfer(given().follower(), P2).receiveMessage().getError())
        .isInstanceOf(NotLeader.class);
  }

  @Test
  @DisplayName("who is told stands for election at once, and says that its leader wants it")
  void takesOver() {
    var follower = given().inTerm(1).follower();
    follower.hears(append(1, P2, at(0, 0)));
    follower.forgetsWhatItSaid();
    follower.hears(new TimeoutNow(P2, Term.of(1)));
    assertThat(follower.role()).isEqualTo(Role.CANDIDATE);
    follower.says(P3, new RequestVote(P1, Term.of(2), at(0, 0), true));
  }

  @Test
  @DisplayName("an order of an older term is none")
  void lateOrder() {
    var follower = given().inTerm(3).follower();
    follower.hears(new TimeoutNow(P2, Term.of(2)));
    assertThat(follower.role()).isEqualTo(Role.FOLLOWER);
    assertThat(follower.term()).isEqualTo(Term.of(3));
  }
}
