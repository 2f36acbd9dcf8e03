package io.pekkoraft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.serialization.SerializationExtension;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SnapshotFormatTest {
  private final ActorTestKit kit = ActorTestKit.create();
  private final SnapshotFormat<Long> format =
      new Adding().snapshotFormat(SerializationExtension.get(kit.system()));

  @AfterAll
  void shutdown() {
    kit.shutdownTestKit();
  }

  @Test
  @DisplayName("a state that was written is read")
  void roundTrip() throws IOException {
    var out = new ByteArrayOutputStream();
    format.write(42L, out);
    assertThat(format.read(new ByteArrayInputStream(out.toByteArray()))).isEqualTo(42);
  }

  @Test
  @DisplayName("bytes that are no state get a clear error")
  void malformed() {
    var unknownSerializer = new byte[] {0, 9, 9, 9, 0, 1, 'm'};
    assertThatThrownBy(() -> format.read(new ByteArrayInputStream(unknownSerializer)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("can't be read");
    assertThatThrownBy(() -> format.read(new ByteArrayInputStream(new byte[3])))
        .isInstanceOf(IOException.class);
  }
}
