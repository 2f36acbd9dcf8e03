package io.pekkoraft.role;

import static io.pekkoraft.role.PeerUnderTest.P1;
import static io.pekkoraft.role.PeerUnderTest.P2;
import static io.pekkoraft.role.PeerUnderTest.P3;
import static io.pekkoraft.role.PeerUnderTest.append;
import static io.pekkoraft.role.PeerUnderTest.at;
import static io.pekkoraft.role.PeerUnderTest.given;
import static org.assertj.core.api.Assertions.assertThat;

import io.pekkoraft.RaftEvent;
import io.pekkoraft.RaftEvent.DiskBack;
import io.pekkoraft.RaftEvent.DiskHangs;
import io.pekkoraft.RaftEvent.ProposalsRefused;
import io.pekkoraft.RaftEvent.QuorumLost;
import io.pekkoraft.RaftEvent.QuorumRegained;
import io.pekkoraft.RaftEvent.RoleChanged;
import io.pekkoraft.RaftEvent.TransferBegan;
import io.pekkoraft.RaftEvent.TransferBegan.Cause;
import io.pekkoraft.RaftEvent.TransferEnded;
import io.pekkoraft.RaftEvent.TransferEnded.Outcome;
import io.pekkoraft.RaftStatus.Role;
import io.pekkoraft.model.LogIndex;
import io.pekkoraft.model.PeerId;
import io.pekkoraft.model.Term;
import io.pekkoraft.protocol.ClientMessage.TransferLeadership;
import io.pekkoraft.protocol.PeerMessage.AppendAccepted;
import io.pekkoraft.protocol.PeerMessage.RequestVote;
import io.pekkoraft.protocol.PeerMessage.TimeoutNow;
import io.pekkoraft.protocol.SelfMessage.ElectionTimeout;
import io.pekkoraft.protocol.SelfMessage.LookAtDisk;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apache.pekko.actor.testkit.typed.javadsl.TestInbox;
import org.apache.pekko.pattern.StatusReply;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What a peer tells to whoever listens, and what it does when its disk hangs (trap 33). */
class EventsTest {
  private static final Term TERM = Term.of(1);

  private static AppendAccepted accepted(PeerId from, long matched) {
    return new AppendAccepted(
        from, TERM, LogIndex.of(matched), Long.MAX_VALUE, PeerUnderTest.incarnationOf(from));
  }

  private static <E extends RaftEvent> List<E> told(PeerUnderTest peer, Class<E> type) {
    return peer.events().stream().filter(type::isInstance).map(type::cast).toList();
  }

  private static void diskHangsFor(PeerUnderTest peer, Duration duration) {
    peer.passes(duration);
    peer.hears(new LookAtDisk());
  }

  @Test
  @DisplayName("a role is told when it begins, and not again each time that nobody answers")
  void rolesOnce() {
    var alone = given().follower();
    for (var i = 0; i < 3; i++) {
      alone.hearsNothing();
    }
    assertThat(alone.role()).isEqualTo(Role.PRE_CANDIDATE);
    assertThat(told(alone, RoleChanged.class))
        .extracting(RoleChanged::role)
        .containsExactly(Role.FOLLOWER, Role.PRE_CANDIDATE);
  }

  @Test
  @DisplayName("a transfer is told when it begins and when it ends")
  void transfer() {
    var leader = given().leader();
    leader.hears(accepted(P2, 1));
    leader.hears(
        new TransferLeadership(Optional.of(P2), TestInbox.<StatusReply<PeerId>>create().getRef()));
    assertThat(told(leader, TransferBegan.class))
        .containsExactly(new TransferBegan("group", P1, TERM, P2, Cause.ASKED));
    leader.hears(new RequestVote(P2, Term.of(2), at(1, 1), true));
    assertThat(told(leader, TransferEnded.class))
        .extracting(TransferEnded::outcome)
        .containsExactly(Outcome.LEFT);
  }

