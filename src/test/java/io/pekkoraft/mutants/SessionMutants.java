package io.pekkoraft.mutants;

import static io.pekkoraft.mutants.Mutant.edit;
import static io.pekkoraft.mutants.Mutant.mutant;

import java.util.List;
import java.util.stream.Stream;

/** Mistakes about sessions, at the peers and at their clients. */
final class SessionMutants {
  private static final String ONCE = "thesis §6.3";
  private static final String FORWARD = "thesis §6.4";

  private SessionMutants() {}

  static Stream<Mutant> all() {
    return Stream.of(peers(), clients()).flatMap(List::stream);
  }

  private static List<Mutant> peers() {
    return List.of(
        mutant(
            "a reply is not remembered",
            ONCE,
            Story.LATE_COPIES,
            edit(
                "session/Sessions.java",
                "dueIn.replies().remember(number.sequence(), reply);",
                "")),
        mutant(
            "a copy is not told by its number",
            ONCE,
            Story.LATE_COPIES,
            edit(
                "session/Sessions.java",
                "if (reply != null) {",
                "if (reply != null && number.sequence() < 0) {")),
        mutant(
            "a copy below the lowest unanswered one is applied",
            ONCE,
            Story.LATE_COPIES,
            edit(
                "session/Sessions.java",
                "if (number.sequence() < replies.lowest()) {",
                "if (number.sequence() < 0) {")),
        mutant(
            "a session that was forgotten is begun again",
            ONCE,
            Story.SESSIONS,
            edit(
                "session/Sessions.java",
                "if (session == null) { return Decision.EXPIRED; }",
                "if (session == null) {"
                    + " session = new Session("
                    + "number.session(), clock, new Replies(number.lowestUnanswered()));"
                    + " add(session); }")),
        mutant(
            "sessions expire by each peer's own clock",
            ONCE,
            Story.SESSIONS,
            edit(
                "role/Peer.java",
                "new Applier<>(setup.machine(), setup.codec());",
                "new Applier<>(setup.machine(), setup.codec());"
                    + " this.applier.sessionTime(setup.environment().nanoTime());"),
            edit(
                "apply/Applier.java",
                "public Sessions sessions() {",
                "public void sessionTime(java.util.function.LongSupplier own) {"
                    + " sessions.own = own; }"
                    + " public Sessions sessions() {"),
            edit(
                "apply/SessionApplier.java",
                "private Sessions sessions = new Sessions();",
                "java.util.function.LongSupplier own;"
                    + " private Sessions sessions = new Sessions();"),
            edit(
                "apply/SessionApplier.java",
                "sessions.decide(number, command.stamp());",
                "sessions.decide(number, own.getAsLong() / 1_000_000);")),
        mutant(
            "sessions are not in the snapshot",
            ONCE,
            Story.SESSIONS,
            edit(
                "apply/Applier.java",
                "sessions.restore(Sessions.decode(snapshot.sessions()));",
                "sessions.restore(new Sessions());")));
  }

  private static List<Mutant> clients() {
    return List.of(
        mutant(
            "each copy of a command has a number of its own",
            ONCE,
            Story.SESSIONS,
            edit(
                "client/ClientCommands.java",
                "numbering.serial(sequence)",
                "numbering.serial(numbering.take())")),
        mutant(
            "what may have taken effect goes on in a new session",
            ONCE,
            Story.SESSIONS,
            edit("client/ClientCommands.java", "if (untouched) {", "if (true) {")),
        mutant(
            "a command that was sent and is late is told as never sent",
            "§8",
            Story.SESSIONS,
            edit(
                "client/ClientCommands.java",
                "untouched ? errands.nothingHappened(refusal) : errands.unknown()",
                "errands.nothingHappened(refusal)")),
        mutant(
            "a copy without an answer counts as one that did nothing",
            ONCE,
            Story.FORGOTTEN,
            edit(
                "client/Errand.java",
                "void lost(int attempt, long again) {",
                "void lost(int attempt, long again) { unresolved--;")),
        mutant(
            "a client that is late sends the command again",
            "§8",
            Story.SESSIONS,
            edit(
                "client/Errands.java",
                "if (errand.isLate(now)) { open.remove(each);",
                "if (errand.isLate(now) && errand.asked().isEmpty()) { errand.late();"
                    + " } else if (errand.isLate(now)) { open.remove(each);")),
        mutant(
            "a client forgets what it has written before it reads",
            FORWARD,
            Story.OWN_WRITES,
            edit("client/ClientCommands.java", "reads.saw(answer.index());", "")),
        mutant(
            "a client forgets what it has read before it reads",
            FORWARD,
            Story.READS_FORWARD,
            edit("client/ClientReads.java", "saw(answer.index()); request", "request")));
  }
}
