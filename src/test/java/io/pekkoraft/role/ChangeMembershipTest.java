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
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pekkoraft.RaftEvent.ConfigurationChanged;
import io.pekkoraft.RaftException.ChangeRefused;
import io.pekkoraft.RaftException.ChangeRefused.Reason;
import io.pekkoraft.RaftException.NotLeader;
import io.pekkoraft.RaftException.OutcomeUnknown;
import io.pekkoraft.RaftStatus.Role;
import io.pekkoraft.membership.Change;
import io.pekkoraft.membership.Configuration;
import io.pekkoraft.membership.ConfigurationFormat;
import io.pekkoraft.membership.VersionedConfiguration;
import io.pekkoraft.model.Bytes;
import io.pekkoraft.model.Entry;
import io.pekkoraft.model.Incarnation;
import io.pekkoraft.model.LogIndex;
import io.pekkoraft.model.PeerId;
import io.pekkoraft.model.SafetyViolation;
import io.pekkoraft.model.Term;
import io.pekkoraft.protocol.ClientMessage.ChangeMembership;
import io.pekkoraft.protocol.ClientMessage.GetMembers;
import io.pekkoraft.protocol.PeerMessage.AppendAccepted;
import io.pekkoraft.protocol.PeerMessage.AppendEntries;
import io.pekkoraft.protocol.PeerMessage.PreVote;
import io.pekkoraft.protocol.PeerMessage.RequestVote;
import io.pekkoraft.protocol.PeerMessage.TimeoutNow;
import io.pekkoraft.protocol.PeerMessage.VoteReply;
import java.time.Duration;
import java.util.List;
import java.util.SortedSet;
import org.apache.pekko.actor.testkit.typed.javadsl.TestInbox;
import org.apache.pekko.pattern.StatusReply;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Who belongs to the group, and how that changes (§6, thesis §4). */
class ChangeMembershipTest {
  private static final SortedSet<PeerId> NOBODY = PeerId.setOf();
  private static final Configuration THREE = Configuration.of(List.of(P1, P2, P3));

  private static AppendAccepted accepted(PeerId from, long matched) {
    return acceptedOf(from, matched, incarnationOf(from));
  }

  private static AppendAccepted acceptedOf(PeerId from, long matched, Incarnation incarnation) {
    return new AppendAccepted(from, Term.of(1), LogIndex.of(matched), Long.MAX_VALUE, incarnation);
  }

  private static Change change(
      SortedSet<PeerId> add, SortedSet<PeerId> remove, SortedSet<PeerId> learners) {
    return new Change(add, remove, learners, LogIndex.ZERO);
  }

  private static TestInbox<StatusReply<VersionedConfiguration>> ask(
      PeerUnderTest peer, Change change) {
    var inbox = TestInbox.<StatusReply<VersionedConfiguration>>create();
    peer.hears(new ChangeMembership(change, inbox.getRef()));
    return inbox;
  }

  /** Its no-op at 1 is committed, and both others follow. */
  private static PeerUnderTest leader() {
    var leader = given().leader();
    leader.hears(accepted(P2, 1), accepted(P3, 1));
    leader.forgetsWhatItSaid();
    return leader;
  }

  private static Configuration inUse(PeerUnderTest peer) {
    return peer.status().configuration().configuration();
  }

  private static Entry configuration(long term, Configuration configuration) {
    return Entry.configuration(Term.of(term), ConfigurationFormat.encode(configuration));
  }

  private static void refused(TestInbox<StatusReply<VersionedConfiguration>> reply, Reason reason) {
    assertThat(reply.receiveMessage().getError())
        .isInstanceOfSatisfying(
            ChangeRefused.class, refusal -> assertThat(refusal.reason()).isEqualTo(reason));
  }