  @Test
  @DisplayName("so is a quorum that is lost, with those who are silent, and a leader found again")
  void quorum() {
    var leader = given().leader();
    leader.hears(accepted(P2, 1), accepted(P3, 1));
    for (var i = 0; i < 2; i++) {
      leader.passes(Duration.ofMillis(301));
      leader.heartbeats();
    }
    assertThat(leader.role()).isEqualTo(Role.FOLLOWER);
    assertThat(told(leader, QuorumLost.class))
        .extracting(QuorumLost::silent)
        .containsExactly(PeerId.setOf("p2", "p3"));
    leader.hears(append(2, P3, at(1, 1)));
    assertThat(told(leader, QuorumRegained.class))
        .extracting(QuorumRegained::leader)
        .containsExactly(P3);
    leader.hears(append(3, P2, at(1, 1)));
    assertThat(told(leader, QuorumRegained.class)).hasSize(1);
  }

  @Test
  @DisplayName("of a flood of refusals, the first is told at once, the others with the next")
  void refusals() {
    var leader = given().with("proposals.max-pending = 1").leader();
    for (var i = 0; i < 6; i++) {
      leader.hearsProposal("x");
    }
    leader.passes(Duration.ofSeconds(1));
    leader.hearsProposal("x");
    assertThat(told(leader, ProposalsRefused.class))
        .extracting(ProposalsRefused::count)
        .containsExactly(1L, 5L);
    assertThat(told(leader, ProposalsRefused.class))
        .allMatch(refused -> refused.reason() == ProposalsRefused.Reason.OVERLOADED);
  }

  // A disk that hangs.

  @Test
  @DisplayName("a leader whose disk hangs says so, and hands over")
  void leaderHandsOver() {
    var leader = given().leader();
    leader.hears(accepted(P2, 1), accepted(P3, 1));
    leader.diskHangs();
    leader.hearsProposal("x");
    diskHangsFor(leader, Duration.ofMillis(600));
    assertThat(told(leader, DiskHangs.class)).isEmpty();
    diskHangsFor(leader, Duration.ofMillis(400));
    assertThat(told(leader, DiskHangs.class)).hasSize(1);
    leader.hears(accepted(P2, 2), accepted(P3, 2));
    assertThat(leader.said(TimeoutNow.class)).hasSize(1);
    leader.hears(new RequestVote(P2, Term.of(2), at(1, 2), true));
    leader.diskRecovers();
    assertThat(told(leader, DiskBack.class))
        .extracting(DiskBack::after)
        .containsExactly(Duration.ofSeconds(1));
  }

  @Test
  @DisplayName("if nobody takes over, it leaves all the same")
  void leaderLeaves() {
    var leader = given().leader();
    leader.hears(accepted(P2, 1), accepted(P3, 1));
    leader.diskHangs();
    leader.hearsProposal("x");
    diskHangsFor(leader, Duration.ofSeconds(1));
    leader.hears(accepted(P2, 1), accepted(P3, 1));
    leader.passes(Duration.ofMillis(301));
    leader.hears(accepted(P2, 1), accepted(P3, 1));
    leader.heartbeats();
    assertThat(leader.role()).isEqualTo(Role.FOLLOWER);
  }

  @Test
  @DisplayName("whoever has a disk that hangs takes no office until it is back")
  void standsForNoElection() {
    var peer = given().inTerm(1).follower();
    peer.hears(append(1, P2, at(0, 0)));
    peer.diskHangs();
    peer.hears(append(1, P2, at(0, 0), PeerUnderTest.entry(1, "x")));
    diskHangsFor(peer, Duration.ofSeconds(1));
    peer.hearsNothing();
    assertThat(peer.role()).isEqualTo(Role.FOLLOWER);
    peer.hears(new TimeoutNow(P2, TERM));
    assertThat(peer.role()).isEqualTo(Role.FOLLOWER);
    peer.diskRecovers();
    peer.passes(Duration.ofMillis(301));
    peer.hears(new ElectionTimeout());
    assertThat(peer.role()).isEqualTo(Role.PRE_CANDIDATE);
  }

  @Test
  @DisplayName("a disk that is slow, but not for too long, is nobody's concern")
  void slowDisk() {
    var leader = given().leader();
    leader.diskHangs();
    leader.hearsProposal("x");
    diskHangsFor(leader, Duration.ofMillis(999));
    leader.diskRecovers();
    diskHangsFor(leader, Duration.ofMillis(999));
    assertThat(told(leader, DiskHangs.class)).isEmpty();
  }
}
