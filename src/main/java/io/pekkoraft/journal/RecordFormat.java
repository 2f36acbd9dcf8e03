package io.pekkoraft.journal;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * How records look on the disk. The checksum covers the key too, so that a record is also known to
 * be the one that was asked for.
 *
 * <pre>
 * record      version:1  crc32c:4  kind:1  body           the crc is over the key, kind and body
 * event       timestamp:8  writer:text  adapter manifest:text  serialized  metadata
 * rejected    nothing
 * snapshot    serialized  metadata
 * serialized  serializer id:4  manifest:text  length:4  bytes
 * metadata    0:1, or 1:1  serialized
 * text        length:2  UTF-8
 * </pre>
 */
final class RecordFormat {
  private static final byte VERSION = 1;
  private static final int HEADER = Byte.BYTES + Integer.BYTES;
  private static final int LONGEST_TEXT = 0xFFFF;

  private static final byte EVENT = 1;
  private static final byte REJECTED = 2;
  private static final byte SNAPSHOT = 3;

  private RecordFormat() {}

  /**
   * Encodes what goes under {@code key}.
   *
   * @throws IllegalArgumentException if a text in it is longer than 65535 bytes
   */
  static byte[] encode(byte[] key, EventRecord event) {
    if (event instanceof EventRecord.Stored stored) {
      byte[] writer = text(stored.writer());
      byte[] adapterManifest = text(stored.adapterManifest());
      ByteBuffer out =
          record(
              EVENT,
              Long.BYTES
                  + size(writer)
                  + size(adapterManifest)
                  + size(stored.event())
                  + size(stored.metadata()));
      out.putLong(stored.timestamp());
      put(out, writer);
      put(out, adapterManifest);
      put(out, stored.event());
      put(out, stored.metadata());
      return withChecksum(key, out);
    }
    return withChecksum(key, record(REJECTED, 0));
  }

  /** Encodes what goes under {@code key}; fails as the other does. */
  static byte[] encode(byte[] key, SnapshotRecord snapshot) {
    ByteBuffer out = record(SNAPSHOT, size(snapshot.snapshot()) + size(snapshot.metadata()));
    put(out, snapshot.snapshot());
    put(out, snapshot.metadata());
    return withChecksum(key, out);
  }

  /**
   * Decodes what was found under {@code key}, the key of that event.
   *
   * @throws JournalException.Damaged if that is not what was written there
   */
  static EventRecord decodeEvent(String persistenceId, long sequenceNr, byte[] key, byte[] bytes) {
    String name = "event " + sequenceNr + " of persistence id [" + persistenceId + "]";
    ByteBuffer in = checked(name, key, bytes);
    try {
      byte kind = in.get();
      EventRecord event =
          switch (kind) {
            case REJECTED -> new EventRecord.Rejected(persistenceId, sequenceNr);
            case EVENT ->
                new EventRecord.Stored(
                    persistenceId,
                    sequenceNr,
                    in.getLong(),
                    takeText(in),
                    takeText(in),
                    takeSerialized(in),
                    takeMetadata(in));
            default -> throw damaged(name, "is of the unknown kind " + kind);
          };
      return readWhole(name, in, event);
    } catch (BufferUnderflowException tooShort) {
      throw damaged(name, "ends too early");
    }
  }

  /**
   * Decodes what was found under {@code key}, the key of that snapshot.
   *
   * @throws JournalException.Damaged if that is not what was written there
   */
  static SnapshotRecord decodeSnapshot(
      String persistenceId, long sequenceNr, long timestamp, byte[] key, byte[] bytes) {
    String name = "the snapshot at " + sequenceNr + " of persistence id [" + persistenceId + "]";
    ByteBuffer in = checked(name, key, bytes);
    try {
      byte kind = in.get();
      if (kind != SNAPSHOT) {
        throw damaged(name, "is of the unknown kind " + kind);
      }
      var snapshot =
          new SnapshotRecord(
              persistenceId, sequenceNr, timestamp, takeSerialized(in), takeMetadata(in));
      return readWhole(name, in, snapshot);
    } catch (BufferUnderflowException tooShort) {
      throw damaged(name, "ends too early");
    }
  }

