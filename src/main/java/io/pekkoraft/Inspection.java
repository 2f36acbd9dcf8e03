package io.pekkoraft;

import io.pekkoraft.model.Entry;
import io.pekkoraft.model.LogIndex;
import io.pekkoraft.model.LogPosition;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * One peer as it sees itself, with the end of its log: for whoever wants to look on.
 *
 * @param electionTimeout how long until it asks for an election unless it hears a leader, and how
 *     long that was when it was drawn; empty at a leader, which waits for nobody
 * @param snapshot what the snapshot in effect includes
 * @param first the index of the first entry of {@code tail}
 * @param tail the last entries of its log, as many as were asked for at most
 */
public record Inspection(
    RaftStatus status,
    Optional<Wait> electionTimeout,
    Optional<LogPosition> snapshot,
    LogIndex first,
    List<Entry> tail) {
  /** The most entries that a peer tells of at once. */
  public static final int MOST_ENTRIES = 256;

  public Inspection {
    tail = List.copyOf(tail);
  }

  /** Of {@code whole}, {@code left} is to come. */
  public record Wait(Duration left, Duration whole) {}
}