  @Nested
  @DisplayName("A leader")
  class Leading {
    @Test
    @DisplayName(
        "§6 uses the joint configuration at once, leaves it when it is committed, and says"
            + " so when that is committed, too")
    void throughJoint() {
      var leader = leader();
      var reply = ask(leader, change(NOBODY, PeerId.setOf("p3"), NOBODY));
      assertThat(inUse(leader).isJoint()).isTrue();
      leader.hears(accepted(P2, 2));
      assertThat(inUse(leader).isJoint()).isFalse();
      assertThat(inUse(leader).voters()).containsExactly(P1, P2);
      assertThat(reply.hasMessages()).isFalse();
      leader.hears(accepted(P2, 3));
      var changed = reply.receiveMessage().getValue();
      assertThat(changed.version()).isEqualTo(LogIndex.of(3));
      assertThat(changed.configuration().voters()).containsExactly(P1, P2);
    }

    @Test
    @DisplayName("§6 in a joint configuration, a majority of each has to agree")
    void bothMajorities() {
      var leader = leader();
      ask(leader, change(NOBODY, PeerId.setOf("p2"), NOBODY));
      leader.hears(accepted(P2, 2));
      assertThat(leader.commitIndex()).isEqualTo(1);
      leader.hears(accepted(P3, 2));
      assertThat(leader.commitIndex()).isEqualTo(2);
    }

    @Test
    @DisplayName("trap 21: changes nothing before an entry of its own term is committed")
    void notReady() {
      var leader = given().leader();
      refused(ask(leader, change(NOBODY, PeerId.setOf("p3"), NOBODY)), Reason.NOT_READY);
      assertThat(leader.lastIndex()).isEqualTo(1);
    }

    @Test
    @DisplayName("refuses what can't be, says why, and changes nothing")
    void refusals() {
      var leader = leader();
      refused(ask(leader, change(NOBODY, NOBODY, NOBODY)), Reason.MALFORMED);
      refused(
          ask(leader, change(PeerId.setOf("p4"), PeerId.setOf("p4"), NOBODY)), Reason.MALFORMED);
      refused(ask(leader, change(NOBODY, PeerId.setOf("p9"), NOBODY)), Reason.NO_SUCH_PEER);
      refused(ask(leader, change(PeerId.setOf("p2"), NOBODY, NOBODY)), Reason.ALREADY_THERE);
      refused(
          ask(leader, change(NOBODY, PeerId.setOf("p1", "p2", "p3"), NOBODY)),
          Reason.NO_VOTER_LEFT);
      refused(
          ask(leader, new Change(NOBODY, PeerId.setOf("p3"), NOBODY, LogIndex.of(7))),
          Reason.STALE);
      assertThat(leader.lastIndex()).isEqualTo(1);
      assertThat(inUse(leader).peers()).isEqualTo(THREE.peers());
    }

    @Test
    @DisplayName("§6 makes one change at a time")
    void oneAtATime() {
      var leader = leader();
      ask(leader, change(NOBODY, PeerId.setOf("p3"), NOBODY));
      refused(ask(leader, change(NOBODY, PeerId.setOf("p2"), NOBODY)), Reason.UNDER_WAY);
    }

    @Test
    @DisplayName("removes nobody who is there while too many are not")
    void noMajority() {
      var leader = given().leader();
      leader.hears(accepted(P2, 1));
      leader.passes(Duration.ofMillis(301));
      leader.hears(accepted(P2, 1));
      refused(ask(leader, change(NOBODY, PeerId.setOf("p2"), NOBODY)), Reason.NO_MAJORITY);
    }

    @Test
    @DisplayName("thesis §4.2.1 lets newcomers catch up before anything of it is in the log")
    void catchUp() {
      var leader = leader();
      var reply = ask(leader, change(PeerId.setOf("p4"), NOBODY, NOBODY));
      assertThat(leader.saidTo(P4, AppendEntries.class)).isNotEmpty();
      assertThat(leader.lastIndex()).isEqualTo(1);
      leader.hears(accepted(P4, 1));
      assertThat(leader.lastIndex()).isEqualTo(2);
      assertThat(inUse(leader).voters()).contains(P4);
      assertThat(inUse(leader).incarnationOf(P4)).contains(incarnationOf(P4));
      leader.hears(accepted(P2, 2), accepted(P4, 2), accepted(P2, 3), accepted(P4, 3));
      assertThat(reply.receiveMessage().isSuccess()).isTrue();
    }

