package io.pekkoraft.serialization;

import io.pekkoraft.apply.CommandCodec;
import io.pekkoraft.model.Bytes;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.apache.pekko.serialization.Serialization;
import org.apache.pekko.serialization.Serializers;

/**
 * Commands through Pekko Serialization. For one peer: not to be shared between threads.
 *
 * <pre>
 *   payload := serializer id (4 bytes) manifest size (2) manifest (UTF-8) what the serializer wrote
 * </pre>
 */
public final class PekkoCommandCodec implements CommandCodec {
  private static final int MAX_MANIFEST = 0xFFFF;

  private final Serialization serialization;
  private final Manifests manifests = new Manifests();

  public PekkoCommandCodec(Serialization serialization) {
    this.serialization = serialization;
  }

  @Override
  public Bytes encode(Object command) {
    try {
      return written(command);
    } catch (Exception e) { // Serializers are written in Scala, and throw what they don't declare.
      throw asRuntimeException(e);
    }
  }

  private Bytes written(Object command) {
    var serializer = serialization.findSerializerFor(command);
    var manifest = Serializers.manifestFor(serializer, command).getBytes(StandardCharsets.UTF_8);
    if (manifest.length > MAX_MANIFEST) {
      throw new IllegalArgumentException(
          "A manifest has at most " + MAX_MANIFEST + " bytes, not " + manifest.length + ".");
    }
    var bytes = serializer.toBinary(command);
    var payload =
        ByteBuffer.allocate(Integer.BYTES + Short.BYTES + manifest.length + bytes.length)
            .putInt(serializer.identifier())
            .putShort((short) manifest.length)
            .put(manifest)
            .put(bytes);
    return Bytes.wrap(payload.array());
  }

  @Override
  public Object decode(Bytes payload) {
    try {
      return read(payload);
    } catch (Exception e) {
      throw asRuntimeException(e);
    }
  }

  private static RuntimeException asRuntimeException(Exception e) {
    return e instanceof RuntimeException known
        ? known
        : new IllegalArgumentException(e.getMessage(), e);
  }

  private Object read(Bytes payload) {
    var buffer = payload.buffer();
    var serializerId = buffer.getInt();
    var manifest = new byte[Short.toUnsignedInt(buffer.getShort())];
    buffer.get(manifest);
    var bytes = new byte[buffer.remaining()];
    buffer.get(bytes);
    return serialization.deserialize(bytes, serializerId, manifests.of(manifest)).get();
  }

  /** A group has few types of commands and many commands: the last manifest is mostly the next. */
  private static final class Manifests {
    private byte[] bytes = new byte[0];
    private String manifest = "";

    String of(byte[] next) {
      if (!Arrays.equals(bytes, next)) {
        bytes = next;
        manifest = new String(next, StandardCharsets.UTF_8);
      }
      return manifest;
    }
  }
}
