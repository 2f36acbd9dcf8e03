package io.pekkoraft.role;

import static io.pekkoraft.role.PeerUnderTest.P1;
import static io.pekkoraft.role.PeerUnderTest.P2;
import static io.pekkoraft.role.PeerUnderTest.append;
import static io.pekkoraft.role.PeerUnderTest.at;
import static io.pekkoraft.role.PeerUnderTest.given;
import static io.pekkoraft.role.PeerUnderTest.incarnationOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.pekkoraft.Answered;
import io.pekkoraft.Explanation;
import io.pekkoraft.Inspection;
import io.pekkoraft.RaftStatus;
import io.pekkoraft.ReadConsistency;
import io.pekkoraft.membership.Change;
import io.pekkoraft.membership.VersionedConfiguration;
import io.pekkoraft.model.Bytes;
import io.pekkoraft.model.LogIndex;
import io.pekkoraft.model.LogPosition;
import io.pekkoraft.model.PeerId;
import io.pekkoraft.model.Term;
import io.pekkoraft.protocol.ClientMessage;
import io.pekkoraft.protocol.PeerMessage;
import io.pekkoraft.protocol.RaftMessage;
import io.pekkoraft.protocol.SelfMessage;
import io.pekkoraft.protocol.SnapshotWork;
import io.pekkoraft.session.SerialNumber;
import io.pekkoraft.session.SessionId;
import io.pekkoraft.snapshot.Samples;
import io.pekkoraft.snapshot.SnapshotChunk;
import io.pekkoraft.snapshot.SnapshotMeta;
import io.pekkoraft.snapshot.SnapshotReceiver;
import io.pekkoraft.snapshot.SnapshotSender.Slice;
import io.pekkoraft.snapshot.SnapshotTransfer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.pekko.Done;
import org.apache.pekko.actor.testkit.typed.javadsl.TestInbox;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.pattern.StatusReply;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every record of the protocol has a handler in every role: none is ever left unhandled. */
class EveryMessageTest {
  private static final Term TERM = Term.of(1);
  private static final SnapshotMeta META = Samples.meta(5, Samples.content(10));
  private static final Slice SLICE = new Slice(new SnapshotTransfer(TERM, 1), 0, 0, 0);
  private static final SnapshotChunk CHUNK = SnapshotChunk.of(META, SLICE, Bytes.EMPTY);

  private static List<RaftMessage> messages() {
    return List.of(
        new PeerMessage.Disowned(P2, TERM, LogIndex.of(9), incarnationOf(P1)),
        new PeerMessage.PreVote(P2, TERM, at(0, 0)),
        new PeerMessage.PreVoteReply(P2, TERM, TERM, false, incarnationOf(P2)),
        new PeerMessage.RequestVote(P2, TERM, at(0, 0), false),
        new PeerMessage.VoteReply(P2, TERM, false, incarnationOf(P2)),
        append(2, P2, at(0, 0)),
        new PeerMessage.TimeoutNow(P2, TERM),
        new PeerMessage.GoQuiet(P2, Term.of(2), at(0, 0), 1),
        new PeerMessage.GoneQuiet(P2, TERM, 1, incarnationOf(P2)),
        new PeerMessage.Rouse(P2, TERM),
        new SelfMessage.NeighbourGone(P2, 1),
        new PeerMessage.AskReadIndex(P2, TERM, 1),
        new PeerMessage.ReadIndexAnswer(P2, TERM, 1, LogIndex.ZERO),
        new ClientMessage.TransferLeadership(
            Optional.empty(), TestInbox.<StatusReply<PeerId>>create().getRef()),
        new ClientMessage.ChangeMembership(
            new Change(PeerId.setOf("p9"), PeerId.setOf(), PeerId.setOf(), LogIndex.ZERO),
            TestInbox.<StatusReply<VersionedConfiguration>>create().getRef()),
        new ClientMessage.GetMembers(
            TestInbox.<StatusReply<VersionedConfiguration>>create().getRef()),
        new PeerMessage.AppendAccepted(P2, TERM, LogIndex.ZERO, 0, incarnationOf(P2)),
        new PeerMessage.AppendRejected(P2, TERM, LogIndex.ZERO, at(0, 0), 0, incarnationOf(P2)),
        new ClientMessage.Propose<>("x", TestInbox.<StatusReply<String>>create().getRef()),
        new ClientMessage.Read<>("?", TestInbox.<StatusReply<String>>create().getRef()),
        new ClientMessage.ReadAnswered<>(
            "?",
            ReadConsistency.follower(),
            TestInbox.<StatusReply<Answered<String>>>create().getRef()),
        new ClientMessage.OpenSession(TestInbox.<StatusReply<SessionId>>create().getRef()),
        new ClientMessage.ProposeOnce<>(
            new SerialNumber(SessionId.of(1), 1, 1),
            "x",
            TestInbox.<StatusReply<Answered<String>>>create().getRef()),
        new ClientMessage.KeepAlive(
            SessionId.of(1), 1, TestInbox.<StatusReply<SessionId>>create().getRef()),
        new ClientMessage.CloseSession(
            SessionId.of(1), TestInbox.<StatusReply<SessionId>>create().getRef()),
        new ClientMessage.StepAside(PeerId.setOf(), TestInbox.<Done>create().getRef()),
        new PeerMessage.InstallSnapshot(P2, Term.of(2), CHUNK),
        new PeerMessage.InstallSnapshotReply(
            P2, TERM, SnapshotReceiver.hasIt(CHUNK), incarnationOf(P2)),
        new ClientMessage.TakeSnapshot(TestInbox.<StatusReply<LogPosition>>create().getRef()),
        new SnapshotWork.NotTaken(at(0, 0), "on purpose"),
        new SnapshotWork.Opened(1, 0),
        new SnapshotWork.Appended(1, 0),
        new SnapshotWork.NotReceived(1, "on purpose"),
        new SnapshotWork.Received(1, META, new SnapshotWork.State("", Bytes.EMPTY)),
        new SnapshotWork.SliceRead(SLICE, Bytes.EMPTY),
        new SnapshotWork.SliceNotRead(SLICE, "on purpose"),
        new ClientMessage.Explain(TestInbox.<Explanation>create().getRef()),
        new ClientMessage.Inspect(9, TestInbox.<Inspection>create().getRef()),
        new ClientMessage.GetStatus(TestInbox.<RaftStatus>create().getRef()),
        new SelfMessage.ElectionTimeout(),
        new SelfMessage.HeartbeatTick(),
        new SelfMessage.Flush(),
        new SelfMessage.LookAtDisk(),
        new SelfMessage.ApplyMore());
  }

