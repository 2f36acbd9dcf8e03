package io.pekkoraft.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.CRC32C;

/**
 * Reads RocksDB's write-ahead log past the point where RocksDB stops.
 *
 * <p>At the first bad record RocksDB takes it that the log ends there, for behind the last write of
 * a recycled file lie the records of its former life. That is right after a crash in the middle of
 * a write. But if a record was damaged long after it was written, all that was acknowledged after
 * it would be dropped in silence. The two can be told apart, because each write is synced before
 * the next one begins: a torn write has no whole one behind it.
 *
 * <pre>
 * block of 32 KiB:  record, record, ...    no record crosses into the next block
 * record:           crc32c:4 (masked)  length:2  type:1  log number:4  piece of a batch
 * batch:            sequence:8  count:4  ...           all little-endian
 * </pre>
 */
final class LogScan {
  private static final int BLOCK = 32 * 1024;
  private static final int HEADER = 11;
  private static final int BATCH_HEADER = 12;

  private static final byte FULL = 5;
  private static final byte FIRST = 6;
  private static final byte LAST = 8;

  private final ByteBuffer log;
  private final int logNumber;
  private long last;

  /** The beginning of the batch whose pieces are being read, or null between batches. */
  private ByteBuffer batch;

  private LogScan(byte[] log, int logNumber) {
    this.log = ByteBuffer.wrap(log).order(ByteOrder.LITTLE_ENDIAN);
    this.logNumber = logNumber;
  }

  /** RocksDB's number of the last change that is whole in any log file, or 0 if there is none. */
  static long lastSequence(Path directory) throws IOException {
    long last = 0;
    for (Path file : logFiles(directory)) {
      String name = file.getFileName().toString();
      // The records hold the lower half of the number.
      int logNumber = (int) Long.parseLong(name.substring(0, name.indexOf('.')));
      last = Math.max(last, new LogScan(Files.readAllBytes(file), logNumber).scan());
    }
    return last;
  }

  private static List<Path> logFiles(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.filter(file -> file.getFileName().toString().matches("\\d+\\.log")).toList();
    }
  }

  private long scan() {
    int at = 0;
    while (at + HEADER <= log.capacity()) {
      int leftInBlock = BLOCK - at % BLOCK;
      if (leftInBlock < HEADER) {
        at += leftInBlock;
      } else if (isRecord(at, leftInBlock)) {
        piece(log.get(at + 6), log.slice(at + HEADER, length(at)));
        at += HEADER + length(at);
      } else {
        // Where a damaged record ends cannot be known, so the next one may begin anywhere.
        batch = null;
        at++;
      }
    }
    return last;
  }

  private boolean isRecord(int at, int leftInBlock) {
    int type = log.get(at + 6);
    int end = at + HEADER + length(at);
    return log.getInt(at + 7) == logNumber
        && type >= FULL
        && length(at) <= leftInBlock - HEADER
        && end <= log.capacity()
        && log.getInt(at) == maskedChecksum(at + 6, end);
  }

  private int length(int at) {
    return Short.toUnsignedInt(log.getShort(at + 4));
  }

  private int maskedChecksum(int from, int to) {
    var crc = new CRC32C();
    crc.update(log.array(), from, to - from);
    return Integer.rotateRight((int) crc.getValue(), 15) + 0xa282ead8;
  }

  private void piece(byte type, ByteBuffer piece) {
    if (type == FULL || type == FIRST) {
      batch = ByteBuffer.allocate(BATCH_HEADER).order(ByteOrder.LITTLE_ENDIAN);
    }
    if (batch == null || type > LAST) {
      return;
    }
    int wanted = Math.min(batch.remaining(), piece.remaining());
    batch.put(piece.slice(0, wanted));
    if (type == FULL || type == LAST) {
      if (!batch.hasRemaining()) {
        last = Math.max(last, batch.getLong(0) + Integer.toUnsignedLong(batch.getInt(8)) - 1);
      }
      batch = null;
    }
  }
}
