package io.pekkoraft.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pekkoraft.model.Batch;
import io.pekkoraft.model.Bytes;
import io.pekkoraft.model.Entry;
import io.pekkoraft.model.Term;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SessionEntryFormatTest {
  private static final Term TERM = Term.of(7);
  private static final SessionId SESSION = SessionId.of(3);

  /** What an entry about a session is in a batch: term, kind, size, and then its payload. */
  private record Golden(SessionEntry entry, String hex) {
    @Override
    public String toString() {
      return entry.toString();
    }
  }

  private static List<Golden> entries() {
    return List.of(
        new Golden(
            new SessionEntry.Open(new SessionLimits(600_000, 10_000, 1 << 26, 1024), 40),
            "0000000000000007 03 00000021 01 0000000000000028"
                + " 00000000000927c0 00002710 0000000004000000 00000400"),
        new Golden(
            new SessionEntry.Command(
                new SerialNumber(SESSION, 9, 5), 41, Bytes.wrap(new byte[] {1, 2})),
            "0000000000000007 04 00000023 01 0000000000000029"
                + " 0000000000000003 0000000000000009 0000000000000005 0102"),
        new Golden(
            new SessionEntry.KeepAlive(SESSION, 5, 42),
            "0000000000000007 05 00000019 01 000000000000002a 0000000000000003 0000000000000005"),
        new Golden(
            new SessionEntry.Close(SESSION, 43),
            "0000000000000007 06 00000011 01 000000000000002b 0000000000000003"));
  }

  static Stream<Golden> golden() {
    return entries().stream();
  }

  @ParameterizedTest
  @MethodSource("golden")
  @DisplayName("is written as it always was, and what was written is read")
  void golden(Golden golden) {
    var packed = HexFormat.of().parseHex(golden.hex().replace(" ", ""));
    assertThat(Batch.of(golden.entry().in(TERM)).packed()).isEqualTo(packed);
    assertThat(SessionEntry.of(Batch.unpack(packed).entries().get(0))).isEqualTo(golden.entry());
  }

  @ParameterizedTest
  @MethodSource("golden")
  @DisplayName("a payload that ends early, goes on, or is of another version is refused")
  void malformed(Golden golden) {
    var entry = golden.entry().in(TERM);
    var bytes = entry.payload().array();
    var isCommand = entry.kind() == Entry.Kind.SESSION_COMMAND;
    for (var length = 0; length < bytes.length - (isCommand ? 2 : 0); length++) {
      refuses(entry.kind(), Arrays.copyOf(bytes, length), "ends too early");
    }
    if (!isCommand) {
      refuses(entry.kind(), Arrays.copyOf(bytes, bytes.length + 1), "goes on");
    }
    bytes[0] = 2;
    refuses(entry.kind(), bytes, "unknown version 2");
  }

  @Test
  @DisplayName("values that no session can have are refused")
  void impossible() {
    refuses(Entry.Kind.CLOSE_SESSION, payload("01 0000000000000001 0000000000000000"), "index 0");
    refuses(
        Entry.Kind.KEEP_ALIVE,
        payload("01 0000000000000001 0000000000000003 7fffffffffffffff"),
        "numbered from 1");
    refuses(
        Entry.Kind.SESSION_COMMAND,
        payload("01 0000000000000001 0000000000000003 0000000000000002 0000000000000003"),
        "lowest unanswered");
    refuses(Entry.Kind.COMMAND, payload("01 0000000000000001"), "nothing about a session");
  }

  private static byte[] payload(String hex) {
    return HexFormat.of().parseHex(hex.replace(" ", ""));
  }

  private static void refuses(Entry.Kind kind, byte[] payload, String because) {
    var entry = new Entry(TERM, kind, Bytes.wrap(payload));
    assertThatThrownBy(() -> SessionEntry.of(entry))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(because);
  }
}
