package io.pekkoraft.mutants;

import static io.pekkoraft.mutants.Mutant.edit;
import static io.pekkoraft.mutants.Mutant.mutant;

import java.util.List;
import java.util.stream.Stream;

/** Mistakes about snapshots, and about the log that they take the place of (§7). */
final class SnapshotMutants {
  private SnapshotMutants() {}

  static Stream<Mutant> all() {
    return Stream.of(disk(), content(), installing(), sending()).flatMap(List::stream);
  }

  /** What is deleted, and when. */
  private static List<Mutant> disk() {
    return List.of(
        mutant(
            "of the journal, one event too many is deleted after a snapshot",
            "§7",
            Story.COMPACTING,
            edit(
                "storage/NeededEvents.java",
                "return count - oldest + 1;",
                "return count - oldest;")),
        mutant(
            "a snapshot is deleted before the peer has heard that it is there",
            "§7",
            Story.COMPACTING,
            edit("storage/SnapshotWriter.java", "kept.addAll(made);", "")),
        mutant(
            "the log is discarded beyond the snapshot",
            "§7",
            Story.COMPACTING,
            edit(
                "role/Snapshots.java",
                "peer.discardThrough(isLogFull() ? through"
                    + " : policy.discardThrough(through, needed));",
                "peer.discardThrough(peer.log().committed());")));
  }

  /** What is in one. */
  private static List<Mutant> content() {
    return List.of(
        mutant(
            "a snapshot is of what is committed and not applied yet",
            "§7",
            Story.COMPACTING,
            edit(
                "role/Snapshots.java",
                "handedOver = peer.freeze();",
                "var frozen = peer.freeze();"
                    + " handedOver = new io.pekkoraft.apply.Applier.HandedOver("
                    + "peer.log().last(), frozen.machine(), frozen.sessions());")),
        mutant(
            "a snapshot does not know who belongs to the group",
            "§6",
            Story.REPLACED,
            edit(
                "role/Snapshots.java",
                "ConfigurationFormat.encode(peer.configurationAt(index))",
                "ConfigurationFormat.encode("
                    + "io.pekkoraft.membership.VersionedConfiguration.bootstrap("
                    + "io.pekkoraft.membership.Configuration.NONE))")));
  }

  private static List<Mutant> installing() {
    return List.of(
        mutant(
            "a snapshot is acknowledged before the journal points at it",
            "§7",
            Story.COMPACTING,
            edit(
                "role/FollowerInstall.java",
                "peer.outbox().whenDurable(to, reply(answer.get()))",
                "peer.outbox().now(to, reply(answer.get()))")),
        mutant(
            "a tail stays after a snapshot that it conflicts with",
            "Figure 13, 6",
            Story.OTHER_TAIL,
            edit(
                "log/RaftLog.java",
                "if (holds(snapshot)) {",
                "if (lastIndex().isAtLeast(snapshot.index())) {")),
        mutant(
            "what a snapshot replaces is cut off, and not from its end on only",
            "§7",
            Story.OTHER_TAIL,
            edit(
                "role/Snapshots.java",
                "new LogTruncated(position.index().next())",
                "new LogTruncated(log.firstIndex())")),
        mutant(
            "a round is answered while the disk holds what the snapshot replaces",
            "thesis §10.2.1",
            Story.COMPACTING,
            edit("role/Snapshots.java", "peer.standsOnNewGround();", "")),
        mutant(
            "a snapshot replaces the log and not the state",
            "§7",
            Story.COMPACTING,
            edit("role/Peer.java", "applier.restore(snapshot);", "")));
  }

  private static List<Mutant> sending() {
    return List.of(
        mutant(
            "a leader sends entries that it has discarded",
            "§7",
            Story.COMPACTING,
            edit(
                "role/Replicator.java",
                "if (progress.next().previous().compareTo(peer.log().base().index()) < 0) {",
                "if (false) {")),
        mutant(
            "the log does not keep what comes after a snapshot on its way",
            "§7",
            Story.BUSY,
            edit("role/Leader.java", "return replicator.neededAfter();", "return List.of();")),
        mutant(
            "a full log makes no snapshot due",
            "§7",
            Story.GONE_FOR_GOOD,
            edit("snapshot/SnapshotPolicy.java", "(since.full() ? 1 : minEntries)", "minEntries"),
            edit("snapshot/SnapshotPolicy.java", "return since.full() || since", "return since")),
        mutant(
            "a leader's slow disk is taken for the follower's silence",
            "§7",
            Story.SLOW_DISKS,
            edit(
                "role/LeaderSnapshots.java",
                "if (reading.getOrDefault(sender.transfer(), 0) == 0) {",
                "if (true) {")),
        mutant(
            "a gap in what is sent is never filled",
            "§7",
            Story.COMPACTING,
            edit(
                "snapshot/SnapshotSender.java",
                "if (quiet >= bounds.patience() && !isInstalled()) {",
                "if (false) {")));
  }
}
