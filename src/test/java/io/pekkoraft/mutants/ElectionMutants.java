package io.pekkoraft.mutants;

import static io.pekkoraft.mutants.Mutant.edit;
import static io.pekkoraft.mutants.Mutant.mutant;

import java.util.List;
import java.util.stream.Stream;

/** Mistakes about votes and terms. */
final class ElectionMutants {
  private ElectionMutants() {}

  static Stream<Mutant> all() {
    return Stream.of(votes(), terms()).flatMap(List::stream);
  }

  private static List<Mutant> votes() {
    return List.of(
        mutant(
            "a vote is forgotten on a step-down in the same term",
            "§5.2",
            Story.HASTE,
            edit(
                "role/Transitions.java",
                "new Follower(peer, this, leader),",
                "new Follower(peer.forgetVote(), this, leader),"),
            edit(
                "role/Peer.java",
                "Term term() {",
                "Peer forgetVote() {"
                    + " ballot = new Ballot(term(), java.util.Optional.empty()); return this; }"
                    + " Term term() {")),
        mutant(
            "a second vote in a term is given",
            "§5.2",
            Story.HASTE,
            edit(
                "election/Ballot.java",
                "return votedFor.isEmpty() || votedFor.get().equals(candidate);",
                "return true;")),
        mutant(
            "a vote is given whatever the candidate's log holds",
            "§5.4.1",
            Story.LONG_LOG,
            edit(
                "model/LogPosition.java",
                "return term.equals(other.term) ?"
                    + " index.isAtLeast(other.index) : term.isNewerThan(other.term);",
                "return true;")),
        mutant(
            "logs are compared by their length alone",
            "§5.4.1",
            Story.LONG_LOG,
            edit(
                "model/LogPosition.java",
                "return term.equals(other.term) ?"
                    + " index.isAtLeast(other.index) : term.isNewerThan(other.term);",
                "return index.isAtLeast(other.index);")),
        mutant(
            "logs are compared by their last terms alone",
            "§5.4.1",
            Story.CHAOS,
            edit(
                "model/LogPosition.java",
                "return term.equals(other.term) ?"
                    + " index.isAtLeast(other.index) : term.isNewerThan(other.term);",
                "return !other.term.isNewerThan(term);")),
        mutant(
            "answers are counted and not voters",
            "§5.2",
            Story.MINORITY,
            edit("election/Tally.java", "voters.add(voter);", "count++;"),
            edit(
                "election/Tally.java",
                "return configuration.isMajority(voters);",
                "return count > configuration.voters().size() / 2;"),
            edit(
                "election/Tally.java",
                "private final Configuration",
                "private int count;" + " private final Configuration")),
        mutant(
            "a refusal counts as a vote",
            "§5.2",
            Story.OVERLAP,
            edit(
                "role/Candidate.java",
                "return reply.granted() ? count(reply.from()) : this;",
                "return count(reply.from());")),
        mutant(
            "a vote of an older term counts",
            "§5.2",
            Story.OVERLAP,
            edit(
                "role/Role.java",
                "hearing.hearMember(this, m, Role::onVoteReply, Role::ignoreLate)",
                "hearing.hearMember(this, m, Role::onVoteReply, Role::onVoteReply)")),
        mutant(
            "half of the peers are a majority",
            "§5",
            Story.CHAOS,
            edit(
                "membership/Majority.java",
                "return peers.size() / 2 + 1;",
                "return peers.size() / 2;")),
        mutant(
            "a vote leaves before it is durable",
            "§5.2",
            Story.CHAOS,
            edit(
                "role/Voting.java",
                "peer.outbox().whenDurable(request.from(), reply);",
                "peer.outbox().now(request.from(), reply);")),
        mutant(
            "a candidate asks before its own vote is durable",
            "§5.2",
            Story.CHAOS,
            edit(
                "role/Candidate.java",
                "peer.outbox().whenDurable(other, request)",
                "peer.outbox().now(other, request)")),
        mutant(
            "a vote is not recovered",
            "§5.2",
            Story.OVERLAP,
            edit("storage/StoreState.java", "votedFor = Optional.of(vote.candidate());", "")));
  }

  private static List<Mutant> terms() {
    return List.of(
        mutant(
            "a newer term without a vote is not persisted",
            "§5.1",
            Story.OLD_TERM,
            edit("role/Peer.java", "stage(new TermStarted(newer));", "")),
        mutant(
            "a candidate and a leader ignore a newer term",
            "§5.1",
            Story.CHAOS,
            edit(
                "role/Hearing.java",
                "if (message.term().isNewerThan(peer.term())) {",
                "if (message.term().isNewerThan(peer.term())"
                    + " && role.name() == io.pekkoraft.RaftStatus.Role.FOLLOWER) {")),
        mutant(
            "entries of a leader of an older term are taken",
            "§5.1",
            Story.CHAOS,
            edit(
                "role/Role.java",
                "hearing.hear(this, m, Role::onAppendEntries, Role::refuseStale)",
                "hearing.hear(this, m, Role::onAppendEntries, Role::onAppendEntries)")),
        mutant(
            "nobody asks before it stands for election",
            "thesis §9.6",
            Story.AWAY,
            edit(
                "role/PreCandidate.java",
                "return count(peer.id());",
                "return become.toCandidate();")),
        mutant(
            "a pre-vote is granted while a leader is heard",
            "thesis §4.2.3",
            Story.DEAF,
            edit("role/Voting.java", "!hearsLeader &&", "")),
        mutant(
            "a heartbeat does not restart the election timer",
            "§5.2",
            Story.QUIET,
            edit(
                "role/Follower.java",
                "peer.electionTimer().restart(); peer.heardLeader();",
                "peer.heardLeader();")),
        mutant(
            "a new leader appends no entry of its own",
            "§8",
            Story.CHAOS,
            edit(
                "role/Leader.java",
                "replicator.append(Entry.noOp(term)); replicator.endBatch();",
                "replicator.endBatch();")));
  }
}
