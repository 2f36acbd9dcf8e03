package io.pekkoraft.apply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pekkoraft.CommandHandler;
import io.pekkoraft.RaftException;
import io.pekkoraft.RaftException.CommandFailed;
import io.pekkoraft.RaftException.OutcomeUnknown;
import io.pekkoraft.RaftException.Overloaded;
import io.pekkoraft.RaftException.ResultLost;
import io.pekkoraft.RaftException.SessionExpired;
import io.pekkoraft.StateMachine;
import io.pekkoraft.apply.Applier.Outcome;
import io.pekkoraft.log.RaftLog;
import io.pekkoraft.model.Bytes;
import io.pekkoraft.model.Entry;
import io.pekkoraft.model.LogIndex;
import io.pekkoraft.model.Term;
import io.pekkoraft.session.SerialNumber;
import io.pekkoraft.session.SessionEntry;
import io.pekkoraft.session.SessionId;
import io.pekkoraft.session.SessionLimits;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class SessionApplierTest {
  private static final Term TERM = Term.of(1);
  private static final SessionId SESSION = SessionId.of(1);
  private static final SessionLimits LIMITS = new SessionLimits(1000, 10, 10_000, 4);

  private final TextCodec codec = new TextCodec();
  private final Peer peer = new Peer();

  /** One peer's state machine, and the log that it applies. */
  private final class Peer {
    final RaftLog log = new RaftLog(List.of());
    final Applier<String, Object, String> applier = new Applier<>(new Joining(), codec);

    Outcome applies(Entry entry) {
      var outcomes = new ArrayList<Outcome>();
      log.commitThrough(log.append(entry));
      applier.applyCommitted(log, 1, (index, e, outcome) -> outcomes.add(outcome));
      return outcomes.get(0);
    }

    Object state() {
      return applier.answer("look");
    }
  }

  /** The state is all commands in a row; some misbehave. */
  private static final class Joining extends StateMachine<String, Object, String> {
    @Override
    public String emptyState() {
      return "";
    }

    @Override
    public CommandHandler<String, Object, String> commandHandler() {
      return (context, state, command) ->
          switch (command) {
            case "look" -> Effect().reply(state);
            case "throw" -> throw new UnsupportedOperationException("on purpose");
            case "ramble" -> throw new UnsupportedOperationException("ä".repeat(500));
            case "odd" -> Effect().set(state + "odd").thenReply(new Object());
            case "unreadable result" -> Effect().set(state + "u").thenReply("unreadable");
            default -> Effect().set(state + command).thenReply(state + command);
          };
    }
  }

  private Entry open(long stamp) {
    return new SessionEntry.Open(LIMITS, stamp).in(TERM);
  }

  private Entry command(long sequence, long lowest, long stamp, String command) {
    var number = new SerialNumber(SESSION, sequence, lowest);
    return new SessionEntry.Command(number, stamp, codec.encode(command)).in(TERM);
  }

  private static void fails(Outcome outcome, Class<? extends RaftException> type) {
    assertThat(outcome.failure()).isInstanceOf(type);
  }

  @Test
  @DisplayName("a command that comes twice is applied once, and answered alike")
  void once() {
    assertThat(peer.applies(open(0)).result()).isEqualTo(SESSION);
    assertThat(peer.applies(command(1, 1, 1, "a")).result()).isEqualTo("a");
    assertThat(peer.applies(command(2, 1, 2, "b")).result()).isEqualTo("ab");
    assertThat(peer.applies(command(1, 1, 3, "a")).result()).isEqualTo("a");
    assertThat(peer.state()).isEqualTo("ab");
  }

  @Test
  @DisplayName("what is not applied says why, and leaves the state as it is")
  void decisions() {
    fails(peer.applies(command(1, 1, 0, "a")), SessionExpired.class);
    var late = new Peer();
    late.applies(open(0));
    late.applies(command(2, 2, 0, "a"));
    fails(late.applies(command(1, 1, 0, "b")), OutcomeUnknown.class);
    fails(late.applies(command(6, 2, 0, "b")), Overloaded.class);
    assertThat(late.applies(new SessionEntry.KeepAlive(SESSION, 3, 900).in(TERM)).result())
        .isEqualTo(SESSION);
    fails(late.applies(command(2, 2, 900, "b")), OutcomeUnknown.class);
    fails(late.applies(command(3, 3, 1900, "b")), SessionExpired.class);
    fails(
        late.applies(new SessionEntry.KeepAlive(SESSION, 3, 1900).in(TERM)), SessionExpired.class);
    assertThat(late.state()).isEqualTo("a");
  }

  @Test
  @DisplayName("a session that is closed is gone; closed again, it is closed")
  void close() {
    peer.applies(open(0));
    var close = new SessionEntry.Close(SESSION, 1).in(TERM);
    assertThat(peer.applies(close).result()).isEqualTo(SESSION);
    assertThat(peer.applies(close).result()).isEqualTo(SESSION);
    fails(peer.applies(command(1, 1, 1, "a")), SessionExpired.class);
  }

  @Test
  @DisplayName("a handler that throws is remembered: the copy hears the same, and runs nothing")
  void failure() {
    peer.applies(open(0));
    var first = peer.applies(command(1, 1, 0, "throw")).failure();
    assertThat(first).isInstanceOf(CommandFailed.class).hasMessageContaining("on purpose");
    var copy = peer.applies(command(1, 1, 0, "throw")).failure();
    assertThat(copy).isInstanceOf(CommandFailed.class).hasMessage(first.getMessage());
  }

  @Test
  @DisplayName("a failure takes the same room, whatever it says: what differs decides nothing")
  void failuresOfOneSize() {
    peer.applies(open(0));
    peer.applies(command(1, 1, 0, "throw"));
    var other = new Peer();
    other.applies(open(0));
    var rambling = other.applies(command(1, 1, 0, "ramble")).failure();
    assertThat(other.applier.sessions().replyBytes())
        .isEqualTo(peer.applier.sessions().replyBytes());
    assertThat(rambling.getMessage()).endsWith("ä").doesNotContain("\uFFFD");
  }

  @Test
  @DisplayName("a result that no codec takes is lost, and what was done is done, once")
  void unserializable() {
    peer.applies(open(0));
    fails(peer.applies(command(1, 1, 0, "odd")), ResultLost.class);
    fails(peer.applies(command(1, 1, 0, "odd")), ResultLost.class);
    assertThat(peer.state()).isEqualTo("odd");
    assertThat(peer.applies(command(2, 1, 0, "unreadable result")).result())
        .isEqualTo("unreadable");
    fails(peer.applies(command(2, 1, 0, "unreadable result")), ResultLost.class);
    assertThat(peer.state()).isEqualTo("oddu");
  }

  @Test
  @DisplayName("an entry about a session that can't be read stops the peer")
  void malformed() {
    var unreadable = new Entry(TERM, Entry.Kind.KEEP_ALIVE, Bytes.wrap(new byte[] {9}));
    assertThatThrownBy(() -> peer.applies(unreadable))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("index 1");
    assertThat(peer.applier.lastApplied()).isEqualTo(LogIndex.ZERO);
  }

  @Test
  @DisplayName("a remembered reply is written as it always was")
  void golden() {
    var result = RememberedReply.of(new Outcome("ab", null), codec);
    assertThat(result).isEqualTo(Bytes.wrap(new byte[] {0, 'a', 'b'}));
    var failed = RememberedReply.of(new Outcome(null, new CommandFailed("no", null)), codec);
    var expected = new byte[251];
    expected[0] = 1;
    expected[1] = 'n';
    expected[2] = 'o';
    assertThat(failed).isEqualTo(Bytes.wrap(expected));
    var lost = RememberedReply.of(new Outcome(new Object(), null), codec);
    assertThat(lost.array()[0]).isEqualTo((byte) 2);
    assertThat(lost.size()).isEqualTo(251);
    assertThatThrownBy(() -> RememberedReply.outcome(Bytes.wrap(new byte[] {3}), codec))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
