package io.pekkoraft.journal;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Where things lie in the store. Every key begins with the persistence id behind its length, so
 * that no id's keys lie among those of another; numbers are big-endian, so that the order of the
 * bytes is the order of the numbers.
 *
 * <pre>
 * events      id  sequence number             -> event
 * meta        id                              -> the sequence number through which all is deleted
 * snapshots   id  sequence number  timestamp  -> snapshot
 * </pre>
 */
final class Keys {
  private Keys() {}

  /** The key of an event. */
  static byte[] event(String persistenceId, long sequenceNr) {
    return withRoomFor(Long.BYTES, persistenceId).putLong(sequenceNr).array();
  }

  /** The key of what is known of a persistence id as a whole. */
  static byte[] meta(String persistenceId) {
    return withRoomFor(0, persistenceId).array();
  }

  /** The key of a snapshot; the timestamp is in it so that selecting one reads no snapshot. */
  static byte[] snapshot(String persistenceId, long sequenceNr, long timestamp) {
    return withRoomFor(2 * Long.BYTES, persistenceId)
        .putLong(sequenceNr)
        .putLong(timestamp)
        .array();
  }

  /**
   * Whose key it is.
   *
   * @throws JournalException.Damaged if it is nobody's
   */
  static String persistenceId(byte[] key) {
    ByteBuffer in = ByteBuffer.wrap(key);
    int length = key.length < Integer.BYTES ? -1 : in.getInt();
    if (length < 0 || length > in.remaining()) {
      throw new JournalException.Damaged("a key of " + key.length + " bytes is nobody's", null);
    }
    return new String(key, Integer.BYTES, length, StandardCharsets.UTF_8);
  }

  static long eventSequenceNr(byte[] key) {
    return ByteBuffer.wrap(key).getLong(key.length - Long.BYTES);
  }

  static long snapshotSequenceNr(byte[] key) {
    return ByteBuffer.wrap(key).getLong(key.length - 2 * Long.BYTES);
  }

  static long snapshotTimestamp(byte[] key) {
    return ByteBuffer.wrap(key).getLong(key.length - Long.BYTES);
  }

  private static ByteBuffer withRoomFor(int bytes, String persistenceId) {
    byte[] id = persistenceId.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(Integer.BYTES + id.length + bytes).putInt(id.length).put(id);
  }
}
