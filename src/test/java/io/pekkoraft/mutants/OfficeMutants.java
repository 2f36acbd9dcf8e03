package io.pekkoraft.mutants;

import static io.pekkoraft.mutants.Mutant.edit;
import static io.pekkoraft.mutants.Mutant.mutant;

import java.util.stream.Stream;

/** Mistakes of leaders that should go or want to go, and of those who should rather lead. */
final class OfficeMutants {
  private OfficeMutants() {}

  static Stream<Mutant> all() {
    return Stream.of(
        mutant(
            "a leader that nobody answers stays",
            "thesis §6.2",
            Story.UNHEARD,
            edit("role/Leader.java", "return become.lostQuorum(replicator.silent(), heard);", "")),
        mutant(
            "a leader whose disk hangs stays",
            "ours: a hanging disk is no outage",
            Story.HANGING,
            edit(
                "role/Leader.java",
                "if (peer.disk().hangs() && !transfer.isUnderWay()) { return become.resigned(); }",
                ""),
            edit("role/Leader.java", "transfer.leave(Optional.empty(), Cause.DISK_HANGS);", "")),
        mutant(
            "whoever has a disk that hangs stands for election",
            "ours: a hanging disk is no outage",
            Story.HANGING,
            edit("role/Peer.java", "&& !disk.hangs();", ";")),
        mutant(
            "a transfer that fails is never given up",
            "thesis §3.10",
            Story.VAIN_TRANSFER,
            edit(
                "role/LeaderTransfer.java",
                "underWay = Optional.empty(); handover.givenUp();",
                "")),
        mutant(
            "a successor is told before it has the log",
            "thesis §3.10",
            Story.TRANSFER,
            edit(
                "role/LeaderTransfer.java",
                ".filter(handover ->"
                    + " replicator.match(handover.to()).equals(peer.log().lastIndex()))",
                "")),
        mutant(
            "a leader leaves before its clients have their answers",
            "ours: a transfer costs nobody anything",
            Story.LEFT_IN_ORDER,
            edit(
                "role/LeaderTransfer.java",
                ".filter(handover -> peer.applier().lastApplied().equals(peer.log().lastIndex()))",
                "")),
        mutant(
            "who should not lead waits for those who should, however long",
            "ours: priorities never leave a group without a leader",
            Story.ORPHANED,
            edit(
                "election/ElectionTimeout.java",
                "return wait.compareTo(max) < 0 ? wait : max;",
                "return wait.multipliedBy(100);")));
  }
}
