package io.pekkoraft.mutants;

import static io.pekkoraft.mutants.Mutant.edit;
import static io.pekkoraft.mutants.Mutant.mutant;

import java.util.List;
import java.util.stream.Stream;

/** The mistakes, room by room. */
final class Mutants {
  /** No mistake: what catches this one is wrong itself. */
  static final Mutant NONE = mutant("none", "nothing", Story.CHAOS);

  /**
   * Ours finds the exact place where two logs part, and so hides what a follower makes of less; one
   * that is refused and begins again with the first entry is poorer, and not wrong (§5.3).
   */
  private static final Mutant.Edit BACK_TO_THE_START =
      edit(
          "replication/Progress.java",
          "leaders.lastThatCouldMatch(hint).index().min(previous.previous()).max(match).next();",
          "match.next();");

  /** No mistake either. */
  static final Mutant POORER_LEADER =
      mutant("a poorer leader", "nothing", Story.STALE_TAIL, BACK_TO_THE_START);

  private Mutants() {}

  static Stream<Mutant> all() {
    return Stream.of(votes(), terms(), log(), commit(), progress(), store(), clients(), reads())
        .flatMap(List::stream);
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
                "return count >= configuration.majority();"),
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
                "hear(m, Role::onVoteReply, Role::ignoreLate)",
                "hear(m, Role::onVoteReply, Role::onVoteReply)")),
        mutant(
            "half of the peers are a majority",
            "§5",
            Story.CHAOS,
            edit(
                "membership/Configuration.java",
                "return peers.size() / 2 + 1;",
                "return peers.size() / 2;")),
        mutant(
            "a vote leaves before it is durable",
            "§5.2",
            Story.CHAOS,
            edit(
                "role/Role.java",
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
                "role/Role.java",
                "if (message.term().isNewerThan(peer.term())) {",
                "if (message.term().isNewerThan(peer.term())"
                    + " && name() == RaftStatus.Role.FOLLOWER) {")),
        mutant(
            "entries of a leader of an older term are taken",
            "§5.1",
            Story.CHAOS,
            edit(
                "role/Role.java",
                "hear(m, Role::onAppendEntries, Role::refuseStale)",
                "hear(m, Role::onAppendEntries, Role::onAppendEntries)")),
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
            edit("role/Role.java", "!hearsLeader() &&", "")),
        mutant(
            "a heartbeat does not restart the election timer",
            "§5.2",
            Story.QUIET,
            edit(
                "role/Follower.java",
                "peer.electionTimer().restart(); heardLeader = peer.nanoTime();",
                "heardLeader = peer.nanoTime();")),
        mutant(
            "a new leader appends no entry of its own",
            "§8",
            Story.CHAOS,
            edit(
                "role/Leader.java",
                "peer.log().append(Entry.noOp(term)); endBatch();",
                "endBatch();")));
  }

  private static List<Mutant> log() {
    return List.of(
        mutant(
            "a log is taken to match by its length",
            "§5.3",
            Story.LONG_LOG,
            edit(
                "log/RaftLog.java",
                "return lastIndex().isAtLeast(position.index())"
                    + " && at(position.index()).equals(position);",
                "return lastIndex().isAtLeast(position.index());")),
        mutant(
            "a conflict is not cut off",
            "§5.3",
            Story.CHAOS,
            edit(
                "log/RaftLog.java",
                "if (!entry(next).term().equals(entry.term())) {",
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
                ".whenDurable(request.from(), new AppendAccepted(",
                ".now(request.from(), new AppendAccepted(")),
        mutant(
            "a follower acknowledges all that it has",
            "§5.3",
            Story.STALE_TAIL,
            BACK_TO_THE_START,
            edit(
                "role/Follower.java",
                "new AppendAccepted(peer.id(), peer.term(), request.proves())",
                "new AppendAccepted(peer.id(), peer.term(), peer.log().lastIndex())")));
  }

  private static List<Mutant> commit() {
    return List.of(
        mutant(
            "a follower commits all that it has",
            "§5.3",
            Story.STALE_TAIL,
            BACK_TO_THE_START,
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
            edit("role/Leader.java", "peer.store().durableIndex()", "peer.log().lastIndex()")),
        mutant(
            "an acknowledgement of an older term counts",
            "§5.3",
            Story.LATE_PROOF,
            edit(
                "role/Role.java",
                "hear(m, Role::onAppendAccepted, Role::ignoreLate)",
                "hear(m, Role::onAppendAccepted, Role::onAppendAccepted)")),
        mutant(
            "what was sent counts, and not what was proven",
            "§5.3",
            Story.CHAOS,
            edit(
                "role/Leader.java",
                "progress.accepted(reply.matched());",
                "progress.accepted(progress.next().previous());")),
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
            edit("role/Leader.java", "progress.heartbeat();", ""),
            edit("role/Leader.java", "} else { send(", "} else if (progress.maySend()) { send(")),
        mutant(
            "a rejection leaves the window full",
            "§5.3",
            Story.HASTE,
            edit(
                "replication/Window.java",
                "void clear() { inFlight.clear(); bytes = 0; }",
                "void clear() {}")),
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
                "if (!asked || !previous.isAfter(match)) {",
                "if (true) {")));
  }

  private static List<Mutant> store() {
    return List.of(
        mutant(
            "any write lets all promises go",
            "thesis §10.2.1",
            Story.CHAOS,
            edit(
                "role/Outbox.java",
                "return message != null && store.isDurable(message.staged());",
                "return message != null;")),
        mutant(
            "a truncation is lost where events are merged",
            "§5.3",
            Story.CHAOS,
            edit(
                "storage/StagedEvents.java",
                "events.add(next.event());",
                "if (!(next.event() instanceof StoreEvent.LogTruncated)) {"
                    + " events.add(next.event()); }")),
        mutant(
            "a truncation is not recovered",
            "§5.3",
            Story.CHAOS,
            edit(
                "storage/StoreState.java",
                "recovering.subList(Math.toIntExact(last.value()), recovering.size()).clear();",
                "")),
        mutant(
            "a leader that steps down does not store its last entries",
            "thesis §10.2.1",
            Story.PAUSED,
            edit("role/Leader.java", "stageNew(); stop();", "stop();")));
  }

  private static List<Mutant> clients() {
    return List.of(
        mutant(
            "who waits for an index hears of another leader's entry",
            "§8",
            Story.CHAOS,
            edit(
                "role/Peer.java",
                "private Ballot ballot;",
                "PendingReplies pending; private Ballot ballot;"),
            edit(
                "role/Leader.java",
                "this.pending = new PendingReplies(peer.settings().proposals());",
                "if (peer.pending == null) {"
                    + " peer.pending = new PendingReplies(peer.settings().proposals()); }"
                    + " this.pending = peer.pending;"),
            edit("role/Leader.java", "stageNew(); stop();", "stageNew();"),
            edit(
                "role/Role.java",
                "void onApplied(LogIndex index, Entry entry, Outcome outcome) {}",
                "void onApplied(LogIndex index, Entry entry, Outcome outcome) {"
                    + " if (peer.pending != null) { peer.pending.applied(index, outcome); } }")),
        mutant(
            "an unknown outcome is told as a refusal",
            "§8",
            Story.CHAOS,
            edit(
                "role/Leader.java",
                "new OutcomeUnknown( peer.id() + \" no longer leads term \" + term"
                    + " + \"; the command may yet take effect.\")",
                "new RaftException.NotLeader(Optional.empty())")),
        mutant(
            "who waits at a leader that steps down is forgotten",
            "§8",
            Story.CHAOS,
            edit("role/Leader.java", "stageNew(); stop();", "stageNew();")));
  }

  private static List<Mutant> reads() {
    return List.of(
        mutant(
            "a read is answered from what the leader holds by itself",
            "§8",
            Story.LONELY_READ,
            edit(
                "role/Leader.java",
                "pending.add(peer.log().lastIndex(), 0, request.replyTo(), outcome ->"
                    + " answer(query));",
                "((org.apache.pekko.actor.typed.ActorRef<StatusReply<Object>>)"
                    + " (org.apache.pekko.actor.typed.ActorRef<?>) request.replyTo())"
                    + ".tell(answer(query));")),
        mutant(
            "a read waits for an entry that was sent before it came",
            "§8",
            Story.LATE_READ,
            edit(
                "role/Leader.java",
                "if (peer.log().lastIndex().equals(batched)) {",
                "if (false) {")));
  }
}
