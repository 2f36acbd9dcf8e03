package io.pekkoraft.journal;

import java.util.function.LongSupplier;
import org.apache.pekko.actor.ClassicActorSystemProvider;

/**
 * Where the store counts and measures its writes: the seam for a metrics library. Called on the
 * thread that commits, so that it must not block; times are in nanoseconds.
 *
 * <p>{@code pekko-raft.rocksdb.metrics} names the class of a {@link Factory}.
 */
public interface JournalMetrics {
  /** Counts nothing. */
  JournalMetrics NONE = new JournalMetrics() {};

  /** Makes the metrics of a store; has a public constructor without parameters. */
  interface Factory {
    JournalMetrics of(ClassicActorSystemProvider system);
  }

  /** A batch of {@code writes} with {@code bytes} in all was written and synced. */
  default void synced(int writes, long bytes, long nanos) {}

  /** A write has failed; the store is opened anew. */
  default void failed() {}

  /**
   * Told once: what waits for the disk or is on its way to it, at the moment that it is asked for.
   */
  default void queue(LongSupplier writes, LongSupplier bytes) {}

  /**
   * Told once: how many bytes there is room for on the disk, at the moment that it is asked for.
   */
  default void room(LongSupplier bytes) {}

  /**
   * @param name of a factory's class; empty for none
   * @throws IllegalArgumentException when it is no factory's
   */
  static JournalMetrics of(String name, ClassicActorSystemProvider system) {
    if (name.isEmpty()) {
      return NONE;
    }
    try {
      var loader = system.classicSystem().getClass().getClassLoader();
      var type = Class.forName(name, true, loader);
      return ((Factory) type.getDeclaredConstructor().newInstance()).of(system);
    } catch (ReflectiveOperationException | ClassCastException | LinkageError e) {
      throw new IllegalArgumentException(
          "pekko-raft.rocksdb.metrics = "
              + name
              + ": it must be the class of a JournalMetrics.Factory: "
              + e,
          e);
    }
  }
}
