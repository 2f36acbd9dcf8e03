package io.pekkoraft.model;

/**
 * The place of an entry in the log.
 *
 * @param value 0 before the first entry, which stands at 1 (Figure 2)
 */
public record LogIndex(long value) implements Comparable<LogIndex> {
  public static final LogIndex ZERO = new LogIndex(0);

  public LogIndex {
    if (value < 0) {
      throw new IllegalArgumentException("A log index is never negative, but was " + value + ".");
    }
  }

  public static LogIndex of(long value) {
    return new LogIndex(value);
  }

  public LogIndex next() {
    return plus(1);
  }

  public LogIndex plus(long entries) {
    return new LogIndex(Math.addExact(value, entries));
  }

  /** The index before this one; the one before {@link #ZERO} does not exist. */
  public LogIndex previous() {
    return new LogIndex(value - 1);
  }

  public boolean isAfter(LogIndex other) {
    return value > other.value;
  }

  public boolean isAtLeast(LogIndex other) {
    return value >= other.value;
  }

  public LogIndex min(LogIndex other) {
    return value <= other.value ? this : other;
  }

  public LogIndex max(LogIndex other) {
    return value >= other.value ? this : other;
  }

  @Override
  public int compareTo(LogIndex other) {
    return Long.compare(value, other.value);
  }

  @Override
  public String toString() {
    return Long.toString(value);
  }
}
