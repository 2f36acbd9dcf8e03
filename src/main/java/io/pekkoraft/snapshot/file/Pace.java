package io.pekkoraft.snapshot.file;

import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

/** Counts what is written of a large state, and rests after each piece. */
public final class Pace {
  /** A stop waits no longer than this. */
  private static final long LONGEST_REST = 100_000_000;

  private final long piece;
  private final Rest rest;
  private long written;
  private long since;

  /**
   * @param piece in bytes; what is smaller is written without a rest
   */
  Pace(long piece, Rest rest) {
    this.piece = piece;
    this.rest = rest;
    this.since = rest.clock().getAsLong();
  }

  /**
   * Leaves CPU and disk to others for as long as the work before took, times a factor. That follows
   * how busy both are, which a rate in bytes a second would not.
   *
   * @param factor 0 never rests
   * @param clock in nanoseconds
   * @param sleep for nanoseconds
   */
  public record Rest(double factor, LongSupplier clock, LongConsumer sleep) {
    public static final Rest NONE = new Rest(0, () -> 0, nanos -> {});
  }

  /** So many bytes more are written; may rest. */
  void wrote(int bytes) {
    written += bytes;
    if (written < piece) {
      return;
    }
    written = 0;
    var nanos = (long) (rest.factor() * (rest.clock().getAsLong() - since));
    if (nanos > 0) {
      rest.sleep().accept(Math.min(nanos, LONGEST_REST));
    }
    since = rest.clock().getAsLong();
  }
}
