package io.pekkoraft.model;

/**
 * Raft's logical clock: each term begins with an election and has at most one leader (§5.1).
 *
 * @param value 0 before the first election, then 1, 2, 3, ...
 */
public record Term(long value) implements Comparable<Term> {
  public static final Term ZERO = new Term(0);

  public Term {
    if (value < 0) {
      throw new IllegalArgumentException("A term is never negative, but was " + value + ".");
    }
  }

  public static Term of(long value) {
    return new Term(value);
  }

  public Term next() {
    return new Term(Math.addExact(value, 1));
  }

  public boolean isNewerThan(Term other) {
    return value > other.value;
  }

  @Override
  public int compareTo(Term other) {
    return Long.compare(value, other.value);
  }

  @Override
  public String toString() {
    return Long.toString(value);
  }
}
