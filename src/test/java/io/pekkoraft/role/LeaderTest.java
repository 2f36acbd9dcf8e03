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

import io.pekkoraft.RaftException.CommandFailed;
import io.pekkoraft.RaftException.NotLeader;
import io.pekkoraft.RaftException.OutcomeUnknown;
import io.pekkoraft.RaftStatus.FollowerStatus;
import io.pekkoraft.RaftStatus.FollowerStatus.State;
import io.pekkoraft.RaftStatus.Role;
import io.pekkoraft.model.Batch;
import io.pekkoraft.model.Entry;
import io.pekkoraft.model.LogIndex;
import io.pekkoraft.model.LogPosition;
import io.pekkoraft.model.PeerId;
import io.pekkoraft.model.SafetyViolation;
import io.pekkoraft.model.Term;
import io.pekkoraft.protocol.ClientMessage.Propose;
import io.pekkoraft.protocol.PeerMessage.AppendAccepted;
import io.pekkoraft.protocol.PeerMessage.AppendEntries;
import io.pekkoraft.protocol.PeerMessage.AppendRejected;
import io.pekkoraft.protocol.PeerMessage.PreVote;
import io.pekkoraft.protocol.PeerMessage.PreVoteReply;
import io.pekkoraft.protocol.PeerMessage.RequestVote;
import io.pekkoraft.protocol.PeerMessage.VoteReply;
import io.pekkoraft.protocol.RaftMessage;
import io.pekkoraft.protocol.SelfMessage.Flush;
import io.pekkoraft.storage.StoreEvent.EntriesAppended;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.pekko.actor.testkit.typed.javadsl.TestInbox;
import org.apache.pekko.actor.typed.ChildFailed;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.pattern.StatusReply;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class LeaderTest {
  /** An answer to whatever was sent last. */
  private static final long LATEST = Long.MAX_VALUE;

  private static AppendAccepted accepted(PeerId from, long term, long matched) {
    return new AppendAccepted(
        from, Term.of(term), LogIndex.of(matched), LATEST, incarnationOf(from));
  }

  private static AppendRejected rejected(PeerId from, long term, long previous, LogPosition hint) {
    return new AppendRejected(
        from, Term.of(term), LogIndex.of(previous), hint, LATEST, incarnationOf(from));
  }

  private static FollowerStatus progress(PeerUnderTest leader, PeerId follower) {
    return leader.status().followers().get(follower);
  }

  private static List<Long> termsSentTo(PeerUnderTest leader, PeerId follower) {
    return leader.saidTo(follower, AppendEntries.class).stream()
        .flatMap(message -> message.entries().entries().stream())
        .map(entry -> entry.term().value())
        .toList();
  }

  @Nested
  @DisplayName("Taking office")
  class TakingOffice {
    @Test
    @DisplayName("§8 a no-op of its own term goes to all, right after the election")
    void noOp() {
      var peer = given().inTerm(3).withEntriesOfTerms(2).candidate();
      peer.wins();
      var first = append(4, P1, at(2, 1), Entry.noOp(Term.of(4)));
      peer.says(P2, first);
      peer.says(P3, first);
      assertThat(peer.written())
          .containsExactly(new EntriesAppended(LogIndex.of(2), Batch.of(Entry.noOp(Term.of(4)))));
    }

    @Test
    @DisplayName("trap 11: a proposal that waited in the mailbox finds a complete leader")
    void proposalInTheMailbox() {
      var peer = given().candidate();
      var reply = TestInbox.<StatusReply<String>>create();
      peer.hears(
          new VoteReply(P2, Term.of(1), true, incarnationOf(P2)),
          new Propose<>("x", reply.getRef()));
      peer.hears(accepted(P2, 1, 2));
      assertThat(reply.receiveMessage().getValue()).isEqualTo("x");
    }

    @Test
    @DisplayName("trap 38: a read waits for the leader's own first commit")
    void readWaitsForTheNoOp() {
      var peer = given().inTerm(1).withEntriesOfTerms(1).leader();
      var reply = peer.hearsRead("?");
      peer.hears(accepted(P2, 2, 1));
      assertThat(reply.hasMessages()).isFalse();
      peer.hears(accepted(P2, 2, 2));
      assertThat(reply.receiveMessage().getValue()).isEqualTo("c1");
    }
  }

  @Nested
  @DisplayName("Replication (§5.3)")
  class Replication {
    @Test
    @DisplayName("a proposal goes to the store and to all followers at once")
    void parallel() {
      var leader = given().leader();
      leader.hears(accepted(P2, 1, 1), accepted(P3, 1, 1));
      leader.forgetsWhatItSaid();
      leader.diskHangs();
      leader.hearsProposal("x");
      leader.says(P2, append(1, P1, at(1, 1), 1, entry(1, "x")));
      leader.says(P3, append(1, P1, at(1, 1), 1, entry(1, "x")));
    }

    @Test
    @DisplayName("what is in the mailbox together travels together, packed once")
    void batches() {
      var leader = given().leader();
      leader.hears(accepted(P2, 1, 1), accepted(P3, 1, 1));
      leader.forgetsWhatItSaid();
      var messages = new RaftMessage[10];
      for (var i = 0; i < 10; i++) {
        messages[i] = new Propose<>("c" + i, TestInbox.<StatusReply<String>>create().getRef());
      }
      leader.hears(messages);
      var sent = leader.said(AppendEntries.class);
      assertThat(sent).hasSize(2);
      assertThat(sent.get(0).entries().size()).isEqualTo(10);
      assertThat(sent.get(0).entries()).isSameAs(sent.get(1).entries());
      assertThat(leader.written()).hasSize(1);
      assertThat(((EntriesAppended) leader.written().get(0)).entries())
          .isSameAs(sent.get(0).entries());
    }

    @Test
    @DisplayName("probes before it streams, and streams without waiting for answers")
    void pipelines() {
      var leader = given().leader();
      leader.hearsProposal("a");
      assertThat(leader.saidTo(P2, AppendEntries.class)).isEmpty();
      leader.hears(accepted(P2, 1, 1));
      leader.hearsProposal("b");
      leader.hearsProposal("c");
      assertThat(leader.saidTo(P2, AppendEntries.class)).hasSize(3);
      assertThat(progress(leader, P2))
          .isEqualTo(new FollowerStatus(LogIndex.of(1), LogIndex.of(5), State.REPLICATE));
    }

    @Test
    @DisplayName("trap 20: the window bounds what is on its way, in messages")
    void window() {
      var leader = given().with("replication.max-in-flight-messages = 2").leader();
      leader.hears(accepted(P2, 1, 1));
      leader.forgetsWhatItSaid();
      for (var i = 0; i < 5; i++) {
        leader.hearsProposal("c" + i);
      }
      assertThat(leader.saidTo(P2, AppendEntries.class)).hasSize(2);
      leader.hears(accepted(P2, 1, 2));
      assertThat(termsSentTo(leader, P2)).hasSize(5);
    }

    @Test
    @DisplayName("a message holds no more bytes than it may, but always one entry")
    void batchBytes() {
      var leader = given().with("replication.max-batch-size = 30").leader();
      leader.hears(accepted(P2, 1, 1));
      leader.forgetsWhatItSaid();
      var first = TestInbox.<StatusReply<String>>create().getRef();
      leader.hears(
          new Propose<>("a", first),
          new Propose<>("b", first),
          new Propose<>("x".repeat(100), first));
      assertThat(leader.saidTo(P2, AppendEntries.class).stream().map(m -> m.entries().size()))
          .containsExactly(2, 1);
    }

    @Test
    @DisplayName("heartbeats keep followers quiet and carry the commit index")
    void heartbeats() {
      var leader = given().leader();
      leader.hears(accepted(P2, 1, 1), accepted(P3, 1, 1));
      leader.forgetsWhatItSaid();
      leader.heartbeats();
      leader.says(P2, append(1, P1, at(1, 1), 1));
      leader.says(P3, append(1, P1, at(1, 1), 1));
    }

    @Test
    @DisplayName("a heartbeat by the clock may wait, for a follower from which there is no news")
    void unhurried() {
      var leader = given().leader();
      leader.hears(accepted(P2, 1, 1), accepted(P3, 1, 1));
      leader.forgetsWhatItSaid();
      leader.heartbeats();
      assertThat(leader.saidSoonTo()).containsExactly(P2, P3);
      leader.hearsProposal("a");
      leader.hears(accepted(P2, 1, 2));
      leader.forgetsWhatItSaid();
      leader.heartbeats();
      assertThat(leader.saidTo(P3, AppendEntries.class)).hasSize(1);
      assertThat(leader.saidSoonTo()).as("P3 has not answered yet").containsExactly(P2);
    }

    @Test
    @DisplayName("what brings or asks something does not wait")
    void hurried() {
      var leader = given().leader();
      leader.heartbeats();
      assertThat(leader.said()).as("a new leader probes").isNotEmpty();
      leader.hears(accepted(P2, 1, 1), accepted(P3, 1, 1));
      leader.hearsRead("?");
      leader.passes(Duration.ofMillis(50));
      leader.hearsProposal("a");
      assertThat(leader.said(AppendEntries.class)).as("a round of reads").hasSizeGreaterThan(4);
      assertThat(leader.saidSoonTo()).isEmpty();
    }

    @Test
    @DisplayName("trap 19: after a stall it probes again, and the follower gets all it missed")
    void lostMessages() {
      var leader = given().with("replication.max-in-flight-messages = 2").leader();
      leader.hears(accepted(P2, 1, 1));
      leader.hearsProposal("a");
      leader.hearsProposal("b");
      leader.hearsProposal("c");
      leader.forgetsWhatItSaid();
      // All of it got lost. The heartbeat asks about what was sent last, and is rejected.
      leader.heartbeats();
      leader.says(P2, append(1, P1, at(1, 3), 1));
      leader.hears(rejected(P2, 1, 3, at(1, 1)));
      assertThat(progress(leader, P2).state()).isEqualTo(State.PROBE);
      leader.says(P2, append(1, P1, at(1, 1), 1, entry(1, "a"), entry(1, "b"), entry(1, "c")));
    }

    @Test
    @DisplayName("a lost probe is asked again with the next heartbeat")
    void lostProbe() {
      var leader = given().leader();
      leader.heartbeats();
      leader.says(P2, append(1, P1, at(0, 0), Entry.noOp(Term.of(1))));
    }

    @Test
    @DisplayName("a rejection moves back past the terms that the follower can't share")
    void movesBack() {
      var leader = given().inTerm(6).withEntriesOfTerms(1, 1, 1, 4, 4, 5, 5, 6, 6).leader();
      leader.hears(rejected(P2, 7, 9, at(3, 8)));
      assertThat(progress(leader, P2).nextIndex()).isEqualTo(LogIndex.of(4));
      assertThat(leader.saidTo(P2, AppendEntries.class).get(0).previous()).isEqualTo(at(1, 3));
    }

    @Test
    @DisplayName("late answers to messages that were given up neither end a probe nor begin one")
    void givenUp() {
      var leader = given().with("replication.max-batch-size = 1").leader();
      leader.hears(accepted(P2, 1, 1));
      for (var command : List.of("a", "b", "c", "d")) {
        leader.hearsProposal(command);
      }
      // They arrive in another order than they left in, and all but the first are rejected.
      var late = new AppendRejected(P2, Term.of(1), LogIndex.of(4), at(1, 1), 0, incarnationOf(P2));
      leader.hears(
          new AppendRejected(P2, Term.of(1), LogIndex.of(3), at(1, 1), 0, incarnationOf(P2)));
      leader.forgetsWhatItSaid();
      leader.hears(new AppendAccepted(P2, Term.of(1), LogIndex.of(2), 0, incarnationOf(P2)), late);
      assertThat(leader.saidTo(P2, AppendEntries.class)).isEmpty();
      assertThat(progress(leader, P2).state()).isEqualTo(State.PROBE);
      leader.hears(new AppendAccepted(P2, Term.of(1), LogIndex.of(2), 1, incarnationOf(P2)));
      assertThat(leader.saidTo(P2, AppendEntries.class)).hasSize(3);
      leader.hears(late);
      assertThat(progress(leader, P2).state()).isEqualTo(State.REPLICATE);
      assertThat(leader.saidTo(P2, AppendEntries.class)).hasSize(3);
    }

    @Test
    @DisplayName("late rejections change nothing")
    void lateRejection() {
      var leader = given().inTerm(1).withEntriesOfTerms(1, 1, 1).leader();
      leader.hears(accepted(P2, 2, 4));
      leader.forgetsWhatItSaid();
      leader.hears(rejected(P2, 2, 3, at(1, 1)), rejected(P2, 2, 0, at(0, 0)));
      leader.saysNothing();
      assertThat(progress(leader, P2).state()).isEqualTo(State.REPLICATE);
      assertThat(progress(leader, P2).matchIndex()).isEqualTo(LogIndex.of(4));
    }

    @Test
    @DisplayName("an acknowledgement beyond the log changes nothing")
    void forgedAcknowledgement() {
      var leader = given().leader();
      leader.hears(accepted(P2, 1, 99));
      assertThat(leader.commitIndex()).isZero();
      assertThat(progress(leader, P2).matchIndex()).isEqualTo(LogIndex.ZERO);
    }
  }

  @Nested
  @DisplayName("Committing (§5.3, §5.4.2)")
  class Committing {
    @Test
    @DisplayName("a majority on disk commits, and the proposer gets the state machine's result")
    void commits() {
      var leader = given().leader();
      var reply = leader.hearsProposal("x");
      assertThat(reply.hasMessages()).isFalse();
      leader.hears(accepted(P2, 1, 2));
      assertThat(leader.commitIndex()).isEqualTo(2);
      assertThat(reply.receiveMessage().getValue()).isEqualTo("x");
    }

    @Test
    @DisplayName("trap 16: the leader's own copy counts when it is on disk")
    void ownCopyWaitsForTheDisk() {
      var leader = given().leader();
      leader.hears(accepted(P2, 1, 1));
      leader.diskHangs();
      var reply = leader.hearsProposal("x");
      leader.hears(accepted(P2, 1, 2));
      assertThat(leader.commitIndex()).isEqualTo(1);
      leader.diskRecovers();
      assertThat(leader.commitIndex()).isEqualTo(2);
      assertThat(reply.receiveMessage().getValue()).isEqualTo("x");
    }

    @Test
    @DisplayName("a majority of followers commits even while the leader's disk hangs")
    void followersCommitAlone() {
      var leader = given().leader();
      leader.diskHangs();
      var reply = leader.hearsProposal("x");
      leader.hears(accepted(P2, 1, 2), accepted(P3, 1, 2));
      assertThat(reply.receiveMessage().getValue()).isEqualTo("x");
    }

    @Test
    @DisplayName("§5.4.2, Figure 8: an entry of an older term is not committed by counting")
    void figure8() {
      var leader = given().inTerm(3).withEntriesOfTerms(2, 2).leader();
      leader.hears(accepted(P2, 4, 2), accepted(P3, 4, 2));
      assertThat(leader.commitIndex()).isZero();
      leader.hears(accepted(P2, 4, 3));
      assertThat(leader.commitIndex()).isEqualTo(3);
    }

    @Test
    @DisplayName("the same acknowledgement twice counts once")
    void countsFollowersOnce() {
      var leader = given().ofPeers(5).leader();
      leader.hears(accepted(P2, 1, 1), accepted(P2, 1, 1));
      assertThat(leader.commitIndex()).isZero();
      leader.hears(accepted(P3, 1, 1));
      assertThat(leader.commitIndex()).isEqualTo(1);
    }

    @Test
    @DisplayName("a handler that throws is the proposer's answer, and changes nothing")
    void failingCommand() {
      var leader = given().leader();
      var failing = leader.hearsProposal("!");
      var next = leader.hearsProposal("x");
      leader.hears(accepted(P2, 1, 3));
      assertThat(failing.receiveMessage().getError()).isInstanceOf(CommandFailed.class);
      assertThat(next.receiveMessage().getValue()).isEqualTo("x");
    }
  }

  @Nested
  @DisplayName("Leaving office")
  class LeavingOffice {
    @Test
    @DisplayName("§5.1 a newer term makes it a follower; who waits is told that nobody can tell")
    void stepsDown() {
      var leader = given().leader();
      var write = leader.hearsProposal("x");
      var read = leader.hearsRead("?");
      leader.hears(accepted(P2, 9, 0));
      assertThat(leader.role()).isEqualTo(Role.FOLLOWER);
      assertThat(write.receiveMessage().getError()).isInstanceOf(OutcomeUnknown.class);
      assertThat(read.receiveMessage().getError()).isInstanceOf(NotLeader.class);
    }

    @Test
    @DisplayName("a newer term in an acknowledgement or a rejection does, too")
    void stepsDownOnAnswers() {
      var first = given().leader();
      first.hears(accepted(P2, 2, 0));
      assertThat(first.role()).isEqualTo(Role.FOLLOWER);
      var second = given().leader();
      second.hears(rejected(P2, 2, 1, at(0, 0)));
      assertThat(second.role()).isEqualTo(Role.FOLLOWER);
    }

    @Test
    @DisplayName("what it had taken on but not sent yet is on disk as it is in memory")
    void nothingIsLeftUnstaged() {
      var leader = given().leader();
      var reply = TestInbox.<StatusReply<String>>create();
      leader.hears(new Propose<>("x", reply.getRef()), append(2, P2, at(1, 2), entry(2, "y")));
      assertThat(leader.lastIndex()).isEqualTo(3);
      assertThat(leader.written().stream().filter(EntriesAppended.class::isInstance))
          .containsExactly(
              new EntriesAppended(LogIndex.of(2), Batch.of(entry(1, "x"), entry(2, "y"))));
    }

    @Test
    @DisplayName("trap 17: an entry of another leader at the same index answers nobody")
    void noWrongAnswer() {
      var leader = given().leader();
      var lost = leader.hearsProposal("x");
      leader.hears(append(2, P2, at(1, 1), 2, entry(2, "y")));
      assertThat(lost.receiveMessage().getError()).isInstanceOf(OutcomeUnknown.class);
      assertThat(lost.hasMessages()).isFalse();
      assertThat(leader.commitIndex()).isEqualTo(2);
    }

    @Test
    @DisplayName("a peer that stops leaves nobody waiting")
    void stops() {
      var leader = given().leader();
      var reply = leader.hearsProposal("x");
      leader.kit().signal(PostStop.instance());
      assertThat(reply.receiveMessage().getError()).isInstanceOf(OutcomeUnknown.class);
    }

    @Test
    @DisplayName("it can't be found any more before anybody hears that it stops, and asks anew")
    void leavesBeforeItAnswers() {
      var leader = given().leader();
      var reply = leader.hearsProposal("x");
      var answeredBefore = new AtomicBoolean(true);
      leader.whenItLeaves(() -> answeredBefore.set(reply.hasMessages()));
      leader.kit().signal(PostStop.instance());
      assertThat(answeredBefore).isFalse();
      assertThat(reply.hasMessages()).isTrue();
    }

    @Test
    @DisplayName("whose store fails leaves nobody waiting for what its other children are at")
    void storeFails() {
      var leader = given().leader();
      var reply = leader.hearsProposal("x");
      var left = new AtomicInteger();
      leader.whenItLeaves(left::incrementAndGet);
      var store = leader.kit().childInbox("store").getRef();
      var failed = new ChildFailed(store.narrow(), new IOException("on purpose"));
      assertThatThrownBy(() -> leader.kit().signal(failed))
          .isInstanceOf(IllegalStateException.class);
      assertThat(reply.receiveMessage().getError()).isInstanceOf(OutcomeUnknown.class);
      leader.kit().signal(PostStop.instance());
      assertThat(left).hasValue(1);
      assertThat(reply.hasMessages()).isFalse();
    }

    @Test
    @DisplayName("answers of a term that is over change nothing")
    void ignoresOldAnswers() {
      var leader = given().inTerm(4).leader();
      leader.hears(accepted(P2, 4, 1), rejected(P2, 4, 0, at(0, 0)));
      assertThat(leader.commitIndex()).isZero();
      leader.saysNothing();
    }
  }

  @Nested
  @DisplayName("While it leads")
  class WhileItLeads {
    @Test
    @DisplayName("it tells a leader of an older term the newer one")
    void refusesAnOldLeader() {
      var leader = given().inTerm(4).leader();
      leader.hears(append(3, P2, at(0, 0)));
      leader.says(
          P2, new AppendRejected(P1, Term.of(5), LogIndex.ZERO, at(0, 0), 0, incarnationOf(P1)));
    }

    @Test
    @DisplayName("it gives no vote and no pre-vote")
    void refusesVotes() {
      var leader = given().leader();
      leader.hears(new RequestVote(P2, Term.of(1), at(9, 9), false));
      leader.says(P2, new VoteReply(P1, Term.of(1), false, incarnationOf(P1)));
      leader.hears(new PreVote(P2, Term.of(1), at(9, 9)));
      leader.says(P2, new PreVoteReply(P1, Term.of(1), Term.of(1), false, incarnationOf(P1)));
    }

    @Test
    @DisplayName("two leaders in one term can't be: the peer stops")
    void twoLeaders() {
      var leader = given().leader();
      assertThatThrownBy(() -> leader.hears(append(1, P2, at(0, 0))))
          .isInstanceOf(SafetyViolation.class)
          .hasMessageContaining("Two leaders in term 1");
    }

    @Test
    @DisplayName("an election time-out that comes late finds a leader who stays one")
    void lateTimeout() {
      var leader = given().leader();
      leader.hearsNothing();
      assertThat(leader.role()).isEqualTo(Role.LEADER);
    }

    @Test
    @DisplayName("a flood of requests does not keep the followers from hearing it")
    void heartbeatsThroughAFlood() {
      var leader = given().leader();
      leader.hears(accepted(P2, 1, 1), accepted(P3, 1, 1));
      leader.forgetsWhatItSaid();
      var request = new Propose<>("x", TestInbox.<StatusReply<String>>create().getRef());
      leader.kit().run(request);
      leader.saysNothing();
      leader.passes(Duration.ofMillis(51));
      leader.kit().run(request);
      leader.says(P2, append(1, P1, at(1, 1), 1, entry(1, "x")));
      leader.says(P3, append(1, P1, at(1, 1), 1, entry(1, "x")));
    }

    @Test
    @DisplayName("traps 3, 39: nobody answers for an election time-out, so it gives up its office")
    void resigns() {
      var leader = given().leader();
      leader.hears(accepted(P2, 1, 1));
      var write = leader.hearsProposal("x");
      var read = leader.hearsRead("?");
      leader.passes(Duration.ofMillis(301));
      leader.heartbeats();
      assertThat(leader.role()).isEqualTo(Role.LEADER);
      leader.passes(Duration.ofMillis(50));
      leader.heartbeats();
      assertThat(leader.role()).isEqualTo(Role.FOLLOWER);
      assertThat(leader.term()).isEqualTo(Term.of(1));
      assertThat(write.receiveMessage().getError()).isInstanceOf(OutcomeUnknown.class);
      assertThat(read.receiveMessage().getError()).isInstanceOf(NotLeader.class);
    }

    @Test
    @DisplayName("after a pause the answers lie in the mailbox, and it stays")
    void staysAfterAPause() {
      var leader = given().leader();
      leader.hears(accepted(P2, 1, 1));
      for (var i = 0; i < 5; i++) {
        leader.passes(Duration.ofMillis(400));
        leader.heartbeats();
        leader.hears(accepted(P2, 1, 1));
      }
      assertThat(leader.role()).isEqualTo(Role.LEADER);
    }

    @Test
    @DisplayName("a candidate of a newer term does not disturb it, unless it wants that itself")
    void undisturbed() {
      var leader = given().leader();
      leader.hears(new RequestVote(P2, Term.of(9), at(9, 9), false));
      assertThat(leader.role()).isEqualTo(Role.LEADER);
      assertThat(leader.term()).isEqualTo(Term.of(1));
      leader.hears(new RequestVote(P2, Term.of(9), at(9, 9), true));
      assertThat(leader.role()).isEqualTo(Role.FOLLOWER);
      assertThat(leader.term()).isEqualTo(Term.of(9));
    }

    @Test
    @DisplayName("a batch that is full does not wait for the mailbox to be empty")
    void fullBatch() {
      var leader = given().with("replication.max-batch-size = 100").leader();
      leader.hears(accepted(P2, 1, 1));
      leader.forgetsWhatItSaid();
      var request = new Propose<>("x".repeat(60), TestInbox.<StatusReply<String>>create().getRef());
      leader.kit().run(request);
      assertThat(leader.saidTo(P2, AppendEntries.class)).isEmpty();
      leader.kit().run(request);
      assertThat(leader.saidTo(P2, AppendEntries.class)).hasSize(2);
    }

    @Test
    @DisplayName("a flush without anything new says nothing")
    void emptyFlush() {
      var leader = given().leader();
      leader.hears(accepted(P2, 1, 1), accepted(P3, 1, 1));
      leader.forgetsWhatItSaid();
      leader.hears(new Flush());
      leader.saysNothing();
      assertThat(leader.written()).isEmpty();
    }
  }
}
