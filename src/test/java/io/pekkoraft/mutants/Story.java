package io.pekkoraft.mutants;

import java.util.function.LongConsumer;
import java.util.function.LongFunction;

/**
 * What happens to a cluster under one seed. Its result is what an oracle said, or null; it is of
 * the JDK's types, because a mutant's classes are others than those of who asks.
 */
enum Story implements LongFunction<String> {
  CHAOS(100, Stories::chaos),
  HASTE(100, Stories::haste),
  OVERLAP(100, Stories::overlap),
  QUIET(10, Stories::quiet),
  DEAF(10, Stories::deaf),
  AWAY(10, Stories::away),
  GAP(10, Stories::gap),
  RESUMING(10, Stories::resuming),
  OVERTAKING(10, Stories::overtaking),
  PAUSED(10, PaperStories::paused),
  MINORITY(10, PaperStories::minority),
  LONG_LOG(20, PaperStories::longLog),
  STALE_TAIL(20, PaperStories::staleTail),
  OLD_TERM(20, PaperStories::oldTerm),
  LATE_PROOF(20, PaperStories::lateProof),
  LOST_TAIL(20, PaperStories::lostTail),
  FIGURE_8(80, PaperStories::figure8),
  LONELY_READ(20, PaperStories::lonelyRead),
  READS(60, Stories::reads),
  SESSIONS(100, ClientStories::sessions),
  LATE_COPIES(10, ClientStories::lateCopies),
  READS_FORWARD(10, ClientStories::readsForward),
  OWN_WRITES(10, ClientStories::readsItsWrites),
  FORGOTTEN(20, ClientStories::forgottenMeanwhile),
  UNHEARD(10, OfficeStories::unheard),
  VAIN_TRANSFER(10, OfficeStories::vainTransfer),
  TRANSFER(10, OfficeStories::transfer),
  LATE_READ(20, OfficeStories::lateRead),
  ECHO(20, OfficeStories::echo),
  LEASE(20, OfficeStories::lease),
  FICKLE(40, OfficeStories::fickle),
  LEAVING(20, OfficeStories::leaving),
  ORPHANED(10, LeadershipStories::orphaned),
  LEFT_IN_ORDER(10, LeadershipStories::leftInOrder),
  HANGING(20, LeadershipStories::hanging),
  COMPACTING(100, SnapshotStories::compacting),
  OTHER_TAIL(20, SnapshotStories::otherTail),
  BUSY(10, SnapshotStories::busy),
  GONE_FOR_GOOD(10, SnapshotStories::goneForGood),
  SLOW_DISKS(10, SnapshotStories::slowDisks),
  REPLACED(10, SnapshotStories::replaced),
  COMING_AND_GOING(20, MembershipStories::comingAndGoing),
  CUT_OFF_CHANGE(20, MembershipStories::cutOffChange),
  HASTY(20, MembershipStories::hasty),
  LEARNERS(10, MembershipStories::learners),
  LEADER_GOES(10, MembershipStories::leaderGoes),
  STRANGER(20, MembershipStories::stranger),
  LOST_DISK(20, MembershipStories::lostDisk),
  TOLD(10, MembershipStories::told),
  ABSENT_NEWCOMER(10, MembershipStories::absentNewcomer),
  EMPTY_LEARNER(10, MembershipStories::emptyLearner),
  RESTING(10, QuietStories::resting),
  QUIET_KILLED(10, QuietStories::killed),
  QUIET_RESTARTED(10, QuietStories::restarted),
  QUIET_RETURNING(20, QuietStories::returning),
  QUIET_ASKED(20, QuietStories::asked),
  QUIET_DEAFENED(40, QuietStories::deafened),
  QUIET_PARTED(20, QuietStories::parted),
  QUIET_DEPOSED(20, QuietStories::deposed),
  QUIET_LEARNER(10, QuietStories::learner),
  QUIET_REMOVED(10, QuietStories::removed),
  QUIET_CHANGING(10, QuietStories::changing),
  QUIET_EMPTIED(10, QuietStories::emptied),
  QUIET_HANDED_BACK(10, QuietStories::handedBack),
  SLOW_TO_WAKE(10, QuietStories::slowToWake),
  LAST_WORDS(20, QuietStories::lastWords);

  private final int seeds;
  private final LongConsumer story;

  Story(int seeds, LongConsumer story) {
    this.seeds = seeds;
    this.story = story;
  }

  /** How many seeds it may take. */
  int seeds() {
    return seeds;
  }

  @Override
  public String apply(long seed) {
    try {
      story.accept(seed);
      return null;
    } catch (AssertionError failure) {
      return failure.getMessage();
    }
  }
}