    @Test
    @DisplayName("trap 27: makes no voter of a learner by what it remembers of it")
    void learnerProvesItself() {
      var leader = leader();
      ask(leader, change(NOBODY, NOBODY, PeerId.setOf("p4")));
      leader.hears(accepted(P2, 2), accepted(P4, 2));
      ask(leader, new Change(PeerId.setOf("p4"), NOBODY, NOBODY, LogIndex.of(2)));
      leader.hears(accepted(P2, 2), acceptedOf(P4, 2, Incarnation.of(99)));
      assertThat(leader.lastIndex()).isEqualTo(2);
      leader.hears(accepted(P4, 2));
      assertThat(inUse(leader).voters()).contains(P4);
    }

    @Test
    @DisplayName("trap 27: does not count on a voter that answers under another incarnation")
    void voterOfAnotherLife() {
      var leader = leader();
      leader.passes(Duration.ofMillis(301)); // It has not just begun to hear who is there.
      leader.heartbeats();
      leader.hears(accepted(P2, 1), accepted(P3, 1));
      leader.hears(acceptedOf(P3, 1, Incarnation.of(99)));
      refused(ask(leader, change(NOBODY, PeerId.setOf("p2"), NOBODY)), Reason.NO_MAJORITY);
    }

    @Test
    @DisplayName("thesis §4.2.1 gives up a newcomer that comes no further, and all is as it was")
    void tooSlow() {
      var leader = leader();
      var reply = ask(leader, change(PeerId.setOf("p4"), NOBODY, NOBODY));
      leader.passes(Duration.ofSeconds(11));
      leader.hears(accepted(P2, 1));
      leader.heartbeats();
      refused(reply, Reason.TIMED_OUT);
      assertThat(leader.lastIndex()).isEqualTo(1);
      assertThat(leader.status().followers()).doesNotContainKey(P4);
    }

    @Test
    @DisplayName("thesis §4.2.1 a learner gets the log and counts for nothing")
    void learner() {
      var leader = leader();
      ask(leader, change(NOBODY, NOBODY, PeerId.setOf("p4")));
      assertThat(leader.saidTo(P4, AppendEntries.class)).isNotEmpty();
      leader.hears(accepted(P4, 2));
      assertThat(leader.commitIndex()).isEqualTo(1);
      leader.hears(accepted(P2, 2));
      assertThat(leader.commitIndex()).isEqualTo(2);
    }

    @Test
    @DisplayName(
        "trap 22: completes what an earlier leader began, once it has committed of its own")
    void completes() {
      var joint = THREE.changedBy(change(NOBODY, PeerId.setOf("p3"), NOBODY));
      var leader = given().withEntries(configuration(0, known(joint))).leader();
      assertThat(leader.lastIndex()).isEqualTo(2);
      leader.hears(accepted(P2, 1));
      assertThat(inUse(leader).isJoint()).isTrue();
      leader.hears(accepted(P2, 2));
      assertThat(inUse(leader).isJoint()).isFalse();
    }

    @Test
    @DisplayName("trap 25: removes itself without counting itself, and leaves when it is committed")
    void removesItself() {
      var leader = leader();
      var reply = ask(leader, change(NOBODY, PeerId.setOf("p1"), NOBODY));
      leader.hears(accepted(P2, 2), accepted(P3, 2));
      assertThat(inUse(leader).voters()).containsExactly(P2, P3);
      leader.hears(accepted(P2, 3));
      assertThat(leader.commitIndex()).isEqualTo(2);
      assertThat(leader.role()).isEqualTo(Role.LEADER);
      leader.hears(accepted(P3, 3));
      assertThat(leader.commitIndex()).isEqualTo(3);
      assertThat(reply.receiveMessage().isSuccess()).isTrue();
      assertThat(leader.role()).isEqualTo(Role.FOLLOWER);
      assertThat(leader.said(TimeoutNow.class)).hasSize(1);
      leader.forgetsWhatItSaid();
      leader.hearsNothing();
      leader.saysNothing();
    }

