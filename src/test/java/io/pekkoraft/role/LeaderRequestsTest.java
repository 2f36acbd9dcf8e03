package io.pekkoraft.role;

import static io.pekkoraft.role.PeerUnderTest.P2;
import static io.pekkoraft.role.PeerUnderTest.P3;
import static io.pekkoraft.role.PeerUnderTest.at;
import static io.pekkoraft.role.PeerUnderTest.given;
import static io.pekkoraft.role.PeerUnderTest.incarnationOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.pekkoraft.RaftException.CommandFailed;
import io.pekkoraft.RaftException.CommandRefused;
import io.pekkoraft.RaftException.Overloaded;
import io.pekkoraft.RaftStatus.Role;
import io.pekkoraft.model.LogIndex;
import io.pekkoraft.model.LogPosition;
import io.pekkoraft.model.PeerId;
import io.pekkoraft.model.Term;
import io.pekkoraft.protocol.ClientMessage.Propose;
import io.pekkoraft.protocol.ClientMessage.Read;
import io.pekkoraft.protocol.PeerMessage.AppendAccepted;
import io.pekkoraft.protocol.PeerMessage.AppendEntries;
import io.pekkoraft.protocol.PeerMessage.AppendRejected;
import java.time.Duration;
import org.apache.pekko.actor.testkit.typed.javadsl.TestInbox;
import org.apache.pekko.pattern.StatusReply;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class LeaderRequestsTest {
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

  @Nested
  @DisplayName("Bounds")
  class Bounds {
    @Test
    @DisplayName("too many pending requests are refused at once, and nothing happens")
    void tooMany() {
      var leader = given().with("proposals.max-pending = 2, reads.max-pending = 1").leader();
      leader.hearsProposal("a");
      leader.hearsProposal("b");
      leader.hearsRead("?");
      assertThat(leader.hearsProposal("c").receiveMessage().getError())
          .isInstanceOf(Overloaded.class);
      assertThat(leader.hearsRead("?").receiveMessage().getError()).isInstanceOf(Overloaded.class);
      assertThat(leader.lastIndex()).isEqualTo(3);
      leader.hears(accepted(P2, 1, 3));
      assertThat(leader.hearsProposal("c").hasMessages()).isFalse();
    }

    @Test
    @DisplayName("too many pending bytes are refused at once")
    void tooManyBytes() {
      var leader =
          given().with("proposals { max-pending-size = 10, max-command-size = 10 }").leader();
      leader.hearsProposal("123456");
      assertThat(leader.hearsProposal("12345").receiveMessage().getError())
          .isInstanceOf(Overloaded.class);
      assertThat(leader.hearsProposal("1234").hasMessages()).isFalse();
    }

    @Test
    @DisplayName("a command that is too large, or that can't be serialized, is refused")
    void illegalCommands() {
      var leader = given().with("proposals.max-command-size = 10").leader();
      assertThat(leader.hearsProposal("12345678901").receiveMessage().getError())
          .isInstanceOf(CommandRefused.class)
          .hasMessageContaining("11 bytes")
          .hasMessageContaining("max-command-size");
      var reply = TestInbox.<StatusReply<String>>create();
      leader.hears(new Propose<>(new Object(), reply.getRef()));
      assertThat(reply.receiveMessage().getError()).isInstanceOf(CommandRefused.class);
      assertThat(leader.lastIndex()).isEqualTo(1);
    }
  }

  @Nested
  @DisplayName("Under strain")
  class UnderStrain {
    @Test
    @DisplayName("an answered request makes room for the next, in number and in bytes")
    void room() {
      var leader =
          given()
              .with("proposals { max-pending = 2, max-pending-size = 10, max-command-size = 10 }")
              .leader();
      for (var index = 2; index < 20; index++) {
        var reply = leader.hearsProposal("12345678");
        leader.hears(accepted(P2, 1, index));
        assertThat(reply.receiveMessage().isSuccess()).isTrue();
      }
    }

    @Test
    @DisplayName("a command that can't be read again is refused before it is in the log")
    void unreadable() {
      var leader = given().leader();
      var reply = leader.hearsProposal("unreadable");
      assertThat(reply.receiveMessage().getError())
          .isInstanceOfSatisfying(
              CommandRefused.class,
              refused ->
                  assertThat(refused.reason()).isEqualTo(CommandRefused.Reason.NOT_SERIALIZABLE));
      assertThat(leader.lastIndex()).isEqualTo(1);
    }

    @Test
    @DisplayName("a query that ends in an error is answered, and the leader goes on")
    void failingQuery() {
      var leader = given().leader();
      var overflow = leader.hearsRead("overflow");
      leader.hears(accepted(P2, 1, 1));
      var nothing = leader.hearsRead("null");
      leader.hears(accepted(P2, 1, 1));
      assertThat(overflow.receiveMessage().getError()).isInstanceOf(CommandFailed.class);
      assertThat(nothing.receiveMessage().getError()).isInstanceOf(CommandFailed.class);
      assertThat(leader.role()).isEqualTo(Role.LEADER);
    }

    @Test
    @DisplayName("what waits for a slow disk is bounded, though the followers commit without it")
    void slowDisk() {
      var leader =
          given().with("proposals { max-pending-size = 100, max-command-size = 100 }").leader();
      leader.diskHangs();
      var refused = 0;
      for (var i = 0; i < 50; i++) {
        var reply = leader.hearsProposal("0123456789");
        leader.hears(accepted(P2, 1, leader.lastIndex()), accepted(P3, 1, leader.lastIndex()));
        if (reply.receiveMessage().isError()) {
          refused++;
        }
      }
      assertThat(refused).isGreaterThan(30);
      leader.diskRecovers();
      var reply = leader.hearsProposal("x");
      leader.hears(accepted(P2, 1, leader.lastIndex()));
      assertThat(reply.receiveMessage().isSuccess()).isTrue();
    }

    @Test
    @DisplayName("a follower that lost what it had acknowledged is asked at the heartbeats' pace")
    void followerThatLostItsDisk() {
      var leader = given().inTerm(1).withEntriesOfTerms(1, 1, 1).leader();
      leader.hears(accepted(P2, 2, 4));
      leader.heartbeats();
      leader.hears(rejected(P2, 2, 4, at(0, 0)));
      leader.forgetsWhatItSaid();
      for (var i = 0; i < 100; i++) {
        leader.hears(rejected(P2, 2, 4, at(0, 0)));
      }
      leader.saysNothing();
    }

    @Test
    @DisplayName("the window is empty after a rejection")
    void windowAfterRejection() {
      var leader = given().with("replication.max-in-flight-messages = 2").leader();
      leader.hears(accepted(P2, 1, 1));
      leader.hearsProposal("a");
      leader.hearsProposal("b");
      leader.hears(rejected(P2, 1, 3, at(1, 1)), accepted(P2, 1, 2));
      leader.forgetsWhatItSaid();
      leader.hearsProposal("c");
      assertThat(leader.saidTo(P2, AppendEntries.class)).isNotEmpty();
    }

    @Test
    @DisplayName("forged numbers change nothing")
    void forgedRejections() {
      for (var previous : new long[] {0, 1, 5, Long.MAX_VALUE}) {
        for (var hint : new long[] {0, 5, Long.MAX_VALUE}) {
          var leader = given().inTerm(1).withEntriesOfTerms(1, 1, 1).leader();
          leader.hears(rejected(P2, 2, previous, at(1, hint)));
          leader.hears(accepted(P2, 2, 4));
          assertThat(leader.commitIndex()).isEqualTo(4);
        }
      }
    }

    @Test
    @DisplayName("a flood of reads does not keep the followers from hearing the leader, either")
    void heartbeatsThroughReads() {
      var leader = given().leader();
      leader.hears(accepted(P2, 1, 1), accepted(P3, 1, 1));
      leader.forgetsWhatItSaid();
      leader.passes(Duration.ofMillis(51));
      leader.kit().run(new Read<>("?", TestInbox.<StatusReply<String>>create().getRef()));
      assertThat(leader.said(AppendEntries.class)).hasSize(2);
    }
  }
}
