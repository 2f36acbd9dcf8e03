package io.pekkoraft.sharding.placement;

import java.time.Duration;
import java.util.Collection;
import java.util.Optional;

/**
 * This node's peers of a type: those that the placement on its disk names, until another disk has
 * taken the place of this one.
 */
final class OwnPeers {
  private static final int MOST_UNSETTLED = 64;
  private static final Duration UNSETTLED = Duration.ofSeconds(1);

  private final Disk disk;
  private final PlacementFiles files;
  private final KnownPlacement known;
  private final PeerShards shards;
  private final Starting starting = new Starting(MOST_UNSETTLED, UNSETTLED.toNanos());
  private Optional<Placement> kept;
  private boolean left;

  /**
   * @param kept what {@code files} had of the type
   */
  OwnPeers(
      Disk disk,
      PlacementFiles files,
      Optional<Placement> kept,
      KnownPlacement known,
      PeerShards shards) {
    this.disk = disk;
    this.files = files;
    this.kept = kept;
    this.known = known;
    this.shards = shards;
  }

  Disk disk() {
    return disk;
  }

  /** What is on the disk. */
  Optional<Placement> kept() {
    return kept;
  }

  /** By which they run; empty when they don't. */
  Optional<Placement> running() {
    return known.running();
  }

  /** Whether they have ended for good, until this node is started anew. */
  boolean haveLeft() {
    return left;
  }

  /**
   * Lets them run: nothing begins here before it is on the disk.
   *
   * @return whether it was not there before
   * @throws java.io.UncheckedIOException when it can't be written; nothing begins then
   */
  boolean run(Placement placement) {
    var isNew = !kept.equals(Optional.of(placement));
    if (isNew) {
      files.keep(placement);
      kept = Optional.of(placement);
    }
    known.run(kept);
    return isNew;
  }

  /**
   * Starts the next ones, or, if all were, those of which the word was lost.
   *
   * @return whether all were started
   */
  boolean start(long now) {
    var ours = groups();
    starting.next(ours, now).forEach(shards::start);
    var isDone = starting.isDone(ours);
    if (isDone) {
      ours.forEach(shards::start);
    }
    return isDone;
  }

  private Collection<Integer> groups() {
    return running().orElseThrow().groupsOn(disk);
  }

  /** The peer of a group knows who leads. */
  void settled(String group) {
    known.numberOf(group).ifPresent(starting::settled);
  }

  /**
   * Ends those that run, so that they can begin on the disk that has taken the place of this one.
   */
  void leave() {
    if (running().isPresent()) {
      left = true;
      known.run(Optional.empty());
      shards.leave();
    }
  }
}
