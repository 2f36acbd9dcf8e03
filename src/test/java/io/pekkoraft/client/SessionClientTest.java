package io.pekkoraft.client;

import static io.pekkoraft.client.ClientUnderTest.P1;
import static io.pekkoraft.client.ClientUnderTest.P2;
import static io.pekkoraft.client.ClientUnderTest.P3;
import static org.assertj.core.api.Assertions.assertThat;

import io.pekkoraft.Answered;
import io.pekkoraft.RaftException;
import io.pekkoraft.RaftException.CommandFailed;
import io.pekkoraft.RaftException.CommandRefused;
import io.pekkoraft.RaftException.NotLeader;
import io.pekkoraft.RaftException.OutcomeUnknown;
import io.pekkoraft.RaftException.Overloaded;
import io.pekkoraft.RaftException.SessionExpired;
import io.pekkoraft.ReadConsistency;
import io.pekkoraft.client.ClientUnderTest.Sent;
import io.pekkoraft.model.LogIndex;
import io.pekkoraft.model.PeerId;
import io.pekkoraft.protocol.ClientMessage.CloseSession;
import io.pekkoraft.protocol.ClientMessage.KeepAlive;
import io.pekkoraft.protocol.ClientMessage.OpenSession;
import io.pekkoraft.protocol.ClientMessage.ProposeOnce;
import io.pekkoraft.protocol.ClientMessage.ReadAnswered;
import io.pekkoraft.session.SerialNumber;
import io.pekkoraft.session.SessionId;
import java.util.List;
import java.util.Optional;
import org.apache.pekko.actor.testkit.typed.javadsl.TestInbox;
import org.apache.pekko.pattern.StatusReply;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class SessionClientTest {
  private static final SessionId SESSION = SessionId.of(2);

  private static SerialNumber serial(Sent sent) {
    return ((ProposeOnce<?, ?>) sent.message()).number();
  }

  private static Answered<String> answered(String result, long index) {
    return new Answered<>(result, LogIndex.of(index));
  }

  private static NotLeader notLeader(PeerId... hint) {
    return new NotLeader(hint.length == 0 ? Optional.empty() : Optional.of(hint[0]));
  }

  private static void fails(
      TestInbox<StatusReply<String>> asker, Class<? extends RaftException> type) {
    assertThat(asker.receiveMessage().getError()).isInstanceOf(type);
  }

  @Nested
  @DisplayName("Numbers")
  class Numbers {
    @Test
    @DisplayName(
        "the first command opens a session; each has its number, and the lowest unanswered")
    void numbers() {
      var client = new ClientUnderTest();
      client.proposes("a");
      client.proposes("b");
      client.answers(OpenSession.class, SESSION);
      var both = client.saysAll();
      assertThat(serial(both.get(0))).isEqualTo(new SerialNumber(SESSION, 1, 1));
      assertThat(serial(both.get(1))).isEqualTo(new SerialNumber(SESSION, 2, 1));
      client.answers(both.get(1), answered("b", 4));
      client.proposes("c");
      assertThat(serial(client.says(ProposeOnce.class))).isEqualTo(new SerialNumber(SESSION, 3, 1));
      client.answers(both.get(0), answered("a", 5));
      client.proposes("d");
      assertThat(serial(client.says(ProposeOnce.class))).isEqualTo(new SerialNumber(SESSION, 4, 3));
    }

    @Test
    @DisplayName("what is on its way is bounded from the lowest unanswered on; the rest waits")
    void window() {
      var client = ClientUnderTest.withSession("client.max-in-flight = 2");
      client.proposes("a");
      client.proposes("b");
      client.proposes("c");
      var both = client.saysAll();
      assertThat(both).hasSize(2);
      client.answers(both.get(1), answered("b", 4));
      client.saysNothing();
      client.answers(both.get(0), answered("a", 5));
      assertThat(serial(client.says(ProposeOnce.class)).sequence()).isEqualTo(4);
    }

    @Test
    @DisplayName("too many without an answer are refused at once")
    void bounds() {
      var client = ClientUnderTest.withSession("client.max-pending = 2");
      client.proposes("a");
      client.reads(ReadConsistency.linearizable());
      fails(client.proposes("b"), Overloaded.class);
      fails(client.reads(ReadConsistency.linearizable()), Overloaded.class);
    }
  }

  @Nested
  @DisplayName("Again")
  class Again {
    @Test
    @DisplayName("a command without an answer is sent again under the same number, to the next")
    void resends() {
      var client = ClientUnderTest.withSession("");
      var asker = client.proposes("a");
      var first = client.says(ProposeOnce.class);
      client.passes(999);
      client.saysNothing();
      client.passes(1);
      var second = client.says(ProposeOnce.class);
      assertThat(List.of(first.to(), second.to())).containsExactly(P1, P2);
      assertThat(serial(second)).isEqualTo(serial(first));
      client.answers(first, answered("a", 4));
      assertThat(asker.receiveMessage().getValue()).isEqualTo("a");
      client.answers(second, answered("a", 5));
      assertThat(asker.hasMessages()).isFalse();
    }

    @Test
    @DisplayName("one that does not lead says who does; all that wait go there, one first")
    void elsewhere() {
      var client = ClientUnderTest.withSession("");
      client.proposes("a");
      client.proposes("b");
      var both = client.saysAll();
      client.refuses(both.get(0), notLeader(P3));
      client.refuses(both.get(1), notLeader(P3));
      var probe = client.says(ProposeOnce.class);
      assertThat(probe.to()).isEqualTo(P3);
      client.answers(probe, answered("a", 4));
      assertThat(client.says(ProposeOnce.class).to()).isEqualTo(P3);
    }

    @Test
    @DisplayName("while nobody leads it asks one after the other, a while apart")
    void nobodyLeads() {
      var client = new ClientUnderTest();
      client.proposes("a");
      client.refuses(client.says(OpenSession.class), notLeader());
      client.passes(19);
      client.saysNothing();
      client.passes(1);
      assertThat(client.says(OpenSession.class).to()).isEqualTo(P2);
    }

    @Test
    @DisplayName("a peer that is not there is passed over at once")
    void notThere() {
      var client = new ClientUnderTest();
      client.isAway(P1);
      client.proposes("a");
      assertThat(client.says(OpenSession.class).to()).isEqualTo(P2);
    }

    @Test
    @DisplayName("an overloaded peer is asked later, and later still")
    void overloaded() {
      var client = ClientUnderTest.withSession("");
      client.proposes("a");
      client.refuses(client.says(ProposeOnce.class), new Overloaded("full"));
      client.passes(9);
      client.saysNothing();
      client.passes(11);
      client.refuses(client.says(ProposeOnce.class), new Overloaded("full"));
      client.passes(19);
      client.saysNothing();
      client.passes(21);
      client.says(ProposeOnce.class);
    }

    @Test
    @DisplayName("a leader that left may have taken it: it is sent again, and never called refused")
    void deposed() {
      var client = ClientUnderTest.withSession("");
      var asker = client.proposes("a");
      client.refuses(client.says(ProposeOnce.class), new OutcomeUnknown("deposed"));
      client.refuses(client.says(ProposeOnce.class), notLeader());
      client.passes(5_000);
      fails(asker, OutcomeUnknown.class);
    }
  }

  @Nested
  @DisplayName("The end")
  class TheEnd {
    @Test
    @DisplayName("what was never taken is told as such when the time is over, and not sent again")
    void neverTaken() {
      var client = ClientUnderTest.withSession("");
      var asker = client.proposes("a");
      var waiting = client.says(ProposeOnce.class);
      client.refuses(waiting, notLeader());
      client.passes(5_000);
      fails(asker, NotLeader.class);
      client.saysNothing();
    }

    @Test
    @DisplayName("what waits for a session was never sent")
    void neverSent() {
      var client = new ClientUnderTest();
      var asker = client.proposes("a");
      client.refuses(client.says(OpenSession.class), new Overloaded("full"));
      client.passes(5_000);
      fails(asker, Overloaded.class);
    }

    @Test
    @DisplayName("what was sent without an answer is unknown, and its number is given up")
    void unknown() {
      var client = ClientUnderTest.withSession("");
      var asker = client.proposes("a");
      client.saysAll();
      client.passes(5_000);
      fails(asker, OutcomeUnknown.class);
      client.saysNothing();
      client.proposes("b");
      assertThat(serial(client.says(ProposeOnce.class))).isEqualTo(new SerialNumber(SESSION, 3, 3));
    }

    @Test
    @DisplayName("what the state machine says is told, a failure too")
    void failure() {
      var client = ClientUnderTest.withSession("");
      var asker = client.proposes("a");
      client.refuses(client.says(ProposeOnce.class), new CommandFailed("no", null));
      fails(asker, CommandFailed.class);
    }

    @Test
    @DisplayName("a copy that is refused says nothing of the one before it")
    void refusedCopy() {
      var client = ClientUnderTest.withSession("");
      var asker = client.proposes("a");
      client.saysAll();
      client.passes(1_000);
      var tooLarge = new CommandRefused(CommandRefused.Reason.TOO_LARGE, "too large");
      client.refuses(client.says(ProposeOnce.class), tooLarge);
      fails(asker, OutcomeUnknown.class);
    }

    @Test
    @DisplayName("closing waits for the answers, ends the session, and stops")
    void closes() {
      var client = ClientUnderTest.withSession("");
      client.proposes("a");
      var last = client.says(ProposeOnce.class);
      var closed = client.closes();
      fails(client.proposes("b"), NotLeader.class);
      client.saysNothing();
      client.answers(last, answered("a", 4));
      assertThat(closed.hasMessages()).isFalse();
      client.answers(CloseSession.class, SESSION);
      assertThat(client.isAlive()).isFalse();
    }

    @Test
    @DisplayName("when it is stopped, all who wait are told what may become of it")
    void stopped() {
      var client = ClientUnderTest.withSession("client.max-in-flight = 1");
      var sent = client.proposes("a");
      var waiting = client.proposes("b");
      var reading = client.reads(ReadConsistency.linearizable());
      client.stops();
      fails(sent, OutcomeUnknown.class);
      fails(waiting, NotLeader.class);
      fails(reading, NotLeader.class);
    }
  }

  @Nested
  @DisplayName("A lost session")
  class LostSession {
    @Test
    @DisplayName("what surely never took effect goes on in a new one, in its order")
    void goesOn() {
      var client = ClientUnderTest.withSession("");
      client.proposes("a");
      client.proposes("b");
      var both = client.saysAll();
      client.refuses(both.get(1), new SessionExpired("gone"));
      client.refuses(both.get(0), new SessionExpired("gone"));
      client.answers(OpenSession.class, SessionId.of(9));
      var again = client.saysAll();
      assertThat(again)
          .extracting(sent -> ((ProposeOnce<?, ?>) sent.message()).command().toString())
          .containsExactly("a", "b");
      assertThat(serial(again.get(0))).isEqualTo(new SerialNumber(SessionId.of(9), 1, 1));
    }

    @Test
    @DisplayName("what may have taken effect before is unknown, and is not sent in another session")
    void sentTwice() {
      var client = ClientUnderTest.withSession("");
      var asker = client.proposes("a");
      client.saysAll();
      client.passes(1_000);
      client.refuses(client.says(ProposeOnce.class), new SessionExpired("gone"));
      fails(asker, OutcomeUnknown.class);
      client.saysNothing();
    }

    @Test
    @DisplayName("a copy that surely did nothing does not count")
    void refusedBefore() {
      var client = ClientUnderTest.withSession("");
      var asker = client.proposes("a");
      client.refuses(client.says(ProposeOnce.class), notLeader(P3));
      client.refuses(client.says(ProposeOnce.class), new SessionExpired("gone"));
      assertThat(asker.hasMessages()).isFalse();
      client.answers(OpenSession.class, SessionId.of(9));
      client.answers(ProposeOnce.class, answered("a", 10));
      assertThat(asker.receiveMessage().getValue()).isEqualTo("a");
    }

    @Test
    @DisplayName("it is kept alive while it has nothing to say, and opened anew when needed")
    void keepsAlive() {
      var client = ClientUnderTest.withSession("");
      client.keepAliveIsDue();
      client.saysNothing(); // It was heard since.
      client.keepAliveIsDue();
      var word = client.says(KeepAlive.class);
      client.keepAliveIsDue();
      client.saysNothing();
      client.refuses(word, new SessionExpired("gone"));
      client.keepAliveIsDue();
      client.saysNothing();
      client.proposes("a");
      client.says(OpenSession.class);
    }
  }

  @Nested
  @DisplayName("Reads")
  class Reads {
    private ReadAnswered<?, ?> read(Sent sent) {
      return (ReadAnswered<?, ?>) sent.message();
    }

    @Test
    @DisplayName(
        "one of the session's sees at least what the client has seen, at each peer in turn")
    void forward() {
      var client = ClientUnderTest.withSession("");
      client.reads(ReadConsistency.session());
      var first = client.says(ReadAnswered.class);
      assertThat(read(first).consistency()).isEqualTo(ReadConsistency.atLeast(LogIndex.of(3)));
      client.answers(first, answered("x", 7));
      client.reads(ReadConsistency.session());
      var second = client.says(ReadAnswered.class);
      assertThat(read(second).consistency()).isEqualTo(ReadConsistency.atLeast(LogIndex.of(7)));
      assertThat(second.to()).isNotEqualTo(first.to());
    }

    @Test
    @DisplayName("a linearizable one goes to the leader, and is repeated whatever became of it")
    void repeated() {
      var client = ClientUnderTest.withSession("");
      var asker = client.reads(ReadConsistency.linearizable());
      client.refuses(client.says(ReadAnswered.class), notLeader(P2));
      client.passes(1_000);
      var third = client.saysAll();
      client.answers(third.get(third.size() - 1), answered("x", 7));
      assertThat(asker.receiveMessage().getValue()).isEqualTo("x");
    }

    @Test
    @DisplayName("one that is late changed nothing")
    void late() {
      var client = ClientUnderTest.withSession("");
      var asker = client.reads(ReadConsistency.linearizable());
      client.passes(5_000);
      fails(asker, NotLeader.class);
    }
  }
}
