package io.pekkoraft.membership;

import io.pekkoraft.model.Entry;
import io.pekkoraft.model.LogIndex;
import io.pekkoraft.model.PeerId;
import io.pekkoraft.model.SafetyViolation;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The configurations that a peer's log holds. The latest is in use, committed or not (§6): from the
 * moment when it is appended, and no longer when it is truncated.
 */
public final class Membership {
  private final TreeMap<LogIndex, Configuration> byVersion = new TreeMap<>();

  /**
   * @param start of the snapshot that the log begins with, or of the bootstrap
   */
  public Membership(VersionedConfiguration start) {
    restart(start);
  }

  // What the log does.

  /** The log gave way to a snapshot, and holds nothing after it. */
  public void restart(VersionedConfiguration start) {
    byVersion.clear();
    byVersion.put(start.version(), start.configuration());
  }

  /**
   * An entry with a configuration was appended, which is in use from now on.
   *
   * @throws SafetyViolation when it may not follow the one before it: a group that took it up could
   *     come to decide in two halves
   */
  public void appended(LogIndex index, Configuration configuration) {
    if (!index.isAfter(version())) {
      throw new IllegalStateException("A configuration at " + index + " after one at " + version());
    }
    if (!configuration.mayFollow(current())) {
      throw new SafetyViolation(
          configuration + " at " + index + " can't follow " + current() + " at " + version());
    }
    byVersion.put(index, configuration);
  }

  /**
   * As above, for each configuration among entries that were appended.
   *
   * @param first the index of the first of {@code entries}
   * @throws IllegalArgumentException when one can't be read
   */
  public void appended(LogIndex first, Iterable<Entry> entries) {
    var index = first;
    for (var entry : entries) {
      if (entry.kind() == Entry.Kind.CONFIGURATION) {
        appended(index, ConfigurationFormat.decode(entry.payload()));
      }
      index = index.next();
    }
  }

  /** The entries from {@code first} on are gone; what was in use before them is so again (§6). */
  public void truncatedFrom(LogIndex first) {
    if (!first.isAfter(byVersion.firstKey())) {
      throw new SafetyViolation(
          "A truncation from " + first + " takes the configuration at " + byVersion.firstKey());
    }
    byVersion.tailMap(first, true).clear();
  }

  /** A snapshot covers the entries through {@code index}; the configuration there is kept. */
  public void compactedThrough(LogIndex index) {
    var inForce = byVersion.floorKey(index);
    if (inForce != null) {
      byVersion.headMap(inForce, false).clear();
    }
  }

  // What is in use.

  public VersionedConfiguration latest() {
    return at(version());
  }

  public Configuration current() {
    return byVersion.lastEntry().getValue();
  }

  /** The index of the current configuration's entry. */
  public LogIndex version() {
    return byVersion.lastKey();
  }

  /** The configuration in force at {@code index}, which a snapshot of that index carries. */
  public VersionedConfiguration at(LogIndex index) {
    var inForce = byVersion.floorEntry(index);
    if (inForce == null) {
      throw new IllegalArgumentException(
          "The log was compacted: its first configuration is of " + byVersion.firstKey());
    }
    return new VersionedConfiguration(inForce.getKey(), inForce.getValue());
  }

  /** Who was in the configuration before the current one and is in it no more, as far as known. */
  public SortedSet<PeerId> left() {
    var before = byVersion.lowerEntry(version());
    var left = new TreeSet<PeerId>();
    if (before != null) {
      left.addAll(before.getValue().peers());
      left.removeAll(current().peers());
    }
    return left;
  }

  // What a leader may do about it.

  /**
   * What a leader appends to begin {@code change}. One at a time, and none before the leader has
   * committed an entry of its own term: until then an older one that it does not know of may be
   * about to be committed (thesis §4.1 and its correction of 2015).
   *
   * @param ownTerm the first index of the leader's own term
   * @throws ChangeRefused when it can't be
   */
  public Configuration next(Change change, LogIndex committed, LogIndex ownTerm) {
    if (!committed.isAtLeast(ownTerm)) {
      throw new ChangeRefused(
          ChangeRefused.Reason.NOT_READY,
          "The leader has committed nothing of its own term yet; try again shortly.");
    }
    if (current().isJoint() || !committed.isAtLeast(version())) {
      throw new ChangeRefused(
          ChangeRefused.Reason.UNDER_WAY, "The change of version " + version() + " is under way.");
    }
    if (!change.from().equals(version())) {
      throw new ChangeRefused(
          ChangeRefused.Reason.STALE,
          "The change starts from version " + change.from() + ", but it is " + version() + " now.");
    }
    return current().changedBy(change);
  }

  /**
   * What a leader appends to complete a change: as soon as the joint configuration is committed,
   * whoever began it. A new leader first commits an entry of its own term under it (§6).
   *
   * @param ownTerm the first index of the leader's own term
   */
  public Optional<Configuration> afterJoint(LogIndex committed, LogIndex ownTerm) {
    return current().isJoint() && committed.isAtLeast(version().max(ownTerm))
        ? Optional.of(current().leaveJoint())
        : Optional.empty();
  }

  /** Whether the current configuration is known to stay. */
  public boolean isCommitted(LogIndex committed) {
    return committed.isAtLeast(version());
  }

  /** A leader without a vote of its own leads until that is committed, and no longer (§6). */
  public boolean mustStepDown(PeerId leader, LogIndex committed) {
    return !current().isVoter(leader) && isCommitted(committed);
  }

  /**
   * Whether {@code peer} may stand for election. One that has lost its vote may, until it knows
   * this to be committed: perhaps nobody else holds the entry, and no other log is as up to date.
   * Its own vote does not count (thesis §4.2.2, figure 4.6).
   */
  public boolean mayStand(PeerId peer, LogIndex committed) {
    if (current().isVoter(peer)) {
      return true;
    }
    var before = byVersion.lowerEntry(version());
    return before != null && version().isAfter(committed) && before.getValue().isVoter(peer);
  }
}
