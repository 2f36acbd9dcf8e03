package io.pekkoraft.snapshot.file;

import io.pekkoraft.snapshot.SnapshotStore;
import java.io.OutputStream;

/**
 * The content of a snapshot of any store, as the stream that a state is written to. To close it is
 * neither to commit the snapshot nor to abort it.
 */
public final class ContentOutput extends OutputStream {
  private final SnapshotStore.Writing writing;
  private final byte[] buffer = new byte[8 * 1024];
  private int size;

  public ContentOutput(SnapshotStore.Writing writing) {
    this.writing = writing;
  }

  @Override
  public void write(int value) {
    if (size == buffer.length) {
      flush();
    }
    buffer[size++] = (byte) value;
  }

  @Override
  public void write(byte[] array, int offset, int length) {
    flush();
    writing.write(array, offset, length);
  }

  @Override
  public void flush() {
    if (size > 0) {
      writing.write(buffer, 0, size);
      size = 0;
    }
  }

  @Override
  public void close() {
    flush();
  }
}
