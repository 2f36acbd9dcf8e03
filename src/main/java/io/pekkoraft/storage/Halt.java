package io.pekkoraft.storage;

import java.io.FilterInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/**
 * Ends work that has begun elsewhere: a peer that stops does not wait until a large state is
 * written, and neither does its successor, who needs the place.
 */
public final class Halt {
  private volatile boolean called;

  /** From now on, whatever is being read or written fails at its next piece. */
  public void call() {
    called = true;
  }

  private void check() throws IOException {
    if (called) {
      throw new IOException("The peer has stopped.");
    }
  }

  OutputStream over(OutputStream out) {
    return new FilterOutputStream(out) {
      @Override
      public void write(byte[] array, int offset, int length) throws IOException {
        check();
        out.write(array, offset, length);
      }
    };
  }

  InputStream over(InputStream in) {
    return new FilterInputStream(in) {
      @Override
      public int read(byte[] array, int offset, int length) throws IOException {
        check();
        return super.read(array, offset, length);
      }
    };
  }
}
