package io.pekkoraft.log;

import io.pekkoraft.model.Batch;
import io.pekkoraft.model.Entry;
import io.pekkoraft.model.LogIndex;
import io.pekkoraft.model.LogPosition;
import io.pekkoraft.model.SafetyViolation;
import java.util.ArrayList;
import java.util.List;

/** A peer's log, and how much of it is committed. */
public final class RaftLog {
  private final List<Entry> entries;
  private LogIndex committed = LogIndex.ZERO;
  private Packed packed = Packed.NOTHING;

  /** The last stretch that was packed: store and followers mostly ask for the same one. */
  private record Packed(LogIndex first, LogIndex last, int maxBytes, Batch batch) {
    static final Packed NOTHING = new Packed(LogIndex.ZERO, LogIndex.ZERO, 0, Batch.EMPTY);

    boolean is(LogIndex first, LogIndex last, int maxBytes) {
      return this.first.equals(first) && this.last.equals(last) && this.maxBytes == maxBytes;
    }
  }

  /** A log that begins with {@code recovered} at index 1. */
  public RaftLog(List<Entry> recovered) {
    entries = new ArrayList<>(recovered);
  }

  public LogIndex firstIndex() {
    return LogIndex.of(1);
  }

  public LogIndex lastIndex() {
    return LogIndex.of(entries.size());
  }

  public LogPosition last() {
    return at(lastIndex());
  }

  public LogIndex committed() {
    return committed;
  }

  public Entry entry(LogIndex index) {
    return entries.get(Math.toIntExact(index.value() - 1));
  }

  /** The position at {@code index}, which is {@link LogPosition#ORIGIN} for 0. */
  public LogPosition at(LogIndex index) {
    return index.equals(LogIndex.ZERO)
        ? LogPosition.ORIGIN
        : new LogPosition(entry(index).term(), index);
  }

  /** Whether this log agrees with any log that holds {@code position}, up to there (§5.3). */
  public boolean holds(LogPosition position) {
    return lastIndex().isAtLeast(position.index()) && at(position.index()).equals(position);
  }

  /** A leader appends, and never overwrites (Leader Append-Only, Figure 3). */
  public LogIndex append(Entry entry) {
    if (last().term().isNewerThan(entry.term())) {
      throw new IllegalStateException("An entry of term " + entry.term() + " after " + last());
    }
    entries.add(entry);
    return lastIndex();
  }

  /**
   * A follower takes over what it does not hold yet. Entries that it holds stay: the message may be
   * old, and the log longer by now. Only a real conflict, the same index with another term, removes
   * the entry and all after it (§5.3).
   *
   * @param previous a position that this log {@link #holds}
   * @throws SafetyViolation when a conflict lies at or below the commit index; that can't be, and a
   *     peer where it is must stop
   */
  public Appended append(LogPosition previous, Batch batch) {
    var known = 0;
    var index = previous.index();
    for (var entry : batch) {
      var next = index.next();
      if (next.isAfter(lastIndex())) {
        break;
      }
      if (!entry(next).term().equals(entry.term())) {
        truncateFrom(next);
        return new Appended(true, next, addAll(batch.drop(known)));
      }
      index = next;
      known++;
    }
    return new Appended(false, index.next(), addAll(batch.drop(known)));
  }

  /**
   * What {@link #append(LogPosition, Batch)} changed.
   *
   * @param truncated whether the log was first cut, from {@code first} on
   * @param first where {@code added} begins
   */
  public record Appended(boolean truncated, LogIndex first, Batch added) {}

  private Batch addAll(Batch batch) {
    entries.addAll(batch.entries());
    return batch;
  }

  private void truncateFrom(LogIndex first) {
    if (!first.isAfter(committed)) {
      throw new SafetyViolation(
          "A leader's entry at "
              + first
              + " conflicts with one that is committed: "
              + at(first)
              + ", commit index "
              + committed);
    }
    entries.subList(Math.toIntExact(first.value() - 1), entries.size()).clear();
    packed = Packed.NOTHING;
  }

  /**
   * The last position at or before {@code position} that could still match a log which holds {@code
   * position}: it skips every newer term in one step, so leader and follower together need at most
   * one round trip for each term in which they differ (end of §5.3).
   */
  public LogPosition lastThatCouldMatch(LogPosition position) {
    var index = position.index().min(lastIndex());
    while (at(index).term().isNewerThan(position.term())) {
      index = index.previous();
    }
    return at(index);
  }

  /**
   * The entries from {@code first} through {@code last}, or as many as fit in {@code maxBytes}, but
   * one at least. Asked for twice in a row, it is packed once.
   */
  public Batch pack(LogIndex first, LogIndex last, int maxBytes) {
    if (!packed.is(first, last, maxBytes)) {
      packed = new Packed(first, last, maxBytes, Batch.pack(fitting(first, last, maxBytes)));
    }
    return packed.batch;
  }

  private List<Entry> fitting(LogIndex first, LogIndex last, int maxBytes) {
    var from = Math.toIntExact(first.value() - 1);
    var end = Math.toIntExact(last.value());
    var to = from;
    var bytes = 0L;
    while (to < end) {
      bytes += entries.get(to).packedSize();
      if (bytes > maxBytes && to > from) {
        break;
      }
      to++;
    }
    return entries.subList(from, to);
  }

  /**
   * Everything through {@code index} is committed from now on; an older index changes nothing.
   *
   * @return whether that is news
   */
  public boolean commitThrough(LogIndex index) {
    if (index.isAfter(lastIndex())) {
      throw new IllegalStateException("Commit index " + index + " is past the log's end " + last());
    }
    if (!index.isAfter(committed)) {
      return false;
    }
    committed = index;
    return true;
  }
}
