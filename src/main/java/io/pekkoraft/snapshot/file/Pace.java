package io.pekkoraft.snapshot.file;

import java.util.concurrent.locks.LockSupport;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

/**
 * Leaves CPU and disk to others while a large state is written: after each piece, rests for as long
 * as the piece took, times a factor. That follows how busy both are, which a rate would not.
 */
final class Pace {
  /** A stop waits no longer than this. */
  private static final long LONGEST_REST = 100_000_000;

  private final long piece;
  private final double rest;
  private final LongSupplier clock;
  private final LongConsumer sleep;
  private long written;
  private long since;

  /**
   * @param piece in bytes; what is smaller is written without a rest
   * @param clock in nanoseconds
   * @param sleep for nanoseconds
   */
  Pace(long piece, double rest, LongSupplier clock, LongConsumer sleep) {
    this.piece = piece;
    this.rest = rest;
    this.clock = clock;
    this.sleep = sleep;
    this.since = clock.getAsLong();
  }

  static Pace real(long piece, double rest) {
    return new Pace(piece, rest, System::nanoTime, LockSupport::parkNanos);
  }

  /** So many bytes more are written; may rest. */
  void wrote(int bytes) {
    written += bytes;
    if (written < piece) {
      return;
    }
    written = 0;
    var nanos = (long) (rest * (clock.getAsLong() - since));
    if (nanos > 0) {
      sleep.accept(Math.min(nanos, LONGEST_REST));
    }
    since = clock.getAsLong();
  }
}
