package io.pekkoraft;

import io.pekkoraft.RaftEvent.ProposalsRefused;
import io.pekkoraft.model.PeerId;
import org.apache.pekko.actor.typed.ActorSystem;

/**
 * Where a peer counts and measures what it does, beside the {@link RaftEvent}s that tell what
 * happens to it: the seam for a metrics library, and for spans of what takes time. One for each
 * peer, called by the peer itself, so that it must not block; times are in nanoseconds. What is not
 * overridden costs nothing.
 *
 * <p>{@code pekko-raft.insight.metrics} names the class of a {@link Factory}.
 */
public interface RaftMetrics {
  /** Counts nothing. */
  RaftMetrics NONE = new RaftMetrics() {};

  /** Makes the metrics of each peer; has a public constructor without parameters. */
  interface Factory {
    RaftMetrics of(ActorSystem<?> system, String group, PeerId peer);
  }

  /** A leader has taken a command of {@code bytes} into its log. */
  default void taken(int bytes) {}

  /** A leader has refused a command. */
  default void refused(ProposalsRefused.Reason reason) {}

  /**
   * A leader has applied a batch of entries, {@code nanos} after the batch had left for the others.
   */
  default void applied(int entries, long nanos) {}

  /** Entries have joined the log of this peer, and will be written. */
  default void appended(int entries, int bytes) {}

  /** A write is on the disk. */
  default void written(long nanos) {}

  /** A read was answered here. */
  default void read(ReadConsistency consistency) {}

  /** The peer stands for election. */
  default void stands() {}

  /** It was elected, {@code nanos} after it stood. */
  default void elected(long nanos) {}
}
