package io.pekkoraft.snapshot;

import io.pekkoraft.model.Bytes;
import io.pekkoraft.model.LogPosition;
import io.pekkoraft.model.Term;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.SplittableRandom;

/** Snapshots to test with. */
public final class Samples {
  public static final Bytes CONFIGURATION =
      Bytes.wrap("p1,p2,p3".getBytes(StandardCharsets.US_ASCII));

  private Samples() {}

  public static byte[] content(int size) {
    var content = new byte[size];
    new SplittableRandom(size).nextBytes(content);
    return content;
  }

  public static SnapshotMeta meta(long index, byte[] content) {
    return new SnapshotMeta(
        LogPosition.of(3, index), CONFIGURATION, content.length, Checksum.of(Bytes.wrap(content)));
  }

  public static Bytes piece(byte[] content, long from, int size) {
    return Bytes.wrap(Arrays.copyOfRange(content, (int) from, (int) from + size));
  }

  static SnapshotTransfer transfer(long term, long number) {
    return new SnapshotTransfer(Term.of(term), number);
  }
}
