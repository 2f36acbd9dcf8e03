package io.pekkoraft.serialization;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigFactory;
import io.pekkoraft.CborSerializable;
import io.pekkoraft.model.Bytes;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.serialization.SerializationExtension;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PekkoCommandCodecTest {
  private final ActorTestKit kit = ActorTestKit.create(ConfigFactory.load("in-memory.conf"));
  private final PekkoCommandCodec codec =
      new PekkoCommandCodec(SerializationExtension.get(kit.system()));

  record Known(String word) implements CborSerializable {}

  /** One that is bound, and that Jackson can't write. */
  static final class Odd implements CborSerializable {
    public String getWord() {
      throw new IllegalStateException("No word.");
    }
  }

  /** One that nobody has bound. */
  record Unbound(String word) {}

  @AfterAll
  void shutdown() {
    kit.shutdownTestKit();
  }

  @Test
  @DisplayName("what it wrote it reads")
  void writesAndReads() {
    assertThat(codec.decode(codec.encode(new Known("a")))).isEqualTo(new Known("a"));
  }

  @Test
  @DisplayName("what can't be written, or read, is a RuntimeException, as it promises")
  void throwsWhatItPromises() {
    assertThatThrownBy(() -> codec.encode(new Unbound("a"))).isInstanceOf(RuntimeException.class);
    assertThatThrownBy(() -> codec.encode(new Odd())).isInstanceOf(RuntimeException.class);
    assertThatThrownBy(() -> codec.decode(of("io.pekkoraft.NotHere")))
        .isInstanceOf(RuntimeException.class);
    assertThatThrownBy(() -> codec.decode(Bytes.wrap(new byte[3])))
        .isInstanceOf(RuntimeException.class);
  }

  /** An object of a class that this application does not have. */
  private Bytes of(String type) {
    var known = codec.encode(new Known("a"));
    var manifest = type.getBytes(StandardCharsets.UTF_8);
    return Bytes.wrap(
        ByteBuffer.allocate(6 + manifest.length)
            .putInt(known.buffer().getInt())
            .putShort((short) manifest.length)
            .put(manifest)
            .array());
  }
}
