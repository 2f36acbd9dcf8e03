package io.pekkoraft.bench;

import io.pekkoraft.CommandHandler;
import io.pekkoraft.SnapshotFormat;
import io.pekkoraft.StateMachine;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.zip.CRC32C;
import org.apache.pekko.serialization.Serialization;

/**
 * A state that is larger than the heap: a file, and how many commands there were. The command
 * {@link #FILL} takes a file over that was made before; all others only count. What a snapshot
 * brings is a file of its own, checked against the one that all began with.
 */
final class FileState extends StateMachine<byte[], Long, FileState.Contents> {
  /** Takes the file over. */
  static final byte[] FILL = {1, 2, 3};

  private static final int PIECE = 64 * 1024;

  private final Path prepared;
  private final Path copies;

  /**
   * @param file what the state holds besides the count; none at first
   */
  record Contents(long count, Optional<Path> file) {}

  FileState(Path prepared, Path copies) {
    this.prepared = prepared;
    this.copies = copies;
  }

  /** Makes a file of so many bytes that nothing can compress. */
  static Path prepare(Path file, long size) throws IOException {
    var random = new SplittableRandom(1);
    var piece = new byte[PIECE];
    try (var out = Files.newOutputStream(file)) {
      for (var left = size; left > 0; left -= piece.length) {
        random.nextBytes(piece);
        out.write(piece, 0, (int) Math.min(left, piece.length));
      }
    }
    return file;
  }

  @Override
  public Contents emptyState() {
    return new Contents(0, Optional.empty());
  }

  @Override
  public CommandHandler<byte[], Long, Contents> commandHandler() {
    return (context, state, command) -> {
      if (command.length == 0) {
        return Effect().reply(state.count());
      }
      var file = Arrays.equals(command, FILL) ? Optional.of(prepared) : state.file();
      return Effect().set(new Contents(state.count() + 1, file)).thenReply(state.count() + 1);
    };
  }

  @Override
  public SnapshotFormat<Contents> snapshotFormat(Serialization serialization) {
    return new SnapshotFormat<>() {
      @Override
      public void write(Contents state, OutputStream out) throws IOException {
        var data = new DataOutputStream(out);
        data.writeLong(state.count());
        data.writeBoolean(state.file().isPresent());
        data.flush();
        if (state.file().isPresent()) {
          try (var in = Files.newInputStream(state.file().get())) {
            in.transferTo(out);
          }
        }
      }

      @Override
      public Contents read(InputStream in) throws IOException {
        var data = new DataInputStream(in);
        var count = data.readLong();
        if (!data.readBoolean()) {
          return new Contents(count, Optional.empty());
        }
        var copy = Files.createTempFile(copies, "state", ".bin");
        try (var out = Files.newOutputStream(copy)) {
          in.transferTo(out);
        }
        if (checksum(copy) != checksum(prepared)) {
          throw new IOException("What came is not what was sent: " + copy);
        }
        return new Contents(count, Optional.of(copy));
      }
    };
  }

  private static long checksum(Path file) throws IOException {
    var crc = new CRC32C();
    var piece = new byte[PIECE];
    try (var in = Files.newInputStream(file)) {
      for (var size = in.read(piece); size > 0; size = in.read(piece)) {
        crc.update(piece, 0, size);
      }
    }
    return crc.getValue();
  }
}
