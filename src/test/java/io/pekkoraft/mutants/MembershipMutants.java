package io.pekkoraft.mutants;

import static io.pekkoraft.mutants.Mutant.edit;
import static io.pekkoraft.mutants.Mutant.mutant;

import java.util.List;
import java.util.stream.Stream;

/** Mistakes about who belongs to the group, and whose word counts. */
final class MembershipMutants {
  private MembershipMutants() {}

  static Stream<Mutant> all() {
    return Stream.of(configurations(), peers()).flatMap(List::stream);
  }

  private static List<Mutant> configurations() {
    return List.of(
        mutant(
            "a configuration is used when it is committed",
            "§6",
            Story.COMING_AND_GOING,
            edit(
                "role/Peer.java",
                "return membership.current();",
                "return membership.at(log.committed()).configuration();")),
        mutant(
            "a configuration stays though its entry is gone",
            "§6",
            Story.CUT_OFF_CHANGE,
            edit("role/Peer.java", "membership.truncatedFrom(appended.first());", "")),
        mutant(
            "a joint configuration is left before it is committed",
            "§6",
            Story.COMING_AND_GOING,
            edit(
                "membership/Membership.java",
                "return current().isJoint() && committed.isAtLeast(version().max(ownTerm))",
                "return current().isJoint()")),
        mutant(
            "a joint configuration is never left",
            "§6",
            Story.COMING_AND_GOING,
            edit(
                "role/LeaderMembership.java",
                "peer.membership().afterJoint(peer.log().committed(), firstOwn)"
                    + ".ifPresent(this::append);",
                "")),
        mutant(
            "a leader begins a change before it has committed anything",
            "thesis §4.1",
            Story.HASTY,
            edit(
                "membership/Membership.java",
                "if (!committed.isAtLeast(ownTerm)) {",
                "if (false) {")),
        mutant(
            "a second change begins before the first is committed",
            "thesis §4.1",
            Story.COMING_AND_GOING,
            edit(
                "membership/Membership.java",
                "return current().isJoint() && committed.isAtLeast(version().max(ownTerm))",
                "return current().isJoint() && committed.isAtLeast(ownTerm)")),
        mutant(
            "in a joint configuration the new majority is enough",
            "§6",
            Story.CUT_OFF_CHANGE,
            edit(
                "membership/Configuration.java",
                "&& (!isJoint() || Majority.agrees(outgoing, agreeing));",
                ";"),
            edit(
                "membership/Configuration.java",
                "return isJoint() ? match.min(Majority.match(outgoing, matched)) : match;",
                "return match;")));
  }

  private static List<Mutant> peers() {
    return List.of(
        mutant(
            "learners count",
            "thesis §4.2.1",
            Story.LEARNERS,
            edit(
                "membership/Configuration.java",
                "var match = Majority.match(voters, matched);",
                "var match = Majority.match(union(voters, learners), matched);")),
        mutant(
            "a leader that is removed leaves before that is committed",
            "§6",
            Story.LEADER_GOES,
            edit(
                "membership/Membership.java",
                "return !current().isVoter(leader) && isCommitted(committed);",
                "return !current().isVoter(leader);")),
        mutant(
            "a leader that was removed stays",
            "§6",
            Story.LEADER_GOES,
            edit(
                "role/Leader.java",
                "return membership.mustStepDown() ? stepDown() : this;",
                "return this;")),
        mutant(
            "a stranger gets no vote",
            "§6",
            Story.STRANGER,
            edit(
                "role/Role.java",
                "return disturbs ? this : hearing.hear(",
                "return disturbs || hearing.isStranger(this, request) ? this : hearing.hear(")),
        mutant(
            "whoever comes with another disk counts",
            "trap 27",
            Story.LOST_DISK,
            edit(
                "membership/Configuration.java",
                "return incarnationOf(peer).map(incarnation::equals).orElse(true);",
                "return true;")),
        mutant(
            "a leader tells nobody as whom it has met a peer",
            "trap 27",
            Story.LOST_DISK,
            edit("role/LeaderMembership.java", "if (isCommitted()) { record(); }", "")),
        mutant(
            "a peer that was removed is not told",
            "§6",
            Story.TOLD,
            edit(
                "role/LeaderMembership.java",
                "leaving.values().forEach(farewell ->",
                "List.copyOf(leaving.keySet()).forEach(this::forget);"
                    + " leaving.values().forEach(farewell ->"),
            edit("role/LeaderMembership.java", "import java.util.Set;", "import java.util.*;")),
        mutant(
            "a learner votes by what is remembered of it",
            "trap 27",
            Story.EMPTY_LEARNER,
            edit(
                "role/LeaderMembership.java",
                "isThere ? replicator.match(newcomer) : LogIndex.ZERO,",
                "replicator.match(newcomer),")),
        mutant(
            "a newcomer need not catch up",
            "thesis §4.2.1",
            Story.ABSENT_NEWCOMER,
            edit(
                "role/LeaderMembership.java",
                "} else if (verdicts.values().stream().allMatch(Verdict.CAUGHT_UP::equals)) {",
                "} else {"),
            edit("role/LeaderMembership.java", "requireMajority(next, PeerId.setOf());", "")));
  }
}
