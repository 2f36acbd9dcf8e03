package io.pekkoraft.snapshot.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/** What a store does to the disk, step by step, so that a test can end it between any two. */
interface FileAccess {
  /** Opens for writing and reading; what was in it is gone. */
  Handle create(Path file) throws IOException;

  /** Opens for writing and reading; what is in it stays. */
  Handle reopen(Path file) throws IOException;

  Handle read(Path file) throws IOException;

  /** Atomic; replaces what has that name. */
  void rename(Path from, Path to) throws IOException;

  void delete(Path file) throws IOException;

  /** Before this, a new or changed name may not survive a power failure. */
  void syncDirectory(Path directory) throws IOException;

  /** An open file. */
  interface Handle extends AutoCloseable {
    /** Writes all that remains in {@code bytes}. */
    void write(ByteBuffer bytes, long at) throws IOException;

    /** Fills what remains of {@code bytes}, or as much as the file has. */
    void read(ByteBuffer bytes, long at) throws IOException;

    long size() throws IOException;

    void truncate(long size) throws IOException;

    /** When it fails, what is on the disk is unknown for ever: it is not to be tried again. */
    void sync() throws IOException;

    @Override
    void close() throws IOException;
  }
}
