package io.pekkoraft.snapshot.file;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** The files of the operating system. */
final class RealFiles implements FileAccess {
  private static final boolean WINDOWS = File.separatorChar == '\\';

  @Override
  public Handle create(Path file) throws IOException {
    return new Channel(FileChannel.open(file, CREATE, TRUNCATE_EXISTING, READ, WRITE));
  }

  @Override
  public Handle reopen(Path file) throws IOException {
    return new Channel(FileChannel.open(file, READ, WRITE));
  }

  @Override
  public Handle read(Path file) throws IOException {
    return new Channel(FileChannel.open(file, READ));
  }

  @Override
  public void rename(Path from, Path to) throws IOException {
    Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
  }

  @Override
  public void delete(Path file) throws IOException {
    Files.deleteIfExists(file);
  }

  @Override
  public void syncDirectory(Path directory) throws IOException {
    if (WINDOWS) {
      return; // It opens no directories; its file systems do not need it.
    }
    try (var channel = FileChannel.open(directory, READ)) {
      channel.force(true);
    }
  }

  private record Channel(FileChannel channel) implements Handle {
    @Override
    public void write(ByteBuffer bytes, long at) throws IOException {
      for (var offset = at; bytes.hasRemaining(); ) {
        offset += channel.write(bytes, offset);
      }
    }

    @Override
    public void read(ByteBuffer bytes, long at) throws IOException {
      for (var offset = at; bytes.hasRemaining(); ) {
        var read = channel.read(bytes, offset);
        if (read < 0) {
          return;
        }
        offset += read;
      }
    }

    @Override
    public long size() throws IOException {
      return channel.size();
    }

    @Override
    public void truncate(long size) throws IOException {
      channel.truncate(size);
    }

    @Override
    public void sync() throws IOException {
      channel.force(true);
    }

    @Override
    public void close() throws IOException {
      channel.close();
    }
  }
}
