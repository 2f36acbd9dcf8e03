package io.pekkoraft.session;

import static io.pekkoraft.session.Decision.Kind.ALREADY;
import static io.pekkoraft.session.Decision.Kind.APPLY;
import static io.pekkoraft.session.Decision.Kind.EXPIRED;
import static io.pekkoraft.session.Decision.Kind.STALE;
import static io.pekkoraft.session.Decision.Kind.TOO_FAR_AHEAD;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pekkoraft.model.Bytes;
import io.pekkoraft.model.LogIndex;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class SessionsTest {
  private static final SessionLimits ROOMY = new SessionLimits(1000, 100, 100_000, 16);
  private final Sessions sessions = new Sessions();

  @Test
  @DisplayName("thesis §6.3: a command is applied the first time, and answered from memory after")
  void once() {
    var a = open(1, 0);
    assertThat(send(a, 1, 1, 10).kind()).isEqualTo(APPLY);
    assertThat(send(a, 1, 1, 20)).isEqualTo(Decision.already(bytes("1/1")));
    assertThat(send(a, 1, 1, 30).kind()).isEqualTo(ALREADY);
  }

  @Test
  @DisplayName("thesis §6.3: several commands in flight are applied in any order, each once")
  void anyOrder() {
    var a = open(1, 0);
    for (var sequence : new long[] {3, 1, 16, 2, 9}) {
      assertThat(send(a, sequence, 1, 0).kind()).isEqualTo(APPLY);
    }
    for (var sequence : new long[] {1, 2, 3, 9, 16}) {
      assertThat(send(a, sequence, 1, 0).reply()).isEqualTo(bytes("1/" + sequence));
    }
    assertThat(send(a, 4, 1, 0).kind()).isEqualTo(APPLY);
  }

  @Test
  @DisplayName("thesis §6.3: what the client has the reply to is discarded, and a late copy stale")
  void discarded() {
    var a = open(1, 0);
    send(a, 1, 1, 0);
    send(a, 2, 1, 0);
    assertThat(send(a, 3, 2, 0).kind()).isEqualTo(APPLY);
    assertThat(sessions.replyBytes()).isEqualTo(2 * (64 + 3));
    assertThat(send(a, 1, 1, 0).kind()).isEqualTo(STALE);
    assertThat(send(a, 2, 1, 0).kind()).isEqualTo(ALREADY);
  }

  @Test
  @DisplayName("a command that its client gave up on can't take effect any more")
  void givenUp() {
    var a = open(1, 0);
    sessions.keepAlive(a, 6, 0);
    assertThat(send(a, 5, 1, 0).kind()).isEqualTo(STALE);
    assertThat(send(a, 6, 1, 0).kind()).isEqualTo(APPLY);
  }

  @Test
  @DisplayName("too many in flight are refused, and welcome when there are fewer")
  void tooFarAhead() {
    var a = open(1, 0);
    assertThat(send(a, 17, 1, 0).kind()).isEqualTo(TOO_FAR_AHEAD);
    assertThat(send(a, 16, 1, 0).kind()).isEqualTo(APPLY);
    assertThat(send(a, 17, 2, 0).kind()).isEqualTo(APPLY);
  }

  @Test
  @DisplayName(
      "trap 18: a late copy for an expired session is refused, even if the opening is sent twice")
  void expiredForEver() {
    var a = open(1, 0);
    send(a, 1, 1, 500);
    assertThat(send(a, 1, 1, 1499).kind()).isEqualTo(ALREADY);
    assertThat(send(a, 1, 1, 2499).kind()).isEqualTo(EXPIRED);
    var again = open(7, 2499);
    assertThat(again).isNotEqualTo(a);
    assertThat(send(a, 1, 1, 2499).kind()).isEqualTo(EXPIRED);
    assertThat(send(a, 2, 1, 2499).kind()).isEqualTo(EXPIRED);
  }

  @Test
  @DisplayName("a session that never was is refused as one that is no more")
  void neverOpened() {
    open(1, 0);
    assertThat(send(SessionId.of(2), 1, 1, 0).kind()).isEqualTo(EXPIRED);
  }

  @Test
  @DisplayName(
      "thesis §6.3: the clock is the log's, and a leader that is behind does not turn it back")
  void clock() {
    var a = open(1, 900);
    assertThat(sessions.clock()).isEqualTo(900);
    send(a, 1, 1, 100);
    sessions.advance(-5);
    assertThat(sessions.clock()).isEqualTo(900);
    sessions.advance(1899);
    assertThat(sessions.size()).isEqualTo(1);
    sessions.advance(1900);
    assertThat(sessions.size()).isZero();
  }

  @Test
  @DisplayName("any word from the client keeps its session alive")
  void alive() {
    var a = open(1, 0);
    var b = open(2, 0);
    assertThat(sessions.keepAlive(a, 1, 900)).isTrue();
    assertThat(sessions.keepAlive(b, 1, 1000)).isFalse();
    assertThat(send(a, 1, 1, 1899).kind()).isEqualTo(APPLY);
    assertThat(sessions.keepAlive(a, 1, 2898)).isTrue();
  }

  @Test
  @DisplayName("a full table forgets the session that was not heard for the longest time")
  void fullOfSessions() {
    var three = new SessionLimits(1000, 3, 100_000, 16);
    var a = sessions.open(LogIndex.of(1), three, 0);
    var b = sessions.open(LogIndex.of(2), three, 0);
    sessions.open(LogIndex.of(3), three, 0);
    send(a, 1, 1, 0);
    sessions.open(LogIndex.of(4), three, 0);
    assertThat(sessions.size()).isEqualTo(3);
    assertThat(send(b, 1, 1, 0).kind()).isEqualTo(EXPIRED);
    assertThat(send(a, 1, 1, 0).kind()).isEqualTo(ALREADY);
  }

  @Test
  @DisplayName("too many bytes of replies: the longest unheard go first")
  void fullOfReplies() {
    var tight = new SessionLimits(1000, 10, 200, 16);
    var a = sessions.open(LogIndex.of(1), tight, 0);
    var b = sessions.open(LogIndex.of(2), tight, 0);
    send(a, 1, 1, 0);
    send(b, 1, 1, 0);
    send(b, 2, 1, 0);
    assertThat(sessions.keepAlive(a, 1, 0)).isFalse();
    assertThat(sessions.replyBytes()).isEqualTo(2 * 67);
  }

  @Test
  @DisplayName("who fills the table with its own replies loses its session, and nobody else does")
  void fillsItAlone() {
    var tight = new SessionLimits(1000, 10, 200, 16);
    var a = sessions.open(LogIndex.of(1), tight, 0);
    var b = sessions.open(LogIndex.of(2), tight, 0);
    send(b, 1, 1, 0);
    send(b, 2, 1, 0);
    assertThat(send(b, 3, 1, 0).kind()).isEqualTo(APPLY);
    assertThat(sessions.keepAlive(a, 1, 0)).isTrue();
    assertThat(sessions.keepAlive(b, 1, 0)).isFalse();
    assertThat(sessions.replyBytes()).isZero();
  }

  @Test
  @DisplayName("a client that goes takes its session with it, once")
  void close() {
    var a = open(1, 0);
    send(a, 1, 1, 0);
    sessions.close(a, 0);
    sessions.close(a, 0);
    assertThat(sessions.replyBytes()).isZero();
    assertThat(send(a, 2, 1, 0).kind()).isEqualTo(EXPIRED);
  }

  @Test
  @DisplayName("the limits are those of the last entry that opened a session")
  void limitsTravel() {
    open(1, 0);
    open(2, 0);
    sessions.open(LogIndex.of(3), new SessionLimits(50, 1, 1, 1), 10);
    assertThat(sessions.size()).isEqualTo(1);
    sessions.advance(60);
    assertThat(sessions.size()).isZero();
  }

  @Test
  @DisplayName("nothing comes between a decision to apply and the reply")
  void due() {
    var a = open(1, 0);
    var number = new SerialNumber(a, 1, 1);
    assertThatThrownBy(() -> sessions.applied(number, Bytes.EMPTY))
        .isInstanceOf(IllegalStateException.class);
    sessions.decide(number, 0);
    assertThatThrownBy(() -> sessions.decide(number, 0)).hasMessageContaining("1/1");
    assertThatThrownBy(sessions::encode).isInstanceOf(IllegalStateException.class);
    sessions.applied(number, Bytes.EMPTY);
    assertThatThrownBy(() -> open(1, 0)).hasMessageContaining("opened before");
  }

  @Test
  @DisplayName("a serial number that can't be is refused where it is made")
  void serialNumbers() {
    var a = SessionId.of(1);
    assertThatThrownBy(() -> SessionId.of(0)).isInstanceOf(IllegalArgumentException.class);
    for (var wrong : new long[][] {{0, 1}, {1, 0}, {1, 2}, {-1, -1}, {Long.MAX_VALUE, 1}}) {
      assertThatThrownBy(() -> new SerialNumber(a, wrong[0], wrong[1]))
          .isInstanceOf(IllegalArgumentException.class);
    }
    assertThat(new SerialNumber(a, 7, 7)).hasToString("1/7");
    assertThatThrownBy(() -> new SessionLimits(0, 1, 1, 1)).hasMessageContaining("after 0 ms");
    assertThatThrownBy(() -> new SessionLimits(1, 1, 1, 65537)).hasMessageContaining("65537");
  }

  @Test
  @DisplayName("a client may leap to the largest number there is")
  void largestNumber() {
    var a = open(1, 0);
    send(a, 1, 1, 0);
    var last = Long.MAX_VALUE - 1;
    assertThat(send(a, last, last, 0).kind()).isEqualTo(APPLY);
    assertThat(Sessions.decode(sessions.encode()).encode()).isEqualTo(sessions.encode());
    assertThat(send(a, last, last, 0).kind()).isEqualTo(ALREADY);
  }

  private SessionId open(long index, long stamp) {
    return sessions.open(LogIndex.of(index), ROOMY, stamp);
  }

  /** Sends a command whose reply is its name. */
  private Decision send(SessionId session, long sequence, long lowestUnanswered, long stamp) {
    var number = new SerialNumber(session, sequence, lowestUnanswered);
    var decision = sessions.decide(number, stamp);
    if (decision.kind() == APPLY) {
      sessions.applied(number, bytes(number.toString()));
    }
    return decision;
  }

  private static Bytes bytes(String text) {
    return Bytes.wrap(text.getBytes(StandardCharsets.UTF_8));
  }
}
