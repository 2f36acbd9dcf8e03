package io.pekkoraft.snapshot.file;

import io.pekkoraft.snapshot.Checksum;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Room for one block of a file, used for one after the other. */
final class Block {
  private final byte[] bytes = new byte[Layout.CRC + Layout.BLOCK];
  private final byte[] number = new byte[Long.BYTES];
  private int size;

  /** The content begins at {@link Layout#CRC}. */
  byte[] array() {
    return bytes;
  }

  int size() {
    return size;
  }

  void clear() {
    size = 0;
  }

  /** Takes as much of it as there is room for, and says how much that is. */
  int fill(byte[] array, int offset, int available) {
    var taken = Math.min(available, Layout.BLOCK - size);
    System.arraycopy(array, offset, bytes, Layout.CRC + size, taken);
    size += taken;
    return taken;
  }

  boolean isFull() {
    return size == Layout.BLOCK;
  }

  void writeTo(FileAccess.Handle handle, long at, long blockNumber) throws IOException {
    ByteBuffer.wrap(bytes).putInt(crc(blockNumber));
    handle.write(ByteBuffer.wrap(bytes, 0, Layout.CRC + size), at);
  }

  /**
   * Reads the block whose number and size are given.
   *
   * @return whether it is there, whole and as it was written
   */
  boolean readFrom(FileAccess.Handle handle, long at, long blockNumber, int blockSize)
      throws IOException {
    size = blockSize;
    var buffer = ByteBuffer.wrap(bytes, 0, Layout.CRC + blockSize);
    handle.read(buffer, at);
    return !buffer.hasRemaining() && buffer.getInt(0) == crc(blockNumber);
  }

  private int crc(long blockNumber) {
    ByteBuffer.wrap(number).putLong(blockNumber);
    return new Checksum().add(number, 0, number.length).add(bytes, Layout.CRC, size).value();
  }
}
