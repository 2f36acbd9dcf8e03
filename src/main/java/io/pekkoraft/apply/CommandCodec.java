package io.pekkoraft.apply;

import io.pekkoraft.model.Bytes;

/** Commands as bytes. Every peer applies what the bytes say, the one that encoded them too. */
public interface CommandCodec {
  /**
   * @throws RuntimeException when the command has no serializer or can't pass it
   */
  Bytes encode(Object command);

  /**
   * @throws RuntimeException when the bytes can't be read here
   */
  Object decode(Bytes payload);
}
