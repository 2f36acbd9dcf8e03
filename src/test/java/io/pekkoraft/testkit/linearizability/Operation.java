package io.pekkoraft.testkit.linearizability;

import java.util.Optional;

/**
 * One command of a {@link History}, from its call to its return. Both are places in the history's
 * order of events, not times.
 *
 * @param isRead whether it leaves the state as it is, in any state
 * @param returned {@link #NEVER} if nobody knows what became of it
 * @param result empty if nobody knows
 */
public record Operation<C, R>(
    Object client, C command, boolean isRead, long called, long returned, Optional<R> result) {
  /** The return of an operation that may take effect at any time after its call, or not at all. */
  public static final long NEVER = Long.MAX_VALUE;

  public boolean isUnknown() {
    return result.isEmpty();
  }

  /** An operation is itself alone: another one with the same command is another one. */
  @Override
  public boolean equals(Object other) {
    return this == other;
  }

  @Override
  public int hashCode() {
    return Long.hashCode(called);
  }

  @Override
  public String toString() {
    return isUnknown()
        ? "%s: %s -> ? (called at %d)".formatted(client, command, called)
        : "%s: %s -> %s (%d to %d)".formatted(client, command, result.get(), called, returned);
  }
}