  private static ByteBuffer record(byte kind, int bodySize) {
    return ByteBuffer.allocate(HEADER + Byte.BYTES + bodySize)
        .put(VERSION)
        .putInt(0) // the checksum's place
        .put(kind);
  }

  private static byte[] withChecksum(byte[] key, ByteBuffer record) {
    byte[] bytes = record.array();
    record.putInt(Byte.BYTES, checksum(key, bytes));
    return bytes;
  }

  private static ByteBuffer checked(String name, byte[] key, byte[] bytes) {
    if (bytes.length <= HEADER) {
      throw damaged(name, "has only " + bytes.length + " bytes");
    }
    ByteBuffer in = ByteBuffer.wrap(bytes);
    byte version = in.get();
    if (version != VERSION) {
      throw damaged(
          name,
          "has the format version "
              + version
              + " and this library knows only "
              + VERSION
              + ": a newer one wrote it, or it is damaged");
    }
    if (in.getInt() != checksum(key, bytes)) {
      throw damaged(name, "does not have the checksum that it was written with");
    }
    return in;
  }

  private static <T> T readWhole(String name, ByteBuffer in, T record) {
    if (in.hasRemaining()) {
      throw damaged(name, "has " + in.remaining() + " bytes too many");
    }
    return record;
  }

  private static JournalException.Damaged damaged(String name, String how) {
    return new JournalException.Damaged(name + " " + how, null);
  }

  private static int checksum(byte[] key, byte[] record) {
    var crc = new CRC32C();
    crc.update(key);
    crc.update(record, HEADER, record.length - HEADER);
    return (int) crc.getValue();
  }

  private static int size(byte[] text) {
    return Short.BYTES + text.length;
  }

  private static int size(Serialized object) {
    return Math.addExact(
        Integer.BYTES + size(text(object.manifest())) + Integer.BYTES, object.bytes().length);
  }

  private static int size(Optional<Serialized> metadata) {
    return Byte.BYTES + metadata.map(RecordFormat::size).orElse(0);
  }

  private static byte[] text(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    if (bytes.length > LONGEST_TEXT) {
      throw new IllegalArgumentException(
          "a manifest or writer id of "
              + bytes.length
              + " bytes; the longest is "
              + LONGEST_TEXT
              + ": "
              + text.substring(0, 80)
              + "...");
    }
    return bytes;
  }

  private static void put(ByteBuffer out, byte[] text) {
    out.putShort((short) text.length).put(text);
  }

  private static void put(ByteBuffer out, Serialized object) {
    out.putInt(object.serializerId());
    put(out, text(object.manifest()));
    out.putInt(object.bytes().length).put(object.bytes());
  }

  private static void put(ByteBuffer out, Optional<Serialized> metadata) {
    out.put((byte) (metadata.isPresent() ? 1 : 0));
    metadata.ifPresent(object -> put(out, object));
  }

  private static String takeText(ByteBuffer in) {
    return new String(takeBytes(in, Short.toUnsignedInt(in.getShort())), StandardCharsets.UTF_8);
  }

  private static Serialized takeSerialized(ByteBuffer in) {
    return new Serialized(in.getInt(), takeText(in), takeBytes(in, in.getInt()));
  }

  private static Optional<Serialized> takeMetadata(ByteBuffer in) {
    return in.get() == 0 ? Optional.empty() : Optional.of(takeSerialized(in));
  }

  private static byte[] takeBytes(ByteBuffer in, int length) {
    if (length < 0 || length > in.remaining()) {
      throw new BufferUnderflowException();
    }
    byte[] bytes = new byte[length];
    in.get(bytes);
    return bytes;
  }
}
