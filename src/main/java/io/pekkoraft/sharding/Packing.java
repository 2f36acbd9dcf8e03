package io.pekkoraft.sharding;

import io.pekkoraft.model.Bytes;
import io.pekkoraft.serialization.PekkoCommandCodec;
import java.util.Arrays;
import org.apache.pekko.serialization.Serialization;

/** Events and states as bytes, through Pekko Serialization. For one thread. */
final class Packing {
  private final PekkoCommandCodec codec;

  Packing(Serialization serialization) {
    this.codec = new PekkoCommandCodec(serialization);
  }

  /**
   * @throws RuntimeException when no serializer takes it
   */
  byte[] pack(Object value) {
    var bytes = codec.encode(value);
    return bytes.size() == bytes.array().length
        ? bytes.array()
        : Arrays.copyOfRange(bytes.array(), bytes.offset(), bytes.offset() + bytes.size());
  }

  /**
   * @throws RuntimeException when they can't be read here
   */
  Object unpack(byte[] bytes) {
    return codec.decode(Bytes.wrap(bytes));
  }
}
