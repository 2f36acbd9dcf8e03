package io.pekkoraft.read;

import io.pekkoraft.model.LogIndex;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;

/**
 * Reads on their way (thesis §6.4). Each waits for a round that begins after it came: at a leader,
 * of messages that a majority answers, so that nobody else led when it came; at a follower, of a
 * question to its leader. Then it waits until all is applied that was committed then. Those that
 * come while a round is under way share the next one.
 *
 * @param <T> a read
 */
public final class ReadIndex<T> {
  private final Deque<Confirmed<T>> confirmed = new ArrayDeque<>();
  private List<T> waiting = new ArrayList<>();
  private List<T> asking = List.of();
  private long round;
  private int size;

  private record Confirmed<T>(LogIndex index, List<T> reads) {}

  /** How many reads have no answer yet. */
  public int size() {
    return size;
  }

  public void add(T read) {
    waiting.add(read);
    size++;
  }

  /** Whether some wait for a round, and none is under way that they must wait for first. */
  public boolean needsRound() {
    return !waiting.isEmpty() && !isAsking();
  }

  /** Whether a round is under way. */
  public boolean isAsking() {
    return !asking.isEmpty();
  }

  /** The round that is under way, or was last. */
  public long round() {
    return round;
  }

  /** A round begins; all that wait join it. */
  public void begin(long number) {
    round = number;
    asking = waiting;
    waiting = new ArrayList<>();
  }

  /**
   * A round has ended well, and so has every round before it.
   *
   * @param index at least what was committed when it began
   */
  public void confirmed(long number, LogIndex index) {
    if (isAsking() && number >= round) {
      confirmed.addLast(new Confirmed<>(index, asking));
      asking = List.of();
    }
  }

  /**
   * All through {@code index} is applied: hands out the reads that waited for no more than that.
   */
  public void applied(LogIndex index, Consumer<T> answer) {
    while (!confirmed.isEmpty() && index.isAtLeast(confirmed.peekFirst().index())) {
      var reads = confirmed.removeFirst().reads();
      size -= reads.size();
      reads.forEach(answer);
    }
  }

  /** Hands out all that have no answer, and forgets them. */
  public void abandon(Consumer<T> refuse) {
    confirmed.forEach(batch -> batch.reads().forEach(refuse));
    asking.forEach(refuse);
    waiting.forEach(refuse);
    confirmed.clear();
    asking = List.of();
    waiting = new ArrayList<>();
    size = 0;
  }
}
