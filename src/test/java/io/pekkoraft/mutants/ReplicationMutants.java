package io.pekkoraft.mutants;

import static io.pekkoraft.mutants.Mutant.edit;
import static io.pekkoraft.mutants.Mutant.mutant;

import java.util.List;
import java.util.stream.Stream;

/** Mistakes about logs, and about what is committed. */
final class ReplicationMutants {
  private ReplicationMutants() {}

  static Stream<Mutant> all() {
    return Stream.of(log(), commit(), progress()).flatMap(List::stream);
  }

  private static List<Mutant> log() {
    return List.of(
        mutant(
            "a log is taken to match by its length",
            "§5.3",
            Story.LONG_LOG,
            edit(
                "log/RaftLog.java",
                "(lastIndex().isAtLeast(position.index())"
                    + " && at(position.index()).equals(position));",
                "lastIndex().isAtLeast(position.index());")),
        mutant(
            "a conflict is not cut off",
            "§5.3",
            Story.CHAOS,
            edit(
                "log/RaftLog.java",
                "if (next.isAfter(base.index()) && !entry(next).term().equals(entry.term())) {",
                "if (false) {")),
        mutant(
            "what a message does not mention is cut off",
            "§5.3",
            Story.CHAOS,
            edit(
                "log/RaftLog.java",
                "return new Appended(false, index.next(), addAll(batch.drop(known)));",
                "if (lastIndex().isAfter(index)) { truncateFrom(index.next());"
                    + " return new Appended(true, index.next(), addAll(batch.drop(known))); }"
                    + " return new Appended(false, index.next(), addAll(batch.drop(known)));")),
        mutant(
            "an acknowledgement leaves before it is durable",
            "thesis §10.2.1",
            Story.CHAOS,
            edit(
                "role/Follower.java",
                ".whenDurable( request.from(), new AppendAccepted(",
                ".now(request.from(), new AppendAccepted(")),
        mutant(
            "a follower acknowledges all that it has",
            "§5.3",
            Story.STALE_TAIL,
            Mutants.BACK_TO_THE_START,
            edit(
                "role/Follower.java",
                "peer.id(), peer.term(), request.proves(), request.round(), peer.incarnation()",
                "peer.id(), peer.term(), peer.log().lastIndex(), request.round(),"
                    + " peer.incarnation()")));
  }

  private static List<Mutant> commit() {
    return List.of(
        mutant(
            "a follower commits all that it has",
            "§5.3",
            Story.STALE_TAIL,
            Mutants.BACK_TO_THE_START,
            edit(
                "role/Follower.java",
                "commitThrough(request.committed().min(request.proves()))",
                "commitThrough(request.committed().min(peer.log().lastIndex()))")),
        mutant(
            "a follower commits what its leader has committed",
            "§5.3",
            Story.CHAOS,
            edit(
                "role/Follower.java",
                "commitThrough(request.committed().min(request.proves()))",
                "commitThrough(request.committed())")),
        mutant(
            "an entry of an older term is committed by counting",
            "§5.4.2",
            Story.FIGURE_8,
            edit("replication/CommitRule.java", "&& log.at(stored).term().equals(term)", "")),
        mutant(
            "a leader counts itself before its disk",
            "thesis §10.2.1",
            Story.LOST_TAIL,
            edit("role/Leader.java", "? peer.store().durableIndex()", "? peer.log().lastIndex()")),
        mutant(
            "an acknowledgement of an older term counts",
            "§5.3",
            Story.LATE_PROOF,
            edit(
                "role/Role.java",
                "hearing.hearMember(this, m, Role::onAppendAccepted, Role::ignoreLate)",
                "hearing.hearMember(this, m, Role::onAppendAccepted, Role::onAppendAccepted)")),
        mutant(
            "what was sent counts, and not what was proven",
            "§5.3",
            Story.CHAOS,
            edit(
                "role/Replicator.java",
                "progress.accepted(reply.matched(), reply.round());",
                "progress.accepted(progress.next().previous(), reply.round());")),
        mutant(
            "an entry is applied again after a pause in applying",
            "§5.3",
            Story.CHAOS,
            edit(
                "apply/Applier.java",
                "} return log.committed().isAfter(lastApplied);",
                "} var more = log.committed().isAfter(lastApplied);"
                    + " if (more) { lastApplied = lastApplied.previous(); } return more;")));
  }

  private static List<Mutant> progress() {
    return List.of(
        mutant(
            "a follower whose messages got lost is not asked again",
            "§5.3",
            Story.GAP,
            edit("role/Replicator.java", "followers.values().forEach(Progress::heartbeat);", ""),
            edit(
                "role/Replicator.java",
                "} else { send(",
                "} else if (progress.maySend()) { send(")),
        mutant(
            "answers to what was given up count",
            "§5.3",
            Story.OVERTAKING,
            edit("replication/Progress.java", "answers < round ||", ""),
            edit("replication/Progress.java", "&& answers >= round", "")),
        mutant(
            "an acknowledgement does not say which round it answers",
            "§5.3",
            Story.RESUMING,
            edit(
                "role/Follower.java",
                "peer.term(), request.proves(), request.round(), peer.incarnation())",
                "peer.term(), request.proves(), 0L, peer.incarnation())"),
            edit(
                "role/Follower.java",
                "peer.term(), onDisk, request.round(), peer.incarnation())",
                "peer.term(), onDisk, 0L, peer.incarnation())")),
        mutant(
            "as much is in flight as there is",
            "§5.3",
            Story.OVERTAKING,
            edit(
                "replication/Window.java",
                "return inFlight.size() < maxMessages && bytes < maxBytes;",
                "return true;")),
        mutant(
            "an acknowledgement leaves the window full",
            "§5.3",
            Story.GAP,
            edit(
                "replication/Window.java",
                "while (!inFlight.isEmpty() && matched",
                "while (false && matched")),
        mutant(
            "a rejection changes nothing",
            "§5.3",
            Story.GAP,
            edit(
                "replication/Progress.java",
                "if (answers < round || !asked || !previous.isAfter(match)) {",
                "if (true) {")));
  }
}
