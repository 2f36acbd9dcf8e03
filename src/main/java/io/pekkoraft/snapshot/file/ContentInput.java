package io.pekkoraft.snapshot.file;

import io.pekkoraft.model.Bytes;
import io.pekkoraft.snapshot.SnapshotStore;
import java.io.InputStream;
import java.util.Objects;

/** The content of a snapshot of any store, as the stream that a state is read from. */
public final class ContentInput extends InputStream {
  private static final int PIECE = 64 * 1024;

  private final SnapshotStore.Reading reading;
  private Bytes piece = Bytes.EMPTY;
  private int taken;
  private long next;

  public ContentInput(SnapshotStore.Reading reading) {
    this.reading = reading;
  }

  @Override
  public int read() {
    return hasMore() ? piece.array()[piece.offset() + taken++] & 0xFF : -1;
  }

  @Override
  public int read(byte[] array, int offset, int length) {
    Objects.checkFromIndexSize(offset, length, array.length);
    if (length == 0) {
      return 0;
    }
    if (!hasMore()) {
      return -1;
    }
    var size = Math.min(length, piece.size() - taken);
    System.arraycopy(piece.array(), piece.offset() + taken, array, offset, size);
    taken += size;
    return size;
  }

  private boolean hasMore() {
    if (taken == piece.size()) {
      piece = reading.read(next, PIECE);
      next += piece.size();
      taken = 0;
    }
    return piece.size() > 0;
  }

  @Override
  public int available() {
    return piece.size() - taken;
  }
}
