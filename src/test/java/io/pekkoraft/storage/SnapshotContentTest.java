package io.pekkoraft.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pekkoraft.SnapshotFormat;
import io.pekkoraft.apply.Applier.HandedOver;
import io.pekkoraft.model.Bytes;
import io.pekkoraft.model.LogPosition;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What a damaged or foreign snapshot is told as; a checksum guards it, and may be all there is. */
class SnapshotContentTest {
  private static final Bytes SESSIONS = Bytes.wrap(new byte[] {7, 8, 9});

  /** A state is a text. */
  private static final SnapshotFormat<Object> FORMAT =
      new SnapshotFormat<>() {
        @Override
        public void write(Object state, OutputStream out) throws IOException {
          new DataOutputStream(out).writeUTF((String) state);
        }

        @Override
        public Object read(InputStream in) throws IOException {
          return new DataInputStream(in).readUTF();
        }
      };

  private static byte[] written() throws IOException {
    var out = new ByteArrayOutputStream();
    SnapshotContent.write(new HandedOver(LogPosition.of(1, 5), "the state", SESSIONS), FORMAT, out);
    return out.toByteArray();
  }

  @Test
  @DisplayName("sessions and state come back as they were")
  void roundTrip() throws IOException {
    var state = SnapshotContent.read(FORMAT, new ByteArrayInputStream(written()));
    assertThat(state.machine()).isEqualTo("the state");
    assertThat(state.sessions()).isEqualTo(SESSIONS);
  }

  @Test
  @DisplayName("one that ends too early is an error, wherever it ends")
  void endsTooEarly() throws IOException {
    var whole = written();
    for (var length = 0; length < whole.length; length++) {
      var cut = new ByteArrayInputStream(Arrays.copyOf(whole, length));
      assertThatThrownBy(() -> SnapshotContent.read(FORMAT, cut)).isInstanceOf(IOException.class);
    }
  }

  @Test
  @DisplayName("one of another version names it")
  void version() throws IOException {
    var newer = written();
    newer[0] = 2;
    assertThatThrownBy(() -> SnapshotContent.read(FORMAT, new ByteArrayInputStream(newer)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("version 2");
  }

  @Test
  @DisplayName("sessions of an absurd size are an error, and take no memory")
  void absurdSize() throws IOException {
    for (var first : new byte[] {(byte) 0x7f, (byte) 0xff}) {
      var absurd = written();
      absurd[1] = first;
      assertThatThrownBy(() -> SnapshotContent.read(FORMAT, new ByteArrayInputStream(absurd)))
          .isInstanceOf(IOException.class);
    }
  }
}