    @Test
    @DisplayName("§6 tells a peer that it was removed, until it knows or has heard it often enough")
    void farewell() {
      var leader = leader();
      ask(leader, change(NOBODY, PeerId.setOf("p3"), NOBODY));
      leader.hears(accepted(P2, 2), accepted(P2, 3));
      leader.forgetsWhatItSaid();
      leader.heartbeats();
      assertThat(leader.saidTo(P3, AppendEntries.class)).isNotEmpty();
      leader.hears(accepted(P3, 3));
      leader.forgetsWhatItSaid();
      leader.heartbeats();
      assertThat(leader.saidTo(P3, AppendEntries.class)).isEmpty();
    }

    @Test
    @DisplayName("§6 does not talk for ever to a removed peer that is gone")
    void farewellIsBounded() {
      var leader = leader();
      ask(leader, change(NOBODY, PeerId.setOf("p3"), NOBODY));
      leader.hears(accepted(P2, 2), accepted(P2, 3));
      for (var i = 0; i < 12; i++) {
        leader.heartbeats();
      }
      assertThat(leader.status().followers()).containsOnlyKeys(P2);
    }

    @Test
    @DisplayName(
        "that is deposed knows not what comes of a change, and surely nothing of one that"
            + " was not begun")
    void deposed() {
      var begun = leader();
      var unknown = ask(begun, change(NOBODY, PeerId.setOf("p3"), NOBODY));
      begun.hears(append(2, P2, at(0, 0)));
      assertThat(unknown.receiveMessage().getError()).isInstanceOf(OutcomeUnknown.class);
      var catchingUp = leader();
      var nothing = ask(catchingUp, change(PeerId.setOf("p4"), NOBODY, NOBODY));
      catchingUp.hears(append(2, P2, at(0, 0)));
      assertThat(nothing.receiveMessage().getError()).isInstanceOf(NotLeader.class);
    }

    @Test
    @DisplayName("tells the members; all others say who leads")
    void members() {
      var inbox = TestInbox.<StatusReply<VersionedConfiguration>>create();
      leader().hears(new GetMembers(inbox.getRef()));
      assertThat(inbox.receiveMessage().getValue().configuration().voters())
          .containsExactly(P1, P2, P3);
      given().follower().hears(new GetMembers(inbox.getRef()));
      assertThat(inbox.receiveMessage().getError()).isInstanceOf(NotLeader.class);
      assertThat(ask(given().follower(), change(NOBODY, NOBODY, NOBODY)).receiveMessage().isError())
          .isTrue();
    }
  }

  private static Configuration known(Configuration configuration) {
    var met = new java.util.TreeMap<PeerId, io.pekkoraft.model.Incarnation>();
    configuration.peers().forEach(id -> met.put(id, incarnationOf(id)));
    return configuration.having(met);
  }

  @Nested
  @DisplayName("A follower")
  class Following {
    private final Configuration joint =
        known(THREE.changedBy(change(NOBODY, PeerId.setOf("p1"), NOBODY)));

    @Test
    @DisplayName("trap 23: uses a configuration when it is appended, and no longer when it is gone")
    void inUse() {
      var follower = given().inTerm(1).follower();
      follower.hears(append(1, P2, at(0, 0), entry(1, "a"), configuration(1, joint)));
      assertThat(ChangeMembershipTest.inUse(follower)).isEqualTo(joint);
      follower.hears(append(2, P3, at(1, 1), entry(2, "b")));
      assertThat(ChangeMembershipTest.inUse(follower)).isEqualTo(known(THREE));
      assertThat(follower.events().stream().filter(ConfigurationChanged.class::isInstance))
          .hasSize(2);
    }

    @Test
    @DisplayName("§6 recovers the configuration from its log")
    void recovers() {
      var follower = given().withEntries(entry(1, "a"), configuration(1, joint)).follower();
      assertThat(follower.status().configuration())
          .isEqualTo(new VersionedConfiguration(LogIndex.of(2), joint));
    }

