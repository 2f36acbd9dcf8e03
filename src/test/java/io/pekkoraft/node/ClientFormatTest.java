package io.pekkoraft.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pekkoraft.Answered;
import io.pekkoraft.Explanation;
import io.pekkoraft.Finding;
import io.pekkoraft.RaftException;
import io.pekkoraft.RaftException.ChangeRefused;
import io.pekkoraft.RaftException.CommandRefused;
import io.pekkoraft.RaftException.NotLeader;
import io.pekkoraft.RaftStatus;
import io.pekkoraft.RaftStatus.FollowerStatus;
import io.pekkoraft.ReadConsistency;
import io.pekkoraft.membership.Change;
import io.pekkoraft.membership.Configuration;
import io.pekkoraft.membership.VersionedConfiguration;
import io.pekkoraft.model.LogIndex;
import io.pekkoraft.model.LogPosition;
import io.pekkoraft.model.PeerId;
import io.pekkoraft.model.Term;
import io.pekkoraft.protocol.ClientMessage;
import io.pekkoraft.protocol.ClientMessage.Request;
import io.pekkoraft.session.SerialNumber;
import io.pekkoraft.session.SessionId;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.pattern.StatusReply;
import org.apache.pekko.serialization.SerializationExtension;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ClientFormatTest {
  private static final PeerId P1 = PeerId.of("p1");
  private static final PeerId P2 = PeerId.of("p2");
  private static final VersionedConfiguration MEMBERS =
      new VersionedConfiguration(LogIndex.of(4), Configuration.of(PeerId.setOf("p1", "p2", "p3")));

  private final ActorTestKit kit = ActorTestKit.create();
  private final ClientFormat format = new ClientFormat(SerializationExtension.get(kit.system()));

  @AfterAll
  void shutdown() {
    kit.shutdownTestKit();
  }

  private <T> ActorRef<T> asker() {
    return kit.system().ignoreRef();
  }

  private Stream<ClientMessage> requests() {
    var session = SessionId.of(9);
    return Stream.of(
        new ClientMessage.Propose<String, String>("x", asker()),
        new ClientMessage.Read<String, String>("x", ReadConsistency.linearizable(), asker()),
        new ClientMessage.Read<String, String>("x", ReadConsistency.lease(), asker()),
        new ClientMessage.Read<String, String>("x", ReadConsistency.follower(), asker()),
        new ClientMessage.Read<String, String>(
            "x", ReadConsistency.stale(Duration.ofMillis(1500)), asker()),
        new ClientMessage.Read<String, String>(
            "x", ReadConsistency.atLeast(LogIndex.of(7)), asker()),
        new ClientMessage.Read<String, String>("x", ReadConsistency.session(), asker()),
        new ClientMessage.ReadAnswered<String, String>(
            "x", ReadConsistency.linearizable(), asker()),
        new ClientMessage.OpenSession(asker()),
        new ClientMessage.ProposeOnce<String, String>(
            new SerialNumber(session, 5, 3), "x", asker()),
        new ClientMessage.KeepAlive(session, 3, asker()),
        new ClientMessage.CloseSession(session, asker()),
        new ClientMessage.TransferLeadership(Optional.of(P2), asker()),
        new ClientMessage.TransferLeadership(Optional.empty(), asker()),
        new ClientMessage.TakeSnapshot(asker()),
        new ClientMessage.ChangeMembership(
            new Change(PeerId.setOf("p4"), PeerId.setOf("p1"), PeerId.setOf("p5"), LogIndex.of(4)),
            asker()),
        new ClientMessage.GetMembers(asker()),
        new ClientMessage.Explain(asker()),
        new ClientMessage.GetStatus(asker()));
  }

  @Test
  @DisplayName("each request arrives as it left, with another one to be answered")
  void roundTrip() throws IOException {
    for (var request : requests().toList()) {
      ActorRef<Object> asker = asker();
      assertThat(format.readRequest(format.write(request), asker)).isEqualTo(request);
      ActorRef<Object> other = kit.createTestProbe(Object.class).ref();
      assertThat(replyTo(format.readRequest(format.write(request), other))).isEqualTo(other);
    }
  }

  private static Object replyTo(ClientMessage message) {
    if (message instanceof Request<?> request) {
      return request.replyTo();
    } else if (message instanceof ClientMessage.Explain explain) {
      return explain.replyTo();
    }
    return ((ClientMessage.GetStatus) message).replyTo();
  }

  @Test
  @DisplayName("all kinds of requests but those that stay on their node are known")
  void complete() {
    var kinds =
        Stream.of(ClientMessage.class)
            .flatMap(ClientFormatTest::leaves)
            .map(Class::getSimpleName)
            .collect(Collectors.toSet());
    var written =
        requests().map(request -> request.getClass().getSimpleName()).collect(Collectors.toSet());
    written.addAll(Set.of("StepAside", "Inspect"));
    assertThat(written).isEqualTo(kinds);
  }

  private static Stream<Class<?>> leaves(Class<?> type) {
    return type.isSealed()
        ? Arrays.stream(type.getPermittedSubclasses()).flatMap(ClientFormatTest::leaves)
        : Stream.of(type);
  }

  @Test
  @DisplayName("each answer arrives as it left")
  void answers() throws IOException {
    for (var value :
        List.of(
            "result",
            5L,
            new Answered<>("result", LogIndex.of(3)),
            SessionId.of(9),
            P2,
            LogPosition.of(3, 8),
            MEMBERS)) {
      var read = (StatusReply<?>) format.readAnswer(format.writeAnswer(StatusReply.success(value)));
      assertThat(read.getValue()).isEqualTo(value);
    }
    var followers =
        new TreeMap<>(
            Map.of(
                P2,
                new FollowerStatus(
                    LogIndex.of(3), LogIndex.of(4), FollowerStatus.State.REPLICATE)));
    for (var answer :
        List.of(
            new RaftStatus(
                P1,
                "kv",
                RaftStatus.Role.LEADER,
                Term.of(3),
                Optional.of(P1),
                Optional.empty(),
                LogIndex.of(5),
                LogIndex.of(5),
                LogIndex.of(1),
                LogIndex.of(6),
                followers,
                MEMBERS,
                false,
                true),
            new Explanation(
                P1, "kv", Optional.of(RaftStatus.Role.LEADER), Term.of(3), findings()))) {
      assertThat(format.readAnswer(format.writeAnswer(answer))).isEqualTo(answer);
    }
  }

  private static List<Finding> findings() {
    var while_ = Duration.ofMillis(20);
    var all =
        List.<Finding>of(
            new Finding.Down(Optional.of("no space left")),
            new Finding.Unresponsive(while_),
            new Finding.Recovering(while_),
            new Finding.NotAMember(),
            new Finding.Disowned(),
            new Finding.Quiet(),
            new Finding.DiskHangs(while_),
            new Finding.SteppedAside(),
            new Finding.Applying(5),
            new Finding.NoLeader(while_),
            new Finding.NoVotes(PeerId.setOf("p2")),
            new Finding.ReceivingSnapshot(LogPosition.of(1, 2)),
            new Finding.NoQuorum(new TreeMap<>(Map.of(P2, while_))),
            new Finding.NothingCommitted(),
            new Finding.Full(8),
            new Finding.Leaving(P2),
            new Finding.Changing(PeerId.setOf("p1"), PeerId.setOf("p2")),
            new Finding.Silent(P2, while_),
            new Finding.Lagging(P2, 5, FollowerStatus.State.PROBE),
            new Finding.SendingSnapshot(P2, 7));
    assertThat(all).hasSize(Finding.class.getPermittedSubclasses().length);
    return all;
  }

  @Test
  @DisplayName("each error keeps its type and what it tells")
  void errors() throws IOException {
    var kinds = Set.of(RaftException.class.getPermittedSubclasses());
    var errors =
        List.of(
            new NotLeader("not me", Optional.of(P2)),
            new NotLeader("nobody", Optional.empty()),
            new ChangeRefused(ChangeRefused.Reason.STALE, "stale"),
            new RaftException.Overloaded("full"),
            new CommandRefused(CommandRefused.Reason.CHANGES_STATE, "no read"),
            new RaftException.OutcomeUnknown("who knows"),
            new RaftException.CommandFailed("broke", new IllegalStateException("x")),
            new RaftException.SessionExpired("gone"),
            new RaftException.ResultLost("lost"));
    assertThat(errors.stream().map(Object::getClass).collect(Collectors.toSet())).isEqualTo(kinds);
    for (var error : errors) {
      var read = (StatusReply<?>) format.readAnswer(format.writeAnswer(StatusReply.error(error)));
      assertThat(read.getError()).hasSameClassAs(error).hasMessage(error.getMessage());
      if (error instanceof NotLeader elsewhere) {
        assertThat(((NotLeader) read.getError()).leader()).isEqualTo(elsewhere.leader());
      } else if (error instanceof ChangeRefused refused) {
        assertThat(((ChangeRefused) read.getError()).reason()).isEqualTo(refused.reason());
      } else if (error instanceof CommandRefused refused) {
        assertThat(((CommandRefused) read.getError()).reason()).isEqualTo(refused.reason());
      }
    }
  }

  @Test
  @DisplayName("what no serializer takes does not leave, and what is no request is not read")
  void malformed() {
    assertThatThrownBy(
            () -> format.write(new ClientMessage.Propose<Object, Object>(new Object(), asker())))
        .isInstanceOf(RuntimeException.class);
    for (var bytes : List.of(new byte[0], new byte[] {1}, new byte[] {3, 'a', 'b', 'c', 1, 2})) {
      assertThatThrownBy(() -> format.readRequest(bytes, asker())).isInstanceOf(IOException.class);
    }
  }
}
