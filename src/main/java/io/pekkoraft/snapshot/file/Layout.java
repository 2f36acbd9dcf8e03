package io.pekkoraft.snapshot.file;

import io.pekkoraft.model.Bytes;
import io.pekkoraft.model.LogPosition;
import io.pekkoraft.snapshot.Checksum;
import io.pekkoraft.snapshot.SnapshotException.Damaged;
import io.pekkoraft.snapshot.SnapshotMeta;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * How a snapshot looks on the disk. All numbers are big endian; every byte is under a checksum.
 *
 * <pre>
 *   file    := header block*
 *   header  := "PKRAFTSN":8 version:1 term:8 index:8 length:8 checksum:4
 *              size:4 configuration(size) crc32c:4               the crc is over all before it
 *   block   := crc32c:4 content(64 KiB; the last one is shorter)
 *                                            the crc is over the block's number and its content
 * </pre>
 *
 * <p>The header says how long the file has to be, and is written last when a state is written: the
 * length and the checksum of the content are known only then.
 */
final class Layout {
  static final int BLOCK = 64 * 1024;
  static final int CRC = Integer.BYTES;
  private static final byte[] MAGIC = "PKRAFTSN".getBytes(StandardCharsets.US_ASCII);
  private static final byte VERSION = 1;
  private static final int FIXED = 8 + 1 + 3 * Long.BYTES + 2 * Integer.BYTES;
  private static final int LARGEST_CONFIGURATION = 16 * 1024 * 1024;

  private Layout() {}

  static int headerSize(Bytes configuration) {
    return FIXED + configuration.size() + CRC;
  }

  /** Where the block begins whose number is given, counted from 0. */
  static long blockAt(Bytes configuration, long block) {
    return headerSize(configuration) + block * (CRC + BLOCK);
  }

  static long blocks(long length) {
    return (length + BLOCK - 1) / BLOCK;
  }

  static int sizeOfBlock(long length, long block) {
    return (int) Math.min(BLOCK, length - block * BLOCK);
  }

  static long fileSize(SnapshotMeta meta) {
    return headerSize(meta.configuration()) + meta.length() + blocks(meta.length()) * CRC;
  }

  static ByteBuffer header(SnapshotMeta meta) {
    var configuration = meta.configuration();
    if (configuration.size() > LARGEST_CONFIGURATION) {
      throw new IllegalArgumentException("A configuration of " + configuration);
    }
    var header = ByteBuffer.allocate(headerSize(configuration));
    header
        .put(MAGIC)
        .put(VERSION)
        .putLong(meta.position().term().value())
        .putLong(meta.position().index().value())
        .putLong(meta.length())
        .putInt(meta.checksum())
        .putInt(configuration.size())
        .put(configuration.buffer());
    return header.putInt(crc(header)).flip();
  }

  /** The checksum of what stands before the position of {@code buffer}. */
  private static int crc(ByteBuffer buffer) {
    return Checksum.of(new Bytes(buffer.array(), 0, buffer.position()));
  }

  /**
   * Reads the header of a file that claims to be whole.
   *
   * @throws Damaged if it is not a header, or the file is not as long as it says
   */
  static SnapshotMeta readHeader(Path file, FileAccess.Handle handle) throws IOException {
    var fixed = read(file, handle, FIXED);
    var magic = new byte[MAGIC.length];
    fixed.get(magic);
    if (!Arrays.equals(magic, MAGIC)) {
      throw Problems.damaged(file, "does not begin as a snapshot does");
    }
    var version = fixed.get();
    if (version != VERSION) {
      throw Problems.damaged(
          file, "is of version " + version + ", and this peer reads version " + VERSION);
    }
    var size = fixed.getInt(FIXED - Integer.BYTES);
    if (size < 0 || size > LARGEST_CONFIGURATION) {
      throw Problems.damaged(file, "claims a configuration of " + size + " bytes");
    }
    var header = read(file, handle, FIXED + size + CRC);
    header.position(FIXED + size);
    if (crc(header) != header.getInt(FIXED + size)) {
      throw Problems.damaged(file, "has a header that does not fit its checksum");
    }
    header.position(MAGIC.length + 1);
    var meta =
        new SnapshotMeta(
            LogPosition.of(header.getLong(), header.getLong()),
            new Bytes(header.array(), FIXED, size),
            header.getLong(),
            header.getInt());
    if (handle.size() != fileSize(meta)) {
      throw Problems.damaged(
          file, "has " + handle.size() + " bytes and should have " + fileSize(meta));
    }
    return meta;
  }

  private static ByteBuffer read(Path file, FileAccess.Handle handle, int size) throws IOException {
    var buffer = ByteBuffer.allocate(size);
    handle.read(buffer, 0);
    if (buffer.hasRemaining()) {
      throw Problems.damaged(file, "ends in its header, at byte " + buffer.position());
    }
    return buffer.flip();
  }
}
