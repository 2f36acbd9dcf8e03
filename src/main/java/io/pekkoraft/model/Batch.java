package io.pekkoraft.model;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;

/**
 * Consecutive entries, packed into one array once. The same bytes go into the leader's store, to
 * every follower and into the follower's store, so that an entry is not serialized again at each of
 * these stations.
 *
 * <pre>
 *   entry   := term (8 bytes) kind (1) size (4) payload (size)     all big endian
 *   batch   := entry*
 * </pre>
 */
public final class Batch implements Iterable<Entry> {
  public static final Batch EMPTY = new Batch(List.of(), new byte[0]);
  static final int HEADER = Long.BYTES + 1 + Integer.BYTES;

  private final List<Entry> entries;
  private final byte[] packed;

  private Batch(List<Entry> entries, byte[] packed) {
    this.entries = entries;
    this.packed = packed;
  }

  public static Batch pack(Collection<Entry> entries) {
    if (entries.isEmpty()) {
      return EMPTY;
    }
    var size = 0;
    for (var entry : entries) {
      size = Math.addExact(size, entry.packedSize());
    }
    var buffer = ByteBuffer.allocate(size);
    for (var entry : entries) {
      buffer.putLong(entry.term().value()).put(entry.kind().code()).putInt(entry.payload().size());
      entry.payload().copyTo(buffer);
    }
    return new Batch(List.copyOf(entries), buffer.array());
  }

  public static Batch of(Entry... entries) {
    return pack(List.of(entries));
  }

  /**
   * Reads what {@link #packed()} gave.
   *
   * @throws IllegalArgumentException when the bytes are not whole entries in the order of terms
   */
  public static Batch unpack(byte[] packed) {
    if (packed.length == 0) {
      return EMPTY;
    }
    var entries = new ArrayList<Entry>();
    var buffer = ByteBuffer.wrap(packed);
    var newest = Term.ZERO;
    while (buffer.hasRemaining()) {
      var entry = read(buffer);
      if (newest.isNewerThan(entry.term())) {
        throw new IllegalArgumentException(
            "A batch goes back from term " + newest + " to term " + entry.term() + ".");
      }
      // Entries of one term share one object: a log holds millions.
      newest = newest.equals(entry.term()) ? newest : entry.term();
      entries.add(new Entry(newest, entry.kind(), entry.payload()));
    }
    return new Batch(List.copyOf(entries), packed);
  }

  private static Entry read(ByteBuffer buffer) {
    if (buffer.remaining() < HEADER) {
      throw new IllegalArgumentException("A batch ends in the middle of an entry's header.");
    }
    var term = new Term(buffer.getLong());
    var kind = Entry.Kind.ofCode(buffer.get());
    var size = buffer.getInt();
    if (size < 0 || size > buffer.remaining()) {
      throw new IllegalArgumentException(
          "An entry claims " + size + " bytes of the " + buffer.remaining() + " that are left.");
    }
    var payload = new Bytes(buffer.array(), buffer.position(), size);
    buffer.position(buffer.position() + size);
    return new Entry(term, kind, payload);
  }

  /** Several batches, one after the other, as one. */
  public static Batch concat(List<Batch> batches) {
    if (batches.size() == 1) {
      return batches.get(0);
    }
    var entries = new ArrayList<Entry>();
    var size = 0;
    for (var batch : batches) {
      entries.addAll(batch.entries);
      size = Math.addExact(size, batch.packed.length);
    }
    var buffer = ByteBuffer.allocate(size);
    batches.forEach(batch -> buffer.put(batch.packed));
    return new Batch(List.copyOf(entries), buffer.array());
  }

  /** What is left after the first {@code count} entries; the batch itself when that is all. */
  public Batch drop(int count) {
    return count == 0 ? this : pack(entries.subList(count, entries.size()));
  }

  public List<Entry> entries() {
    return entries;
  }

  public int size() {
    return entries.size();
  }

  public boolean isEmpty() {
    return entries.isEmpty();
  }

  /** The packed bytes themselves, not a copy: they are shared, and nobody may change them. */
  public byte[] packed() {
    return packed;
  }

  @Override
  public Iterator<Entry> iterator() {
    return entries.iterator();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Batch that && entries.equals(that.entries);
  }

  @Override
  public int hashCode() {
    return entries.hashCode();
  }

  @Override
  public String toString() {
    return size() + " entries";
  }
}
