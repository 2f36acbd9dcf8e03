package io.pekkoraft.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pekkoraft.model.Bytes;
import io.pekkoraft.model.LogIndex;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class SessionsFormatTest {
  private static final SessionLimits LIMITS = new SessionLimits(1000, 5, 300, 16);
  private static final int CLOCK = 1;
  private static final int COUNT = 33;
  private static final int FIRST = 37;

  @Test
  @DisplayName("the layout is what is in snapshots")
  void layout() {
    var expected =
        ByteBuffer.allocate(FIRST + 28 + 28 + 8 + 2 + 8)
            .put((byte) 1)
            .putLong(40)
            .putLong(1000)
            .putInt(5)
            .putLong(300)
            .putInt(16)
            .putInt(2)
            .putLong(4)
            .putLong(20)
            .putLong(1)
            .putInt(0)
            .putLong(3)
            .putLong(40)
            .putLong(2)
            .putInt(2)
            .putInt(0)
            .putInt(2)
            .put(new byte[] {7, 8})
            .putInt(3)
            .putInt(0);
    assertThat(encoded()).isEqualTo(expected.array());
  }

  @Test
  @DisplayName("what was written is read, and goes on alike")
  void roundTrip() {
    var read = Sessions.decode(Bytes.wrap(encoded()));
    assertThat(read.encode()).isEqualTo(Bytes.wrap(encoded()));
    assertThat(read.clock()).isEqualTo(40);
    assertThat(read.limits()).isEqualTo(LIMITS);
    assertThat(read.replyBytes()).isEqualTo(2 * 64 + 2);
    var number = new SerialNumber(SessionId.of(3), 2, 2);
    assertThat(read.decide(number, 0).reply()).isEqualTo(Bytes.wrap(new byte[] {7, 8}));
    read.advance(1020);
    assertThat(read.size()).isEqualTo(1);
  }

  @Test
  @DisplayName("an empty table is written and read")
  void empty() {
    var nothing = new Sessions().encode();
    assertThat(nothing.size()).isEqualTo(FIRST);
    assertThat(Sessions.decode(nothing).encode()).isEqualTo(nothing);
  }

  @Test
  @DisplayName("bytes that end early or late are refused, wherever")
  void cut() {
    for (var length = 0; length <= encoded().length + 1; length++) {
      if (length != encoded().length) {
        refuses(Arrays.copyOf(encoded(), length), "");
      }
    }
  }

  @Test
  @DisplayName("values that no table can have are refused")
  void malformed() {
    refuses(with(0, (byte) 2), "unknown version 2");
    refuses(withLong(CLOCK, -1), "clock -1");
    refuses(withLong(CLOCK, 39), "out of order");
    refuses(withLong(9, 0), "expire after 0");
    refuses(withInt(COUNT, -1), "sessions of -1");
    refuses(withInt(COUNT, 6), "sessions of 6");
    refuses(withLong(21, 129), "over its limit");
    refuses(withLong(FIRST, 0), "index 0");
    refuses(withLong(FIRST, 3), "has twice the session 3");
    refuses(withLong(FIRST + 8, 41), "out of order");
    refuses(withLong(FIRST + 28 + 8, 19), "out of order");
    refuses(withLong(FIRST + 16, 0), "lowest unanswered 0");
    refuses(withLong(FIRST + 28 + 16, Long.MAX_VALUE - 2), "too high");
    refuses(withInt(FIRST + 24, -1), "replies of -1");
    refuses(withInt(FIRST + 56, 4), "has a reply at 3");
    refuses(withInt(FIRST + 56, 1 << 16), "has a reply at 65536");
    refuses(withInt(FIRST + 60, Integer.MAX_VALUE), "claims a reply");
    refuses(withInt(FIRST + 60, -1), "claims a reply");
  }

  private static byte[] encoded() {
    var sessions = new Sessions();
    var three = sessions.open(LogIndex.of(3), LIMITS, 10);
    sessions.open(LogIndex.of(4), LIMITS, 20);
    apply(sessions, new SerialNumber(three, 5, 2), new byte[0]);
    apply(sessions, new SerialNumber(three, 2, 1), new byte[] {7, 8});
    return sessions.encode().array();
  }

  private static void apply(Sessions sessions, SerialNumber number, byte[] reply) {
    assertThat(sessions.decide(number, 40).kind()).isEqualTo(Decision.Kind.APPLY);
    sessions.applied(number, Bytes.wrap(reply));
  }

  private static void refuses(byte[] bytes, String because) {
    assertThatThrownBy(() -> Sessions.decode(Bytes.wrap(bytes)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(because);
  }

  private static byte[] with(int at, byte value) {
    return ByteBuffer.wrap(encoded()).put(at, value).array();
  }

  private static byte[] withInt(int at, int value) {
    return ByteBuffer.wrap(encoded()).putInt(at, value).array();
  }

  private static byte[] withLong(int at, long value) {
    return ByteBuffer.wrap(encoded()).putLong(at, value).array();
  }
}
