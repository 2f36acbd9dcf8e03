package io.pekkoraft.model;

/**
 * An entry's index together with its term. Two logs that hold the same position hold the same
 * entries up to it: the Log Matching Property (§5.3).
 */
public record LogPosition(Term term, LogIndex index) {
  /** Just before the first entry, which every log holds. */
  public static final LogPosition ORIGIN = new LogPosition(Term.ZERO, LogIndex.ZERO);

  public static LogPosition of(long term, long index) {
    return new LogPosition(Term.of(term), LogIndex.of(index));
  }

  /** A later last term wins; between equal terms the longer log does (§5.4.1). */
  public boolean isAtLeastAsUpToDateAs(LogPosition other) {
    return term.equals(other.term) ? index.isAtLeast(other.index) : term.isNewerThan(other.term);
  }

  @Override
  public String toString() {
    return index + "@" + term;
  }
}
