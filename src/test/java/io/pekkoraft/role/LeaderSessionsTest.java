package io.pekkoraft.role;

import static io.pekkoraft.role.PeerUnderTest.P2;
import static io.pekkoraft.role.PeerUnderTest.given;
import static io.pekkoraft.role.PeerUnderTest.incarnationOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.pekkoraft.Answered;
import io.pekkoraft.RaftException.CommandRefused;
import io.pekkoraft.RaftException.NotLeader;
import io.pekkoraft.RaftException.OutcomeUnknown;
import io.pekkoraft.RaftException.Overloaded;
import io.pekkoraft.RaftException.SessionExpired;
import io.pekkoraft.ReadConsistency;
import io.pekkoraft.model.Entry;
import io.pekkoraft.model.LogIndex;
import io.pekkoraft.model.LogPosition;
import io.pekkoraft.model.Term;
import io.pekkoraft.protocol.ClientMessage.KeepAlive;
import io.pekkoraft.protocol.ClientMessage.OpenSession;
import io.pekkoraft.protocol.ClientMessage.ProposeOnce;
import io.pekkoraft.protocol.ClientMessage.ReadAnswered;
import io.pekkoraft.protocol.PeerMessage.AppendAccepted;
import io.pekkoraft.session.SerialNumber;
import io.pekkoraft.session.SessionEntry;
import io.pekkoraft.session.SessionId;
import io.pekkoraft.storage.StoreEvent.EntriesAppended;
import java.time.Duration;
import java.util.List;
import org.apache.pekko.actor.testkit.typed.javadsl.TestInbox;
import org.apache.pekko.pattern.StatusReply;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Thesis §6.3: a leader takes what clients say about their sessions into the log. */
class LeaderSessionsTest {
  private static AppendAccepted accepted(long matched) {
    return new AppendAccepted(
        P2, Term.of(1), LogIndex.of(matched), Long.MAX_VALUE, incarnationOf(P2));
  }

  private static TestInbox<StatusReply<SessionId>> opens(PeerUnderTest leader) {
    var inbox = TestInbox.<StatusReply<SessionId>>create();
    leader.hears(new OpenSession(inbox.getRef()));
    return inbox;
  }

  private static TestInbox<StatusReply<Answered<String>>> proposes(
      PeerUnderTest leader, SessionId session, long sequence, String command) {
    var inbox = TestInbox.<StatusReply<Answered<String>>>create();
    leader.hears(
        new ProposeOnce<>(new SerialNumber(session, sequence, 1), command, inbox.getRef()));
    return inbox;
  }

  private static TestInbox<StatusReply<SessionId>> keepsAlive(
      PeerUnderTest leader, SessionId session) {
    var inbox = TestInbox.<StatusReply<SessionId>>create();
    leader.hears(new KeepAlive(session, 1, inbox.getRef()));
    return inbox;
  }

  /** Elected, its no-op at index 1 committed, and a session open at index 2. */
  private static PeerUnderTest leaderWithSession(String settings) {
    var leader = given().with(settings).leader();
    opens(leader);
    leader.hears(accepted(2));
    return leader;
  }

  @Test
  @DisplayName("a session is named by the entry that opened it, once that is committed")
  void open() {
    var leader = given().leader();
    var opened = opens(leader);
    assertThat(opened.hasMessages()).isFalse();
    leader.hears(accepted(2));
    assertThat(opened.receiveMessage().getValue()).isEqualTo(SessionId.of(2));
  }

  @Test
  @DisplayName(
      "a command that is sent twice has one effect, and each copy its answer and its index")
  void once() {
    var leader = leaderWithSession("");
    var first = proposes(leader, SessionId.of(2), 1, "a");
    var copy = proposes(leader, SessionId.of(2), 1, "a");
    leader.hears(accepted(4));
    assertThat(first.receiveMessage().getValue()).isEqualTo(new Answered<>("a", LogIndex.of(3)));
    assertThat(copy.receiveMessage().getValue()).isEqualTo(new Answered<>("a", LogIndex.of(4)));
  }

  @Test
  @DisplayName("a command of a session that is not open is refused as expired")
  void expired() {
    var leader = leaderWithSession("");
    var reply = proposes(leader, SessionId.of(1), 1, "a");
    leader.hears(accepted(3));
    assertThat(reply.receiveMessage().getError()).isInstanceOf(SessionExpired.class);
  }

  @Test
  @DisplayName("time passes by the leader's clock: a session that is not heard expires")
  void time() {
    var leader = leaderWithSession("sessions.expire-after = 1000ms");
    leader.passes(Duration.ofMillis(999));
    var alive = keepsAlive(leader, SessionId.of(2));
    leader.hears(accepted(3));
    assertThat(alive.receiveMessage().isSuccess()).isTrue();
    leader.passes(Duration.ofMillis(1000));
    var late = keepsAlive(leader, SessionId.of(2));
    leader.hears(accepted(4));
    assertThat(late.receiveMessage().getError()).isInstanceOf(SessionExpired.class);
  }

  @Test
  @DisplayName("a leader goes on from the log's time, once it knows it, and not from the beginning")
  void logTime() {
    var old = new SessionEntry.Close(SessionId.of(1), 5_000).in(Term.of(1));
    var leader = given().inTerm(1).withEntries(old).leader();
    leader.passes(Duration.ofMillis(10));
    opens(leader);
    assertThat(stamps(leader)).as("while it does not know it").endsWith(0L);
    leader.hears(
        new AppendAccepted(P2, Term.of(2), LogIndex.of(3), Long.MAX_VALUE, incarnationOf(P2)));
    leader.passes(Duration.ofMillis(10));
    leader.forgetsWhatItSaid();
    opens(leader);
    assertThat(stamps(leader)).endsWith(5_010L);
  }

  private static List<Long> stamps(PeerUnderTest leader) {
    return leader.written().stream()
        .filter(EntriesAppended.class::isInstance)
        .flatMap(event -> ((EntriesAppended) event).entries().entries().stream())
        .filter(entry -> entry.kind() == Entry.Kind.OPEN_SESSION)
        .map(entry -> SessionEntry.of(entry).stamp())
        .toList();
  }

  @Test
  @DisplayName("the bounds of proposals are the bounds of sessions, too")
  void bounds() {
    var leader = leaderWithSession("proposals { max-pending = 1, max-command-size = 10 }");
    assertThat(proposes(leader, SessionId.of(2), 1, "12345678901").receiveMessage().getError())
        .isInstanceOf(CommandRefused.class);
    opens(leader);
    assertThat(opens(leader).receiveMessage().getError()).isInstanceOf(Overloaded.class);
  }

  @Test
  @DisplayName("who does not lead says who does; a leader that is deposed does not know")
  void notLeading() {
    var follower = given().follower();
    assertThat(opens(follower).receiveMessage().getError()).isInstanceOf(NotLeader.class);
    var leader = leaderWithSession("");
    var pending = proposes(leader, SessionId.of(2), 1, "a");
    leader.hears(PeerUnderTest.append(2, P2, LogPosition.ORIGIN));
    assertThat(pending.receiveMessage().getError()).isInstanceOf(OutcomeUnknown.class);
  }

  @Test
  @DisplayName("a read tells where in the log its answer was found")
  void readAnswered() {
    var leader = leaderWithSession("");
    var reply = TestInbox.<StatusReply<Answered<String>>>create();
    leader.hears(new ReadAnswered<>("?", ReadConsistency.atLeast(LogIndex.of(2)), reply.getRef()));
    assertThat(reply.receiveMessage().getValue()).isEqualTo(new Answered<>("", LogIndex.of(2)));
  }
}
