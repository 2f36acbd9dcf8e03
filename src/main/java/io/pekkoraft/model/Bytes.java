package io.pekkoraft.model;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * A read-only stretch of an array that it does not own: the entries of a batch share the one array
 * that came over the wire, without a copy each. Equal by content.
 */
public record Bytes(byte[] array, int offset, int size) {
  public static final Bytes EMPTY = wrap(new byte[0]);

  public static Bytes wrap(byte[] array) {
    return new Bytes(array, 0, array.length);
  }

  /** A view for reading, positioned at the first byte. */
  public ByteBuffer buffer() {
    return ByteBuffer.wrap(array, offset, size).slice().asReadOnlyBuffer();
  }

  void copyTo(ByteBuffer target) {
    target.put(array, offset, size);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Bytes that
        && Arrays.equals(
            array, offset, offset + size, that.array, that.offset, that.offset + that.size);
  }

  @Override
  public int hashCode() {
    return buffer().hashCode();
  }

  @Override
  public String toString() {
    return size + " bytes";
  }
}
