package io.pekkoraft.snapshot;

import io.pekkoraft.model.Bytes;
import java.util.zip.CRC32C;

/** The CRC-32C of a content that comes in pieces. It finds damage by accident, not by intent. */
public final class Checksum {
  private final CRC32C crc = new CRC32C();

  public static int of(Bytes content) {
    return new Checksum().add(content.array(), content.offset(), content.size()).value();
  }

  public Checksum add(byte[] array, int offset, int size) {
    crc.update(array, offset, size);
    return this;
  }

  /** The checksum of what was added so far. */
  public int value() {
    return (int) crc.getValue();
  }
}
