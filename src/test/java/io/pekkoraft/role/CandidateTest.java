package io.pekkoraft.role;

import static io.pekkoraft.role.PeerUnderTest.P1;
import static io.pekkoraft.role.PeerUnderTest.P2;
import static io.pekkoraft.role.PeerUnderTest.P3;
import static io.pekkoraft.role.PeerUnderTest.P4;
import static io.pekkoraft.role.PeerUnderTest.append;
import static io.pekkoraft.role.PeerUnderTest.at;
import static io.pekkoraft.role.PeerUnderTest.entry;
import static io.pekkoraft.role.PeerUnderTest.given;
import static io.pekkoraft.role.PeerUnderTest.incarnationOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.pekkoraft.RaftException.NotLeader;
import io.pekkoraft.RaftStatus.Role;
import io.pekkoraft.model.LogIndex;
import io.pekkoraft.model.PeerId;
import io.pekkoraft.model.Term;
import io.pekkoraft.protocol.PeerMessage.AppendAccepted;
import io.pekkoraft.protocol.PeerMessage.PreVote;
import io.pekkoraft.protocol.PeerMessage.PreVoteReply;
import io.pekkoraft.protocol.PeerMessage.RequestVote;
import io.pekkoraft.protocol.PeerMessage.VoteReply;
import io.pekkoraft.storage.StoreEvent.TermStarted;
import io.pekkoraft.storage.StoreEvent.VoteCast;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class CandidateTest {
  @Nested
  @DisplayName("Pre-candidates (thesis §9.6)")
  class PreCandidates {
    @Test
    @DisplayName("ask all others, without a new term and without a vote")
    void asks() {
      var peer = given().inTerm(3).withEntriesOfTerms(2).follower();
      peer.hearsNothing();
      var request = new PreVote(P1, Term.of(3), at(2, 1));
      peer.says(P2, request);
      peer.says(P3, request);
      assertThat(peer.term()).isEqualTo(Term.of(3));
      assertThat(peer.written()).isEmpty();
    }

    @Test
    @DisplayName("a majority that would vote for it makes it a candidate in the next term")
    void becomesACandidate() {
      var peer = given().inTerm(3).preCandidate();
      peer.hears(new PreVoteReply(P2, Term.of(3), Term.of(3), true, incarnationOf(P2)));
      assertThat(peer.role()).isEqualTo(Role.CANDIDATE);
      assertThat(peer.term()).isEqualTo(Term.of(4));
    }

    @Test
    @DisplayName("a voter that is a term behind counts too")
    void countsAVoterBehind() {
      var peer = given().inTerm(3).preCandidate();
      peer.hears(new PreVoteReply(P2, Term.of(1), Term.of(3), true, incarnationOf(P2)));
      assertThat(peer.role()).isEqualTo(Role.CANDIDATE);
    }

    @Test
    @DisplayName(
        "neither a refusal, nor the same voter twice, nor an answer of an older term counts")
    void countsVotersOnce() {
      var peer = given().inTerm(3).ofPeers(5).preCandidate();
      peer.hears(new PreVoteReply(P2, Term.of(3), Term.of(3), true, incarnationOf(P2)));
      peer.hears(new PreVoteReply(P2, Term.of(3), Term.of(3), true, incarnationOf(P2)));
      peer.hears(new PreVoteReply(P3, Term.of(3), Term.of(2), true, incarnationOf(P3)));
      peer.hears(new PreVoteReply(P4, Term.of(3), Term.of(3), false, incarnationOf(P4)));
      assertThat(peer.role()).isEqualTo(Role.PRE_CANDIDATE);
    }

    @Test
    @DisplayName("a refusal from a newer term makes it a follower there")
    void learnsANewerTerm() {
      var peer = given().inTerm(3).preCandidate();
      peer.hears(new PreVoteReply(P2, Term.of(7), Term.of(3), false, incarnationOf(P2)));
      assertThat(peer.role()).isEqualTo(Role.FOLLOWER);
      assertThat(peer.term()).isEqualTo(Term.of(7));
    }

    @Test
    @DisplayName("a stranger's refusal, of whatever term, changes nothing")
    void strangersAreNotHeard() {
      var peer = given().inTerm(3).preCandidate();
      peer.hears(
          new PreVoteReply(
              PeerId.of("stranger"),
              Term.of(99),
              Term.of(3),
              false,
              incarnationOf(PeerId.of("stranger"))),
          new PreVoteReply(
              PeerId.of("stranger"),
              Term.of(3),
              Term.of(3),
              true,
              incarnationOf(PeerId.of("stranger"))));
      assertThat(peer.term()).isEqualTo(Term.of(3));
      assertThat(peer.role()).isEqualTo(Role.PRE_CANDIDATE);
    }

    @Test
    @DisplayName("trap 1: one that is cut off asks again and again and never raises its term")
    void neverRaisesTheTermAlone() {
      var peer = given().inTerm(3).preCandidate();
      for (var i = 0; i < 10; i++) {
        peer.hearsNothing();
      }
      assertThat(peer.role()).isEqualTo(Role.PRE_CANDIDATE);
      assertThat(peer.term()).isEqualTo(Term.of(3));
      assertThat(peer.said(PreVote.class)).hasSize(20);
    }

    @Test
    @DisplayName("the leader of the same term makes it a follower, which takes that very message")
    void followsALeader() {
      var peer = given().inTerm(3).preCandidate();
      peer.hears(append(3, P2, at(0, 0), entry(3, "x")));
      assertThat(peer.role()).isEqualTo(Role.FOLLOWER);
      peer.says(P2, new AppendAccepted(P1, Term.of(3), LogIndex.of(1), 0, incarnationOf(P1)));
    }

    @Test
    @DisplayName("it still has its vote of the term to give, and then waits for the outcome")
    void votesForAnother() {
      var peer = given().inTerm(3).preCandidate();
      peer.hears(new RequestVote(P2, Term.of(3), at(0, 0), false));
      peer.says(P2, new VoteReply(P1, Term.of(3), true, incarnationOf(P1)));
      assertThat(peer.role()).isEqualTo(Role.FOLLOWER);
      assertThat(peer.status().votedFor()).contains(P2);
    }

    @Test
    @DisplayName("trap 5: going to the ballot and back in one term keeps the vote")
    void keepsItsVote() {
      var peer = given().inTerm(3).havingVotedFor(P3).preCandidate();
      peer.hears(append(3, P3, at(0, 0)));
      assertThat(peer.role()).isEqualTo(Role.FOLLOWER);
      peer.hears(new RequestVote(P2, Term.of(3), at(9, 9), false));
      peer.says(P2, new VoteReply(P1, Term.of(3), false, incarnationOf(P1)));
    }
  }

  @Nested
  @DisplayName("Candidates (Figure 2, §5.2)")
  class Candidates {
    @Test
    @DisplayName("start a term, vote for themselves, and ask all others, once that is on disk")
    void asks() {
      var peer = given().inTerm(3).withEntriesOfTerms(2).preCandidate();
      peer.diskHangs();
      peer.wouldWin();
      peer.saysNothing();
      peer.diskRecovers();
      assertThat(peer.written()).containsExactly(new VoteCast(Term.of(4), P1));
      var request = new RequestVote(P1, Term.of(4), at(2, 1), false);
      peer.says(P2, request);
      peer.says(P3, request);
    }

    @Test
    @DisplayName("votes of a majority make a leader")
    void wins() {
      var peer = given().inTerm(3).candidate();
      peer.hears(new VoteReply(P2, Term.of(4), true, incarnationOf(P2)));
      assertThat(peer.role()).isEqualTo(Role.LEADER);
    }

    @Test
    @DisplayName("trap 6: the same vote twice, a refusal and a vote of an older term don't")
    void countsVotersOnce() {
      var peer = given().inTerm(3).ofPeers(5).candidate();
      peer.hears(new VoteReply(P2, Term.of(4), true, incarnationOf(P2)));
      peer.hears(new VoteReply(P2, Term.of(4), true, incarnationOf(P2)));
      peer.hears(new VoteReply(P3, Term.of(4), false, incarnationOf(P3)));
      peer.hears(new VoteReply(P4, Term.of(3), true, incarnationOf(P4)));
      assertThat(peer.role()).isEqualTo(Role.CANDIDATE);
    }

    @Test
    @DisplayName("trap 16: its own vote counts when it is on disk")
    void ownVoteWaitsForTheDisk() {
      var peer = given().inTerm(3).preCandidate();
      peer.diskHangs();
      peer.wouldWin();
      peer.hears(new VoteReply(P2, Term.of(4), true, incarnationOf(P2)));
      assertThat(peer.role()).isEqualTo(Role.CANDIDATE);
      peer.diskRecovers();
      assertThat(peer.role()).isEqualTo(Role.LEADER);
    }

    @Test
    @DisplayName("a leader of the same term makes it a follower, its own vote stays given")
    void followsALeader() {
      var peer = given().inTerm(3).candidate();
      peer.hears(append(4, P2, at(0, 0), entry(4, "x")));
      assertThat(peer.role()).isEqualTo(Role.FOLLOWER);
      peer.says(P2, new AppendAccepted(P1, Term.of(4), LogIndex.of(1), 0, incarnationOf(P1)));
      peer.hears(new RequestVote(P3, Term.of(4), at(9, 9), false));
      peer.says(P3, new VoteReply(P1, Term.of(4), false, incarnationOf(P1)));
    }

    @Test
    @DisplayName("a newer term makes it a follower, which answers that very message")
    void stepsDown() {
      var peer = given().inTerm(3).candidate();
      peer.hears(new RequestVote(P2, Term.of(9), at(0, 0), false));
      assertThat(peer.role()).isEqualTo(Role.FOLLOWER);
      assertThat(peer.written()).containsExactly(new VoteCast(Term.of(9), P2));
      peer.says(P2, new VoteReply(P1, Term.of(9), true, incarnationOf(P1)));
    }

    @Test
    @DisplayName("a newer term in an answer makes it a follower")
    void stepsDownOnAnAnswer() {
      var peer = given().inTerm(3).candidate();
      peer.hears(new VoteReply(P2, Term.of(9), false, incarnationOf(P2)));
      assertThat(peer.role()).isEqualTo(Role.FOLLOWER);
      assertThat(peer.written()).containsExactly(new TermStarted(Term.of(9)));
    }

    @Test
    @DisplayName("time runs out: it asks again whether it could win, in the same term")
    void splitVote() {
      var peer = given().inTerm(3).candidate();
      peer.hearsNothing();
      assertThat(peer.role()).isEqualTo(Role.PRE_CANDIDATE);
      assertThat(peer.term()).isEqualTo(Term.of(4));
    }

    @Test
    @DisplayName("with a disk that hangs it does not stand again: its votes would only pile up")
    void hangingDisk() {
      var peer = given().inTerm(3).preCandidate();
      peer.diskHangs();
      peer.wouldWin();
      for (var i = 0; i < 10; i++) {
        peer.hearsNothing();
      }
      assertThat(peer.term()).isEqualTo(Term.of(4));
      peer.saysNothing();
      peer.diskRecovers();
      peer.hearsNothing();
      assertThat(peer.role()).isEqualTo(Role.PRE_CANDIDATE);
    }

    @Test
    @DisplayName("has no leader to name to a client")
    void refusesClients() {
      var peer = given().candidate();
      assertThat(peer.hearsProposal("x").receiveMessage().getError()).isInstanceOf(NotLeader.class);
    }

    @Test
    @DisplayName("a group of one elects its only peer, once its vote is on disk")
    void groupOfOne() {
      var peer = given().ofPeers(1).follower();
      peer.diskHangs();
      peer.hearsNothing();
      assertThat(peer.role()).isEqualTo(Role.CANDIDATE);
      peer.diskRecovers();
      assertThat(peer.role()).isEqualTo(Role.LEADER);
      assertThat(peer.commitIndex()).isEqualTo(1);
      var reply = peer.hearsProposal("x");
      assertThat(reply.receiveMessage().getValue()).isEqualTo("x");
    }
  }
}
