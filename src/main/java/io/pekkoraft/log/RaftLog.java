package io.pekkoraft.log;

import io.pekkoraft.model.Batch;
import io.pekkoraft.model.Entry;
import io.pekkoraft.model.LogIndex;
import io.pekkoraft.model.LogPosition;
import io.pekkoraft.model.SafetyViolation;
import java.util.ArrayList;
import java.util.List;

/**
 * A peer's log, and how much of it is committed. What a snapshot includes need not be in it any
 * more (§7): it begins after its {@link #base}, everything through which is committed.
 *
 * <pre>
 *              base                     committed         last
 *   ────────────┤├──────────────────────────┤├─────────────┤
 *    discarded     entries that are here
 * </pre>
 */
public final class RaftLog {
  private List<Entry> entries;
  private LogPosition base;
  private LogIndex committed;
  private long bytes;
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
    this(LogPosition.ORIGIN, recovered);
  }

  /**
   * @param base the position just before {@code recovered}; all through it is committed
   */
  public RaftLog(LogPosition base, List<Entry> recovered) {
    this.base = base;
    this.committed = base.index();
    this.entries = new ArrayList<>(recovered);
    this.bytes = packedSize(entries);
  }

  private static long packedSize(List<Entry> entries) {
    return entries.stream().mapToLong(Entry::packedSize).sum();
  }

  /** The position just before the first entry that is here. */
  public LogPosition base() {
    return base;
  }

  public LogIndex firstIndex() {
    return base.index().next();
  }

  public LogIndex lastIndex() {
    return base.index().plus(entries.size());
  }

  /** What the entries that are here take, packed. */
  public long bytes() {
    return bytes;
  }

  public LogPosition last() {
    return at(lastIndex());
  }

  public LogIndex committed() {
    return committed;
  }

  /** The entry at {@code index}, which is {@link #firstIndex} at least. */
  public Entry entry(LogIndex index) {
    return entries.get(slot(index));
  }

  private int slot(LogIndex index) {
    return Math.toIntExact(index.value() - base.index().value() - 1);
  }

  /** The position at {@code index}, which is {@link #base} at least. */
  public LogPosition at(LogIndex index) {
    return index.equals(base.index()) ? base : new LogPosition(entry(index).term(), index);
  }

  /**
   * Whether this log agrees with any log that holds {@code position}, up to there (§5.3). Before
   * the base all logs of leaders agree with it, for all of that is committed.
   */
  public boolean holds(LogPosition position) {
    return base.index().isAfter(position.index())
        || (lastIndex().isAtLeast(position.index()) && at(position.index()).equals(position));
  }

  /** A leader appends, and never overwrites (Leader Append-Only, Figure 3). */
  public LogIndex append(Entry entry) {
    if (last().term().isNewerThan(entry.term())) {
      throw new IllegalStateException("An entry of term " + entry.term() + " after " + last());
    }
    entries.add(entry);
    bytes += entry.packedSize();
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
      if (next.isAfter(base.index()) && !entry(next).term().equals(entry.term())) {
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
    bytes += batch.packed().length;
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
    var cut = entries.subList(slot(first), entries.size());
    bytes -= packedSize(cut);
    cut.clear();
    packed = Packed.NOTHING;
  }

  /**
   * Discards the entries through {@code index}, for a snapshot includes them (§7). What is not
   * committed is never discarded; what is discarded already changes nothing.
   */
  public void discardThrough(LogIndex index) {
    if (index.isAfter(committed)) {
      throw new IllegalStateException("Discarding " + index + ", committed is " + committed);
    }
    if (!index.isAfter(base.index())) {
      return;
    }
    var before = at(index);
    var kept = entries.subList(slot(index) + 1, entries.size());
    bytes -= packedSize(entries.subList(0, slot(index) + 1));
    // A list of its own, or the room that millions took would never be free again.
    entries = new ArrayList<>(kept);
    base = before;
    packed = Packed.NOTHING;
  }

  /**
   * A snapshot from a leader takes the place of what it includes (Figure 13): what comes after it
   * stays where the log holds its position, and is gone where the log is another leader's.
   *
   * @param snapshot the last position that it includes; not committed here before
   */
  public void restart(LogPosition snapshot) {
    if (holds(snapshot)) {
      committed = snapshot.index();
      discardThrough(snapshot.index());
      return;
    }
    entries = new ArrayList<>();
    bytes = 0;
    base = snapshot;
    committed = snapshot.index();
    packed = Packed.NOTHING;
  }

  /**
   * The last position at or before {@code position} that could still match a log which holds {@code
   * position}: it skips every newer term in one step, so leader and follower together need at most
   * one round trip for each term in which they differ (end of §5.3). Before the base nothing is
   * known, so anything could match there.
   */
  public LogPosition lastThatCouldMatch(LogPosition position) {
    var index = position.index().min(lastIndex());
    while (index.isAtLeast(base.index()) && at(index).term().isNewerThan(position.term())) {
      index = index.previous();
    }
    return index.isAtLeast(base.index()) ? at(index) : new LogPosition(position.term(), index);
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
    var from = slot(first);
    var end = slot(last) + 1;
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
