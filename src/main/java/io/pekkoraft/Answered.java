package io.pekkoraft;

import io.pekkoraft.model.LogIndex;
import java.util.Objects;

/**
 * A result, and where in the log it was found. A client that reads with {@link
 * ReadConsistency#atLeast} of the highest index it has seen never sees the state go back, whichever
 * peer it asks.
 *
 * @param index everything through it is in the result's state
 */
public record Answered<R>(R result, LogIndex index) {
  public Answered {
    Objects.requireNonNull(result, "A result is never null.");
    Objects.requireNonNull(index, "An index is never null.");
  }
}