  /** The store's own two: one is a reply to what was asked, the other comes once. */
  private static final List<Class<?>> FROM_THE_STORE =
      List.of(
          SelfMessage.Stored.class,
          SelfMessage.Recovered.class,
          SnapshotWork.Loaded.class,
          SnapshotWork.Taken.class);

  private static final Map<RaftStatus.Role, Supplier<PeerUnderTest>> ROLES =
      Map.of(
          RaftStatus.Role.FOLLOWER, () -> given().inTerm(1).follower(),
          RaftStatus.Role.PRE_CANDIDATE, () -> given().inTerm(1).preCandidate(),
          RaftStatus.Role.CANDIDATE, () -> given().candidate(),
          RaftStatus.Role.LEADER, () -> given().leader());

  static Stream<RaftStatus.Role> roles() {
    return ROLES.keySet().stream();
  }

  @Test
  @DisplayName("the list above is whole")
  void listIsWhole() {
    var listed = Stream.concat(messages().stream().map(Object::getClass), FROM_THE_STORE.stream());
    assertThat(listed.distinct().toList())
        .containsExactlyInAnyOrderElementsOf(records(RaftMessage.class).toList());
  }

  private static Stream<Class<?>> records(Class<?> type) {
    return type.isSealed()
        ? Arrays.stream(type.getPermittedSubclasses()).flatMap(EveryMessageTest::records)
        : Stream.of(type);
  }

  @ParameterizedTest
  @MethodSource("roles")
  void handles(RaftStatus.Role role) {
    for (var message : messages()) {
      var peer = ROLES.get(role).get();
      assertThat(peer.role()).isEqualTo(role);
      peer.kit().run(message);
      assertThat(peer.kit().returnedBehavior())
          .as("%s in %s", message, role)
          .isNotSameAs(Behaviors.unhandled());
    }
  }

  @ParameterizedTest
  @MethodSource("roles")
  @DisplayName("what the store never says is noticed")
  void noticesABrokenStore(RaftStatus.Role role) {
    var peer = ROLES.get(role).get();
    assertThat(catchThrowable(() -> peer.kit().run(new SelfMessage.Stored(99))))
        .isInstanceOf(IllegalStateException.class);
    assertThat(
            catchThrowable(
                () ->
                    peer.kit()
                        .run(
                            new SelfMessage.Recovered(
                                TERM,
                                Optional.empty(),
                                Optional.empty(),
                                LogPosition.ORIGIN,
                                List.of(),
                                Optional.empty()))))
        .isInstanceOf(IllegalStateException.class);
  }
}
