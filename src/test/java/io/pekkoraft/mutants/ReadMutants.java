package io.pekkoraft.mutants;

import static io.pekkoraft.mutants.Mutant.edit;
import static io.pekkoraft.mutants.Mutant.mutant;

import java.util.stream.Stream;

/** Mistakes about reads, and about who may lead meanwhile. */
final class ReadMutants {
  private ReadMutants() {}

  static Stream<Mutant> all() {
    return Stream.of(
        mutant(
            "a read is answered from what the leader holds by itself",
            "thesis §6.4",
            Story.LONELY_READ,
            edit(
                "role/Leader.java",
                "if (reads.isFreshEnough(request.consistency(), transfer.mayHappen())) {",
                "if (true) {")),
        mutant(
            "a read is answered before the leader knows what is committed",
            "thesis §6.4",
            Story.READS,
            edit(
                "role/LeaderReads.java",
                "peer.log().committed().max(firstOwn)",
                "peer.log().committed()")),
        mutant(
            "a read does not wait for a round of its own",
            "thesis §6.4",
            Story.LATE_READ,
            edit(
                "read/ReadIndex.java",
                "if (isAsking() && number >= round) {",
                "if (isAsking()) {")),
        mutant(
            "a follower takes the answer to an older question",
            "thesis §6.4",
            Story.ECHO,
            edit(
                "role/FollowerReads.java",
                "if (!reads.isAsking() || answer.number() != reads.round()) {",
                "if (!reads.isAsking()) {"),
            edit(
                "read/ReadIndex.java",
                "if (isAsking() && number >= round) {",
                "if (isAsking()) {")),
        mutant(
            "a follower answers from its own state",
            "thesis §6.4",
            Story.READS,
            edit(
                "role/Follower.java",
                "if (reads.isFreshEnough(consistency)) {",
                "if (consistency instanceof ReadConsistency.Follower) {")),
        mutant(
            "a lease begins when an answer comes",
            "thesis §6.4.1",
            Story.LEASE,
            edit(
                "replication/Rounds.java",
                "confirmedBegan = began.getValue();",
                "confirmedBegan = began.getValue() + 50_000_000L;")),
        mutant(
            "who hears a leader votes for another",
            "thesis §6.4.1",
            Story.FICKLE,
            edit("role/Role.java", "&& hearsLeader() && !request.transfer();", "&& false;")),
        mutant(
            "a lease outlives the leader's will to stay",
            "thesis §6.4.1",
            Story.LEAVING,
            edit("role/LeaderReads.java", "&& !leaving", "")));
  }
}
