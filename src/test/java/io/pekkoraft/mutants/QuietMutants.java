package io.pekkoraft.mutants;

import static io.pekkoraft.mutants.Mutant.edit;
import static io.pekkoraft.mutants.Mutant.mutant;

import java.util.stream.Stream;

/** Mistakes of peers that have nothing to do. */
final class QuietMutants {
  private static final String RESTS = "ours: an idle group says nothing";
  private static final String WAKES = "ours: a quiet group is as available as any";
  private static final String TRUE = "thesis §6.4: what was long ago proves nothing";

  private QuietMutants() {}

  static Stream<Mutant> all() {
    return Stream.of(
        mutant(
            "a leader goes on with heartbeats though all agree to be quiet",
            RESTS,
            Story.RESTING,
            edit("role/LeaderQuiet.java", "state = State.QUIET; lookAgainLater();", "")),
        mutant(
            "who was removed wakes the group",
            RESTS,
            Story.QUIET_REMOVED,
            edit(
                "role/Leader.java",
                "if (!from.equals(peer.id()) && belongs(from)) { quiet.busy(); }",
                "quiet.busy();"),
            edit("role/Follower.java", "&& !from.equals(peer.id()) && belongs(from)", "")),
        mutant(
            "a command does not wake its leader",
            WAKES,
            Story.RESTING,
            edit(
                "role/Leader.java",
                "quiet.busy(); heartbeatIfDue(); commands.propose",
                "heartbeatIfDue(); commands.propose")),
        mutant(
            "a quiet follower does not mind that its leader's process is gone",
            WAKES,
            Story.QUIET_KILLED,
            edit("role/Follower.java", "if (quiet.isAbout(gone, leader)) {", "if (false) {")),
        mutant(
            "a quiet follower helps whoever asks to its leader's office",
            "thesis §4.2.3",
            Story.QUIET_DEAFENED,
            edit("role/Follower.java", "return quiet.isTrusting(leader) ||", "return"),
            edit("role/Follower.java", "&& quiet.isTrusting(leader)) {", "&& false) {")),
        mutant(
            "a quiet leader takes no notice of who is not quiet",
            WAKES,
            Story.QUIET_ASKED,
            edit(
                "role/Leader.java",
                "if (!from.equals(peer.id()) && belongs(from)) { quiet.busy(); }",
                "")),
        mutant(
            "who stands for no election does not ask for a leader",
            WAKES,
            Story.QUIET_LEARNER,
            edit("role/Follower.java", "seekLeader(); if", "if")),
        mutant(
            "a quiet leader answers reads as if it had just heard a majority",
            TRUE,
            Story.QUIET_DEPOSED,
            edit(
                "role/Leader.java",
                "if (reads.isFreshEnough(request.consistency(), transfer.mayHappen())) {",
                "if (quiet.isQuiet()"
                    + " || reads.isFreshEnough(request.consistency(), transfer.mayHappen())) {")),
        mutant(
            "a change of members that wakes a group is judged before anybody has answered",
            WAKES,
            Story.QUIET_CHANGING,
            edit(
                "role/LeaderMembership.java",
                "if (settling && early.isEmpty()) {",
                "if (false) {")),
        mutant(
            "a quiet leader does not mind that a follower's process is gone",
            WAKES,
            Story.QUIET_EMPTIED,
            edit("role/Leader.java", "if (quiet.isQuiet()) { quiet.busy(); }", "")),
        mutant(
            "a group goes quiet before its office is handed back",
            "ours: hand-back-after",
            Story.QUIET_HANDED_BACK,
            edit("role/Leader.java", "&& !handBack.isWaiting()", "")),
        mutant(
            "a leader that is woken counts the time in which nobody had to answer",
            WAKES,
            Story.SLOW_TO_WAKE,
            edit(
                "role/Leader.java",
                "Math.max(replicator.rounds().confirmedBegan(), quiet.awakeSince());",
                "replicator.rounds().confirmedBegan();")),
        mutant(
            "nobody looks whether somebody lacks something",
            RESTS + ", when all is done",
            Story.LAST_WORDS,
            edit("role/Leader.java", "&& replicator.areAllLevel();", ";"),
            edit("role/FollowerQuiet.java", "|| !hasAll", "")));
  }
}
