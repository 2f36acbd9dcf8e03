package io.pekkoraft.role;

import static io.pekkoraft.role.PeerUnderTest.P1;
import static io.pekkoraft.role.PeerUnderTest.P2;
import static io.pekkoraft.role.PeerUnderTest.P3;
import static io.pekkoraft.role.PeerUnderTest.append;
import static io.pekkoraft.role.PeerUnderTest.at;
import static io.pekkoraft.role.PeerUnderTest.entry;
import static io.pekkoraft.role.PeerUnderTest.given;
import static io.pekkoraft.role.PeerUnderTest.incarnationOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pekkoraft.RaftException.NotLeader;
import io.pekkoraft.RaftStatus;
import io.pekkoraft.model.Batch;
import io.pekkoraft.model.Entry;
import io.pekkoraft.model.LogIndex;
import io.pekkoraft.model.LogPosition;
import io.pekkoraft.model.PeerId;
import io.pekkoraft.model.SafetyViolation;
import io.pekkoraft.model.Term;
import io.pekkoraft.protocol.PeerMessage.AppendAccepted;
import io.pekkoraft.protocol.PeerMessage.AppendEntries;
import io.pekkoraft.protocol.PeerMessage.AppendRejected;
import io.pekkoraft.protocol.PeerMessage.PreVote;
import io.pekkoraft.protocol.PeerMessage.PreVoteReply;
import io.pekkoraft.protocol.PeerMessage.RequestVote;
import io.pekkoraft.protocol.PeerMessage.VoteReply;
import io.pekkoraft.protocol.SelfMessage.ElectionTimeout;
import io.pekkoraft.storage.StoreEvent.EntriesAppended;
import io.pekkoraft.storage.StoreEvent.LogTruncated;
import io.pekkoraft.storage.StoreEvent.TermStarted;
import io.pekkoraft.storage.StoreEvent.VoteCast;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class FollowerTest {
  private static RequestVote requestVote(PeerId from, long term, LogPosition last) {
    return new RequestVote(from, Term.of(term), last, false);
  }

  private static VoteReply vote(long term) {
    return new VoteReply(P1, Term.of(term), true, incarnationOf(P1));
  }

  private static VoteReply refusal(long term) {
    return new VoteReply(P1, Term.of(term), false, incarnationOf(P1));
  }

  private static AppendAccepted accepted(long term, long matched) {
    return new AppendAccepted(P1, Term.of(term), LogIndex.of(matched), 0, incarnationOf(P1));
  }

  private static AppendRejected rejected(long term, long previous, LogPosition hint) {
    return new AppendRejected(P1, Term.of(term), LogIndex.of(previous), hint, 0, incarnationOf(P1));
  }

  @Nested
  @DisplayName("RequestVote RPC, receiver (Figure 2)")
  class Votes {
    @Test
    @DisplayName("1. an older term is refused, with the newer one")
    void refusesAnOlderTerm() {
      var voter = given().inTerm(3).follower();
      voter.hears(requestVote(P2, 2, at(2, 9)));
      voter.says(P2, refusal(3));
      assertThat(voter.written()).isEmpty();
    }

    @Test
    @DisplayName("2. a free vote goes to a candidate whose log is at least as up to date")
    void grantsAFreeVote() {
      var voter = given().inTerm(3).withEntriesOfTerms(1, 2).follower();
      voter.hears(requestVote(P2, 3, at(2, 2)));
      voter.says(P2, vote(3));
      assertThat(voter.written()).containsExactly(new VoteCast(Term.of(3), P2));
    }

    @Test
    @DisplayName("§5.2 one vote a term, first come first served, the same answer if asked again")
    void votesOnce() {
      var voter = given().inTerm(3).follower();
      voter.hears(requestVote(P2, 3, at(0, 0)), requestVote(P3, 3, at(0, 0)));
      voter.says(P2, vote(3));
      voter.says(P3, refusal(3));
      voter.hears(requestVote(P2, 3, at(0, 0)));
      voter.says(P2, vote(3));
    }

    @Test
    @DisplayName("§5.2 the vote of before a restart still holds")
    void rememberedVoteHolds() {
      var voter = given().inTerm(3).havingVotedFor(P3).follower();
      voter.hears(requestVote(P2, 3, at(9, 9)));
      voter.says(P2, refusal(3));
    }

    @Test
    @DisplayName("§5.4.1 a voter refuses a log that ends in an older term, however long")
    void refusesAnOlderLog() {
      var voter = given().inTerm(3).withEntriesOfTerms(1, 1, 2).follower();
      voter.hears(requestVote(P2, 4, at(1, 9)));
      voter.says(P2, refusal(4));
      assertThat(voter.written()).containsExactly(new TermStarted(Term.of(4)));
    }

    @Test
    @DisplayName("§5.4.1 between equal last terms a voter refuses the shorter log")
    void refusesAShorterLog() {
      var voter = given().inTerm(3).withEntriesOfTerms(1, 1, 2).follower();
      voter.hears(requestVote(P2, 4, at(2, 2)));
      voter.says(P2, refusal(4));
    }

    @Test
    @DisplayName("§5.4.1 a later last term wins over a longer log")
    void grantsALaterLog() {
      var voter = given().inTerm(3).withEntriesOfTerms(1, 1, 2).follower();
      voter.hears(requestVote(P2, 4, at(3, 1)));
      voter.says(P2, vote(4));
      assertThat(voter.written()).containsExactly(new VoteCast(Term.of(4), P2));
    }

    @Test
    @DisplayName("a vote leaves when it is on disk, and not before")
    void voteWaitsForTheDisk() {
      var voter = given().inTerm(3).follower();
      voter.diskHangs();
      voter.hears(requestVote(P2, 4, at(0, 0)));
      voter.saysNothing();
      voter.diskRecovers();
      voter.says(P2, vote(4));
    }

    @Test
    @DisplayName("to vote is to wait for the outcome: the time-out begins anew")
    void votingRestartsTheTimer() {
      var voter = given().inTerm(3).follower();
      voter.passes(Duration.ofMillis(149));
      voter.hears(requestVote(P2, 4, at(0, 0)));
      voter.passes(Duration.ofMillis(149));
      voter.hears(new ElectionTimeout());
      assertThat(voter.role()).isEqualTo(RaftStatus.Role.FOLLOWER);
    }

    @Test
    @DisplayName("to refuse, even in a newer term, is no reason to wait longer")
    void refusingDoesNotRestartTheTimer() {
      var voter = given().inTerm(3).withEntriesOfTerms(3).follower();
      voter.passes(Duration.ofMillis(301));
      voter.hears(requestVote(P2, 4, at(1, 1)));
      voter.hears(new ElectionTimeout());
      assertThat(voter.role()).isEqualTo(RaftStatus.Role.PRE_CANDIDATE);
    }
  }

  @Nested
  @DisplayName("AppendEntries RPC, receiver (Figure 2)")
  class Appends {
    @Test
    @DisplayName("1. an older term is rejected, with the newer one")
    void rejectsAnOlderTerm() {
      var follower = given().inTerm(3).withEntriesOfTerms(1).follower();
      follower.hears(append(2, P2, at(1, 1), entry(2, "x")));
      follower.says(P2, rejected(3, 1, at(1, 1)));
      assertThat(follower.lastIndex()).isEqualTo(1);
      assertThat(follower.status().leader()).isEmpty();
    }

    @Test
    @DisplayName("2. a log that is too short is said to be so")
    void rejectsAGap() {
      var follower = given().inTerm(1).withEntriesOfTerms(1, 1).follower();
      follower.hears(append(1, P2, at(1, 5), entry(1, "x")));
      follower.says(P2, rejected(1, 5, at(1, 2)));
      assertThat(follower.lastIndex()).isEqualTo(2);
    }

    @Test
    @DisplayName("2. another term at the previous index is rejected; the hint skips that term")
    void rejectsAnotherTerm() {
      var follower = given().inTerm(4).withEntriesOfTerms(1, 1, 3, 3, 3).follower();
      follower.hears(append(4, P2, at(2, 5), entry(4, "x")));
      follower.says(P2, rejected(4, 5, at(1, 2)));
      assertThat(follower.lastIndex()).isEqualTo(5);
    }

    @Test
    @DisplayName("3. a conflicting entry goes, with all that follow it")
    void removesAConflict() {
      var follower = given().inTerm(4).withEntriesOfTerms(1, 2, 2, 2).follower();
      follower.hears(append(4, P2, at(1, 1), entry(3, "x")));
      follower.says(P2, accepted(4, 2));
      assertThat(follower.lastIndex()).isEqualTo(2);
      assertThat(follower.written())
          .containsExactly(
              new LogTruncated(LogIndex.of(2)),
              new EntriesAppended(LogIndex.of(2), Batch.of(entry(3, "x"))));
    }

    @Test
    @DisplayName("3. an old, shorter message removes nothing")
    void keepsWhatAgrees() {
      var follower = given().inTerm(1).withEntriesOfTerms(1, 1, 1).follower();
      follower.hears(append(1, P2, at(0, 0), entry(1, "c1")));
      follower.says(P2, accepted(1, 1));
      assertThat(follower.lastIndex()).isEqualTo(3);
      assertThat(follower.written()).isEmpty();
    }

    @Test
    @DisplayName("4. only entries that are not there yet are appended, a batch in one event")
    void appendsWhatIsNew() {
      var follower = given().inTerm(1).withEntriesOfTerms(1, 1).follower();
      follower.hears(append(1, P2, at(1, 1), entry(1, "c2"), entry(1, "c3"), entry(1, "c4")));
      follower.says(P2, accepted(1, 4));
      assertThat(follower.written())
          .containsExactly(
              new EntriesAppended(LogIndex.of(3), Batch.of(entry(1, "c3"), entry(1, "c4"))));
    }

    @Test
    @DisplayName("5. commits as far as the leader has, but no further than this message proves")
    void commitsWhatIsProven() {
      var follower = given().inTerm(4).withEntriesOfTerms(1, 2, 2, 2).follower();
      follower.hears(append(4, P2, at(1, 1), 9));
      assertThat(follower.commitIndex()).isEqualTo(1);
      follower.says(P2, accepted(4, 1));
    }

    @Test
    @DisplayName("trap 14: acknowledges what the message proved, not its own stale tail")
    void acknowledgesWhatIsProven() {
      var follower = given().inTerm(2).withEntriesOfTerms(1, 1, 1, 1).follower();
      follower.hears(append(2, P2, at(1, 2)));
      follower.says(P2, accepted(2, 2));
    }

    @Test
    @DisplayName("an acknowledgement leaves when the entries are on disk, and not before")
    void acknowledgementWaitsForTheDisk() {
      var follower = given().inTerm(1).follower();
      follower.diskHangs();
      follower.hears(append(1, P2, at(0, 0), entry(1, "x")));
      follower.hears(append(1, P2, at(1, 1), entry(1, "y")));
      follower.saysNothing();
      assertThat(follower.lastIndex()).isEqualTo(2);
      follower.diskRecovers();
      follower.says(P2, accepted(1, 1), accepted(1, 2));
    }

    @Test
    @DisplayName("a rejection promises nothing, and does not wait for the disk")
    void rejectionsDoNotWait() {
      var follower = given().inTerm(1).follower();
      follower.diskHangs();
      follower.hears(append(1, P2, at(0, 0), entry(1, "x")));
      follower.hears(append(1, P2, at(1, 5)));
      follower.says(P2, rejected(1, 5, at(1, 1)));
    }

    private AppendEntries inRound(long round, LogPosition previous, Entry... entries) {
      return new AppendEntries(
          P2, Term.of(1), previous, Batch.pack(List.of(entries)), LogIndex.ZERO, round);
    }

    @Test
    @DisplayName("an answer carries back the round that it answers")
    void rounds() {
      var follower = given().inTerm(1).follower();
      follower.hears(inRound(7, at(0, 0), entry(1, "x")), inRound(8, at(1, 5)));
      assertThat(follower.saidTo(P2, AppendAccepted.class)).extracting("round").containsOnly(7L);
      assertThat(follower.saidTo(P2, AppendRejected.class)).extracting("round").containsExactly(8L);
    }

    @Test
    @DisplayName("a slow disk does not look like a follower that is gone: each round is answered")
    void answersRoundsAtOnce() {
      var follower = given().inTerm(1).withEntriesOfTerms(1, 1).follower();
      follower.diskHangs();
      follower.hears(inRound(1, at(1, 2), entry(1, "x")), inRound(1, at(1, 3), entry(1, "y")));
      follower.hears(inRound(2, at(1, 4)));
      assertThat(follower.saidTo(P2, AppendAccepted.class))
          .containsExactly(
              new AppendAccepted(P1, Term.of(1), LogIndex.of(2), 1, incarnationOf(P1)),
              new AppendAccepted(P1, Term.of(1), LogIndex.of(2), 2, incarnationOf(P1)));
      follower.diskRecovers();
      assertThat(follower.saidTo(P2, AppendAccepted.class))
          .contains(new AppendAccepted(P1, Term.of(1), LogIndex.of(4), 2, incarnationOf(P1)));
    }

    @Test
    @DisplayName("in a term that is not on disk yet nothing is acknowledged, not even at once")
    void newTermIsNotDurable() {
      var follower = given().inTerm(1).withEntriesOfTerms(1).follower();
      follower.diskHangs();
      follower.hears(
          new AppendEntries(P2, Term.of(2), at(1, 1), Batch.pack(List.of()), LogIndex.ZERO, 1));
      assertThat(follower.saidTo(P2, AppendAccepted.class)).isEmpty();
    }

    @Test
    @DisplayName("an answer to an older round does not hide the one to a newer")
    void roundsOutOfOrder() {
      var follower = given().inTerm(1).follower();
      follower.diskHangs();
      follower.hears(inRound(7, at(0, 0), entry(1, "x")), inRound(3, at(0, 0), entry(1, "x")));
      follower.diskRecovers();
      assertThat(follower.saidTo(P2, AppendAccepted.class)).extracting("round").contains(7L);
    }

    @Test
    @DisplayName("what arrives during a write is the next batch, and that is one event")
    void whatArrivesDuringAWriteIsABatch() {
      var follower = given().inTerm(1).follower();
      follower.diskHangs();
      for (var i = 1; i <= 4; i++) {
        follower.hears(append(1, P2, i == 1 ? at(0, 0) : at(1, i - 1), entry(1, "c" + i)));
      }
      follower.diskRecovers();
      assertThat(follower.written())
          .containsExactly(
              new EntriesAppended(LogIndex.of(1), Batch.of(entry(1, "c1"))),
              new EntriesAppended(
                  LogIndex.of(2), Batch.of(entry(1, "c2"), entry(1, "c3"), entry(1, "c4"))));
      follower.says(P2, accepted(1, 1), accepted(1, 4));
    }

    @Test
    @DisplayName("applies in order what is committed")
    void applies() {
      var follower = given().inTerm(1).withEntriesOfTerms(1, 1, 1).follower();
      follower.hears(append(1, P2, at(1, 3), 2));
      assertThat(follower.status().lastApplied()).isEqualTo(LogIndex.of(2));
    }

    @Test
    @DisplayName("a long log is applied in turns")
    void appliesInTurns() {
      var follower =
          given()
              .inTerm(1)
              .withEntriesOfTerms(1, 1, 1, 1, 1)
              .with("max-apply-batch = 2")
              .follower();
      follower.kit().run(append(1, P2, at(1, 5), 5));
      assertThat(follower.status().lastApplied()).isEqualTo(LogIndex.of(2));
      follower.hears();
      assertThat(follower.status().lastApplied()).isEqualTo(LogIndex.of(5));
    }

    @Test
    @DisplayName("trap 15: a conflict at or below the commit index stops the peer")
    void neverRemovesWhatIsCommitted() {
      var follower = given().inTerm(1).withEntriesOfTerms(1, 1).follower();
      follower.hears(append(1, P2, at(1, 2), 2));
      assertThatThrownBy(() -> follower.hears(append(2, P2, at(1, 1), entry(2, "x"))))
          .isInstanceOf(SafetyViolation.class)
          .hasMessageContaining("committed");
    }

    @Test
    @DisplayName("two leaders in one term can't be: the peer stops")
    void twoLeaders() {
      var follower = given().inTerm(1).follower();
      follower.hears(append(1, P2, at(0, 0)));
      assertThatThrownBy(() -> follower.hears(append(1, P3, at(0, 0))))
          .isInstanceOf(SafetyViolation.class)
          .hasMessageContaining("Two leaders in term 1");
    }
  }

  @Nested
  @DisplayName("Rules for servers (Figure 2)")
  class Rules {
    @Test
    @DisplayName("all: a newer term in a message is taken over, and its vote is free")
    void takesOverANewerTerm() {
      var follower = given().inTerm(1).havingVotedFor(P3).follower();
      follower.hears(append(5, P2, at(0, 0)));
      assertThat(follower.term()).isEqualTo(Term.of(5));
      assertThat(follower.status().votedFor()).isEmpty();
      assertThat(follower.status().leader()).contains(P2);
      assertThat(follower.written()).containsExactly(new TermStarted(Term.of(5)));
      follower.says(P2, accepted(5, 0));
    }

    @Test
    @DisplayName("followers: stand for election when nothing was heard for a time-out")
    void standsForElection() {
      var follower = given().inTerm(1).follower();
      follower.hearsNothing();
      assertThat(follower.role()).isEqualTo(RaftStatus.Role.PRE_CANDIDATE);
    }

    @Test
    @DisplayName("followers: a leader's message begins the time-out anew")
    void isKeptQuiet() {
      var follower = given().inTerm(1).follower();
      follower.passes(Duration.ofMillis(149));
      follower.hears(append(1, P2, at(0, 0)));
      follower.passes(Duration.ofMillis(149));
      follower.hears(new ElectionTimeout());
      assertThat(follower.role()).isEqualTo(RaftStatus.Role.FOLLOWER);
    }

    @Test
    @DisplayName("followers: a leader's message that waits in the mailbox was heard in time")
    void isKeptQuietByItsMailbox() {
      var follower = given().inTerm(1).follower();
      follower.passes(Duration.ofMillis(301));
      follower.hears(new ElectionTimeout(), append(1, P2, at(0, 0)));
      assertThat(follower.role()).isEqualTo(RaftStatus.Role.FOLLOWER);
      assertThat(follower.status().leader()).contains(P2);
    }

    @Test
    @DisplayName("followers: send clients to the leader")
    void refersToTheLeader() {
      var follower = given().inTerm(1).follower();
      var early = follower.hearsProposal("x").receiveMessage();
      assertThat(early.getError()).isInstanceOf(NotLeader.class);
      assertThat(((NotLeader) early.getError()).leader()).isEmpty();
      follower.hears(append(1, P2, at(0, 0)));
      var reply = follower.hearsProposal("x").receiveMessage();
      assertThat(((NotLeader) reply.getError()).leader()).contains(P2);
      var read = follower.hearsRead("?").receiveMessage();
      assertThat(((NotLeader) read.getError()).leader()).contains(P2);
    }

    @Test
    @DisplayName("who answers without being of the group is not heard")
    void ignoresStrangers() {
      var stranger = PeerId.of("stranger");
      var follower = given().inTerm(1).follower();
      follower.hears(new VoteReply(stranger, Term.of(9), false, incarnationOf(stranger)));
      follower.hears(
          new PreVoteReply(stranger, Term.of(9), Term.of(1), false, incarnationOf(stranger)));
      assertThat(follower.term()).isEqualTo(Term.of(1));
      follower.saysNothing();
    }

    @Test
    @DisplayName("who takes this peer's own name is not heard at all")
    void ignoresItsDouble() {
      var follower = given().inTerm(1).follower();
      follower.hears(requestVote(P1, 9, at(9, 9)), append(9, P1, at(0, 0)));
      follower.hears(new PreVote(P1, Term.of(9), at(9, 9)));
      assertThat(follower.term()).isEqualTo(Term.of(1));
      follower.saysNothing();
    }
  }

  @Nested
  @DisplayName("Pre-vote, receiver (thesis §9.6)")
  class PreVotes {
    private PreVote preVote(long term, LogPosition last) {
      return new PreVote(P2, Term.of(term), last);
    }

    private PreVoteReply reply(long term, long asked, boolean granted) {
      return new PreVoteReply(P1, Term.of(term), Term.of(asked), granted, incarnationOf(P1));
    }

    @Test
    @DisplayName("grants what it would vote for, and changes nothing")
    void grants() {
      var voter = given().inTerm(3).havingVotedFor(P3).withEntriesOfTerms(1).follower();
      voter.hears(preVote(3, at(1, 1)));
      voter.says(P2, reply(3, 3, true));
      voter.hears(preVote(8, at(1, 1)));
      voter.says(P2, reply(3, 8, true));
      assertThat(voter.term()).isEqualTo(Term.of(3));
      assertThat(voter.status().votedFor()).contains(P3);
      assertThat(voter.written()).isEmpty();
    }

    @Test
    @DisplayName("refuses a log behind its own, and a term behind its own")
    void refuses() {
      var voter = given().inTerm(3).withEntriesOfTerms(2).follower();
      voter.hears(preVote(3, at(1, 5)));
      voter.says(P2, reply(3, 3, false));
      voter.hears(preVote(2, at(2, 1)));
      voter.says(P2, reply(3, 2, false));
    }

    @Test
    @DisplayName("trap 1: refuses while it hears a leader, and no longer")
    void refusesWhileItHearsALeader() {
      var voter = given().inTerm(3).follower();
      voter.hears(append(3, P3, at(0, 0)));
      voter.passes(Duration.ofMillis(149));
      voter.hears(preVote(3, at(9, 9)));
      voter.says(P2, reply(3, 3, false));
      voter.passes(Duration.ofMillis(2));
      voter.hears(preVote(3, at(9, 9)));
      voter.says(P2, reply(3, 3, true));
    }

    @Test
    @DisplayName("thesis §6.4.1: with leases, a newer term does not free it to help another")
    void keepsItsPromiseInANewerTerm() {
      var voter = given().inTerm(3).with("reads.lease = on").follower();
      voter.passes(Duration.ofSeconds(1));
      voter.hears(append(3, P3, at(0, 0)));
      voter.hears(new PreVoteReply(P2, Term.of(4), Term.of(3), false, incarnationOf(P2)));
      assertThat(voter.term()).isEqualTo(Term.of(4));
      voter.passes(Duration.ofMillis(149));
      voter.hears(requestVote(P2, 4, at(9, 9)), requestVote(P2, 5, at(9, 9)));
      voter.hears(preVote(5, at(9, 9)));
      voter.passes(Duration.ofMillis(2));
      assertThat(voter.said(VoteReply.class)).isEmpty();
      voter.hears(requestVote(P2, 5, at(9, 9)));
      voter.says(P2, reply(4, 5, false), vote(5));
    }
  }
}
