package io.pekkoraft.journal;

import static io.pekkoraft.journal.StoreFixture.event;
import static io.pekkoraft.journal.StoreFixture.serialized;
import static io.pekkoraft.journal.StoreFixture.snapshot;
import static io.pekkoraft.journal.StoreFixture.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class RecordFormatTest {
  private static final byte[] KEY = Keys.event("order-1", 42);

  @Test
  @DisplayName("the bytes of version 1 stay what they are")
  void golden() {
    var event =
        new EventRecord.Stored(
            "order-1",
            42,
            1_700_000_000_000L,
            "w-1",
            "adapter",
            new Serialized(17, "Placed", new byte[] {1, 2, 3}),
            Optional.of(new Serialized(20, "", new byte[] {9})));

    assertThat(hex(KEY)).isEqualTo("000000076f726465722d31000000000000002a");
    assertThat(hex(RecordFormat.encode(KEY, event)))
        .isEqualTo(
            "01" // version
                + "8e9991e5"
                + "01" // an event
                + "0000018bcfe56800"
                + "0003772d31"
                + "000761646170746572"
                + "00000011"
                + "0006506c61636564"
                + "00000003"
                + "010203"
                + "01"
                + "00000014"
                + "0000"
                + "00000001"
                + "09");
    assertThat(hex(RecordFormat.encode(KEY, new EventRecord.Rejected("order-1", 42))))
        .isEqualTo("01" + "39f6a2f0" + "02");
    byte[] snapshotKey = Keys.snapshot("order-1", 42, 1_700_000_000_000L);
    assertThat(hex(snapshotKey))
        .isEqualTo("000000076f726465722d31000000000000002a0000018bcfe56800");
    assertThat(hex(RecordFormat.encode(snapshotKey, snapshot("order-1", 42, 0, "s"))))
        .isEqualTo("01" + "c900aa8f" + "03" + "00000014" + "0000" + "00000001" + "73" + "00");
  }

  @Test
  @DisplayName("what was encoded is decoded")
  void roundTrip() {
    var written =
        new EventRecord.Stored(
            "order-1", 42, 5, "w", "m", serialized("event"), Optional.of(serialized("meta")));

    var read =
        (EventRecord.Stored)
            RecordFormat.decodeEvent("order-1", 42, KEY, RecordFormat.encode(KEY, written));

    assertThat(read).usingRecursiveComparison().isEqualTo(written);
    assertThat(text(read.metadata().orElseThrow())).isEqualTo("meta");
  }

  @Test
  @DisplayName("no single flipped bit goes unnoticed, and the error names id and sequence number")
  void flippedBits() {
    byte[] good = RecordFormat.encode(KEY, event("order-1", 42));
    for (int bit = 0; bit < good.length * 8; bit++) {
      byte[] bad = good.clone();
      bad[bit / 8] ^= (byte) (1 << bit % 8);
      assertThatThrownBy(() -> RecordFormat.decodeEvent("order-1", 42, KEY, bad))
          .isInstanceOf(JournalException.Damaged.class)
          .hasMessageContaining("event 42 of persistence id [order-1]");
    }
  }

  @Test
  @DisplayName("a record that ends early is noticed")
  void truncated() {
    byte[] good = RecordFormat.encode(KEY, event("order-1", 42));
    for (int length = 0; length < good.length; length++) {
      byte[] bad = Arrays.copyOf(good, length);
      assertThatThrownBy(() -> RecordFormat.decodeEvent("order-1", 42, KEY, bad))
          .isInstanceOf(JournalException.Damaged.class);
    }
  }

  @Test
  @DisplayName("a record under the key of another is noticed")
  void misplaced() {
    byte[] record = RecordFormat.encode(KEY, event("order-1", 42));

    assertThatThrownBy(
            () -> RecordFormat.decodeEvent("order-1", 43, Keys.event("order-1", 43), record))
        .isInstanceOf(JournalException.Damaged.class)
        .hasMessageContaining("checksum");
  }

  @Test
  @DisplayName("a version from the future is named as such")
  void futureVersion() {
    byte[] record = RecordFormat.encode(KEY, event("order-1", 42));
    record[0] = 2;

    assertThatThrownBy(() -> RecordFormat.decodeEvent("order-1", 42, KEY, record))
        .isInstanceOf(JournalException.Damaged.class)
        .hasMessageContaining("format version 2");
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }
}