    @Test
    @DisplayName("thesis §4.2.2 without its vote stands until it knows that to be committed")
    void removed() {
      var follower = given().inTerm(1).follower();
      follower.hears(
          append(1, P2, at(0, 0), configuration(1, joint), configuration(1, joint.leaveJoint())));
      follower.hearsNothing();
      assertThat(follower.role()).isEqualTo(Role.PRE_CANDIDATE);
      follower.hears(append(1, P2, at(1, 2), 2));
      follower.forgetsWhatItSaid();
      follower.hearsNothing();
      assertThat(follower.role()).isEqualTo(Role.FOLLOWER);
      assertThat(follower.status().leader()).isEmpty();
      assertThat(follower.status().isMember()).isFalse();
      follower.saysNothing();
    }

    @Test
    @DisplayName(
        "thesis §4.2.1 that learns stands for no election, nor when its leader wants it to")
    void learner() {
      var learner =
          given()
              .inTerm(1)
              .in(new Configuration(PeerId.setOf("p2", "p3"), NOBODY, PeerId.setOf("p1")))
              .follower();
      learner.hears(append(1, P2, at(0, 0)));
      learner.hears(new TimeoutNow(P2, Term.of(1)));
      learner.hearsNothing();
      assertThat(learner.role()).isEqualTo(Role.FOLLOWER);
      assertThat(learner.status().isLearner()).isTrue();
    }

    @Test
    @DisplayName("trap 24: gives its vote to whom it does not know, and whatever it is itself")
    void votes() {
      var stranger = PeerId.of("stranger");
      var learner =
          given()
              .inTerm(1)
              .in(new Configuration(PeerId.setOf("p2", "p3"), NOBODY, PeerId.setOf("p1")))
              .follower();
      learner.hears(new RequestVote(stranger, Term.of(2), at(0, 0), false));
      assertThat(learner.saidTo(stranger, VoteReply.class).get(0).granted()).isTrue();
    }

    @Test
    @DisplayName("that joins knows nobody, is quiet, and follows whoever leads")
    void joins() {
      var newcomer = given().in(Configuration.NONE).follower();
      newcomer.hearsNothing();
      newcomer.saysNothing();
      var others = known(Configuration.of(List.of(P2, P3, P4)));
      newcomer.hears(append(3, P2, at(0, 0), configuration(1, others), entry(3, "a")));
      assertThat(newcomer.status().leader()).contains(P2);
      assertThat(newcomer.lastIndex()).isEqualTo(2);
      newcomer.forgetsWhatItSaid();
      newcomer.hearsNothing();
      newcomer.saysNothing();
    }

    @Test
    @DisplayName("that was founded with another configuration than its leader's stops")
    void otherFounders() {
      var other = given().in(Configuration.of(List.of(P1, P4))).follower();
      assertThatThrownBy(() -> other.hears(append(1, P2, at(0, 0), configuration(1, known(THREE)))))
          .isInstanceOf(SafetyViolation.class);
    }

    @Test
    @DisplayName("a message with a configuration that can't be read is none")
    void malformed() {
      var malformed = Entry.configuration(Term.of(1), Bytes.wrap(new byte[] {1, 1}));
      assertThatThrownBy(() -> append(1, P2, at(0, 0), malformed))
          .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    @DisplayName("trap 9: hears no removed peer while it hears its leader")
    void disturbed() {
      var follower = given().inTerm(1).follower();
      follower.hears(append(1, P2, at(0, 0)));
      follower.forgetsWhatItSaid();
      follower.hears(new RequestVote(PeerId.of("gone"), Term.of(9), at(9, 9), false));
      assertThat(follower.term()).isEqualTo(Term.of(1));
      follower.saysNothing();
      follower.hears(new PreVote(PeerId.of("gone"), Term.of(9), at(9, 9)));
      assertThat(follower.term()).isEqualTo(Term.of(1));
    }
  }
}
