package io.pekkoraft.role;

import static io.pekkoraft.role.PeerUnderTest.P2;
import static io.pekkoraft.role.PeerUnderTest.P3;
import static io.pekkoraft.role.PeerUnderTest.given;
import static io.pekkoraft.role.PeerUnderTest.incarnationOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.pekkoraft.RaftException.CommandFailed;
import io.pekkoraft.RaftException.CommandRefused;
import io.pekkoraft.ReadConsistency;
import io.pekkoraft.model.LogIndex;
import io.pekkoraft.model.PeerId;
import io.pekkoraft.model.Term;
import io.pekkoraft.protocol.ClientMessage.TransferLeadership;
import io.pekkoraft.protocol.PeerMessage.AppendAccepted;
import io.pekkoraft.protocol.PeerMessage.AppendEntries;
import io.pekkoraft.protocol.PeerMessage.AskReadIndex;
import io.pekkoraft.protocol.PeerMessage.ReadIndexAnswer;
import io.pekkoraft.protocol.PeerMessage.TimeoutNow;
import java.time.Duration;
import java.util.Optional;
import org.apache.pekko.actor.testkit.typed.javadsl.TestInbox;
import org.apache.pekko.pattern.StatusReply;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class LeaderReadsTest {
  private static AppendAccepted accepted(PeerId from, long matched, long round) {
    return new AppendAccepted(from, Term.of(1), LogIndex.of(matched), round, incarnationOf(from));
  }

  /** A leader in term 1 that has committed its no-op. */
  private static PeerUnderTest leader(String settings) {
    var leader = given().with(settings).leader();
    leader.hears(accepted(P2, 1, 0), accepted(P3, 1, 0));
    leader.forgetsWhatItSaid();
    return leader;
  }

  @Test
  @DisplayName("a read adds nothing to the log, and sees what was acknowledged before it")
  void seesWhatWasAcknowledged() {
    var leader = leader("");
    leader.hearsProposal("x");
    leader.hears(accepted(P2, 2, 0));
    var read = leader.hearsRead("?");
    leader.hears(accepted(P2, 2, 1));
    assertThat(read.receiveMessage().getValue()).isEqualTo("x");
    assertThat(leader.lastIndex()).isEqualTo(2);
  }

  @Test
  @DisplayName(
      "traps 39, 40: a read is answered by a round that began after it came, and only then")
  void ownRound() {
    var leader = leader("");
    leader.hearsProposal("x");
    var read = leader.hearsRead("?");
    leader.hears(accepted(P2, 2, 0), accepted(P3, 2, 0));
    assertThat(read.hasMessages()).isFalse();
    leader.hears(accepted(P2, 2, 1));
    assertThat(read.receiveMessage().getValue()).isEqualTo("x");
  }

  @Test
  @DisplayName("reads that come during a round share the next one")
  void batches() {
    var leader = leader("");
    var first = leader.hearsRead("?");
    var second = leader.hearsRead("?");
    var third = leader.hearsRead("?");
    assertThat(leader.saidTo(P2, AppendEntries.class)).hasSize(1);
    leader.hears(accepted(P2, 1, 1));
    assertThat(first.hasMessages()).isTrue();
    assertThat(second.hasMessages()).isFalse();
    assertThat(leader.saidTo(P2, AppendEntries.class)).hasSize(2);
    leader.hears(accepted(P2, 1, 2));
    assertThat(second.hasMessages() && third.hasMessages()).isTrue();
  }

  @Test
  @DisplayName("a round that got lost is made up for by the next heartbeat")
  void lostRound() {
    var leader = leader("");
    var read = leader.hearsRead("?");
    leader.heartbeats();
    leader.hears(accepted(P2, 1, 2));
    assertThat(read.hasMessages()).isTrue();
  }

  @Test
  @DisplayName("a read must not change the state, and a handler that throws is its answer")
  void readOnly() {
    var leader = leader("");
    var read = leader.hearsRead("x");
    leader.hears(accepted(P2, 1, 1));
    assertThat(read.receiveMessage().getError())
        .isInstanceOfSatisfying(
            CommandRefused.class,
            refused -> assertThat(refused.reason()).isEqualTo(CommandRefused.Reason.CHANGES_STATE));
    var failing = leader.hearsRead("!");
    leader.hears(accepted(P2, 1, 2));
    assertThat(failing.receiveMessage().getError()).isInstanceOf(CommandFailed.class);
  }

  @Test
  @DisplayName("while it holds a lease it answers at once; the lease began when its round was sent")
  void lease() {
    var leader = leader("reads { lease = on, max-clock-drift = 0 }");
    leader.heartbeats();
    leader.passes(Duration.ofMillis(100));
    leader.hears(accepted(P2, 1, 1));
    assertThat(leader.hearsRead("?", ReadConsistency.lease()).hasMessages()).isTrue();
    leader.passes(Duration.ofMillis(49));
    assertThat(leader.hearsRead("?", ReadConsistency.lease()).hasMessages()).isTrue();
    leader.passes(Duration.ofMillis(1));
    assertThat(leader.hearsRead("?", ReadConsistency.lease()).hasMessages()).isFalse();
  }

  @Test
  @DisplayName("clocks that may drift make a lease shorter; off, there is none")
  void leaseIsOff() {
    var drifting = leader("reads { lease = on, max-clock-drift = 0.2 }");
    drifting.passes(Duration.ofMillis(101));
    assertThat(drifting.hearsRead("?", ReadConsistency.lease()).hasMessages()).isFalse();
    assertThat(leader("").hearsRead("?", ReadConsistency.lease()).hasMessages()).isFalse();
  }

  @Test
  @DisplayName("trap 41: a lease is void once another peer is told to lead")
  void voidLease() {
    var leader = leader("reads.lease = on");
    leader.hears(
        new TransferLeadership(Optional.of(P2), TestInbox.<StatusReply<PeerId>>create().getRef()));
    assertThat(leader.hearsRead("?", ReadConsistency.lease()).hasMessages()).isFalse();
  }

  @Test
  @DisplayName("trap 41: and stays so in its term, though that one did not take over: it may yet")
  void voidLeaseAfterATransferInVain() {
    var leader = leader("reads { lease = on, max-clock-drift = 0 }");
    leader.hears(
        new TransferLeadership(Optional.of(P2), TestInbox.<StatusReply<PeerId>>create().getRef()));
    assertThat(leader.saidTo(P2, TimeoutNow.class)).hasSize(1);
    leader.passes(Duration.ofMillis(301));
    leader.heartbeats();
    leader.hears(accepted(P2, 1, 1));
    assertThat(leader.hearsProposal("x").hasMessages()).isFalse();
    assertThat(leader.hearsRead("?", ReadConsistency.lease()).hasMessages()).isFalse();
  }

  @Test
  @DisplayName("what may be stale is answered at once, if a majority has answered since")
  void stale() {
    var leader = leader("");
    leader.heartbeats();
    leader.hears(accepted(P2, 1, 1));
    leader.passes(Duration.ofMillis(10));
    var stale = ReadConsistency.stale(Duration.ofMillis(10));
    assertThat(leader.hearsRead("?", stale).hasMessages()).isTrue();
    leader.passes(Duration.ofMillis(1));
    assertThat(leader.hearsRead("?", stale).hasMessages()).isFalse();
  }

  @Test
  @DisplayName("a follower that asks is told how far to come, after a round of its own")
  void followersRead() {
    var leader = leader("");
    leader.hears(new AskReadIndex(P3, Term.of(1), 7));
    assertThat(leader.saidTo(P3, ReadIndexAnswer.class)).isEmpty();
    leader.hears(accepted(P2, 1, 1));
    assertThat(leader.saidTo(P3, ReadIndexAnswer.class))
        .containsExactly(new ReadIndexAnswer(PeerUnderTest.P1, Term.of(1), 7, LogIndex.of(1)));
  }
}
