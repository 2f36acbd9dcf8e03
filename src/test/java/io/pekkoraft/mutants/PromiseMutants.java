package io.pekkoraft.mutants;

import static io.pekkoraft.mutants.Mutant.edit;
import static io.pekkoraft.mutants.Mutant.mutant;

import java.util.List;
import java.util.stream.Stream;

/** Mistakes about what must survive, and about what clients are told. */
final class PromiseMutants {
  private PromiseMutants() {}

  static Stream<Mutant> all() {
    return Stream.of(store(), clients()).flatMap(List::stream);
  }

  private static List<Mutant> store() {
    return List.of(
        mutant(
            "a round is answered with what is not on disk",
            "thesis §10.2.1",
            Story.CHAOS,
            edit(
                "role/Follower.java",
                "request.proves().min(peer.store().durableIndex())",
                "request.proves()"),
            edit("role/Follower.java", "if (!onDisk.equals(request.proves())) {", "if (true) {")),
        mutant(
            "a round is answered in a term that is not on disk",
            "§5.1",
            Story.CHAOS,
            edit("role/Follower.java", "&& peer.store().isDurable(peer.lastGroundStaged())", "")),
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
                "recovering.subList((int) kept, recovering.size()).clear();",
                "")),
        mutant(
            "a leader that steps down does not store its last entries",
            "thesis §10.2.1",
            Story.PAUSED,
            edit("role/Leader.java", "replicator.stageNew(); stop();", "stop();")));
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
                "role/LeaderCommands.java",
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
                "role/LeaderCommands.java",
                "new OutcomeUnknown( peer.id() + \" no longer leads term \" + term"
                    + " + \"; the command may yet take effect.\")",
                "new RaftException.NotLeader(Optional.empty())")),
        mutant(
            "who waits at a leader that steps down is forgotten",
            "§8",
            Story.CHAOS,
            edit("role/Leader.java", "stageNew(); stop();", "stageNew();")));
  }
}
