package io.pekkoraft.apply;

import io.pekkoraft.RaftException;
import io.pekkoraft.RaftException.OutcomeUnknown;
import io.pekkoraft.RaftException.Overloaded;
import io.pekkoraft.RaftException.SessionExpired;
import io.pekkoraft.apply.Applier.Outcome;
import io.pekkoraft.model.Bytes;
import io.pekkoraft.model.Entry;
import io.pekkoraft.model.LogIndex;
import io.pekkoraft.session.SessionEntry;
import io.pekkoraft.session.SessionId;
import io.pekkoraft.session.Sessions;
import java.util.function.Function;

/**
 * The table of sessions, and what entries about sessions do to it and to the state machine (thesis
 * §6.3). Every peer decides alike, for all that decides is in the log.
 */
final class SessionApplier {
  private final CommandCodec codec;
  private Sessions sessions = new Sessions();

  SessionApplier(CommandCodec codec) {
    this.codec = codec;
  }

  Sessions sessions() {
    return sessions;
  }

  /** Goes on with the table of a snapshot (§7). */
  void restore(Sessions table) {
    sessions = table;
  }

  /**
   * @param machine applies a command at {@code index}
   */
  Outcome apply(LogIndex index, Entry entry, Function<Bytes, Outcome> machine) {
    var said = read(index, entry);
    if (said instanceof SessionEntry.Command command) {
      return apply(command, machine);
    }
    if (said instanceof SessionEntry.Open open) {
      return done(sessions.open(index, open.limits(), open.stamp()));
    }
    if (said instanceof SessionEntry.KeepAlive alive) {
      return sessions.keepAlive(alive.session(), alive.lowestUnanswered(), alive.stamp())
          ? done(alive.session())
          : failed(expired(alive.session()));
    }
    var close = (SessionEntry.Close) said;
    sessions.close(close.session(), close.stamp());
    return done(close.session());
  }

  /** What this peer can't read another may have applied, so to skip it would let them part. */
  private static SessionEntry read(LogIndex index, Entry entry) {
    try {
      return SessionEntry.of(entry);
    } catch (IllegalArgumentException e) {
      throw new IllegalStateException(
          "The entry at index "
              + index
              + " can't be read, so this peer can't go on: "
              + e.getMessage(),
          e);
    }
  }

  private Outcome apply(SessionEntry.Command command, Function<Bytes, Outcome> machine) {
    var number = command.number();
    var decision = sessions.decide(number, command.stamp());
    return switch (decision.kind()) {
      case APPLY -> {
        var outcome = machine.apply(command.command());
        var reply = RememberedReply.of(outcome, codec);
        sessions.applied(number, reply);
        yield outcome.failure() == null && RememberedReply.isResult(reply)
            ? outcome
            : RememberedReply.outcome(reply, codec);
      }
      case ALREADY -> RememberedReply.outcome(decision.reply(), codec);
      case STALE ->
          failed(
              new OutcomeUnknown(
                  "Command "
                      + number
                      + " comes after its client has said that it needs no answer to it. It was"
                      + " applied, unless the client had given up on it before."));
      case TOO_FAR_AHEAD ->
          failed(
              new Overloaded(
                  "Session "
                      + number.session()
                      + " has too many commands without an answer (pekko-raft.sessions."
                      + "max-in-flight)."));
      case EXPIRED -> failed(expired(number.session()));
    };
  }

  private static SessionExpired expired(SessionId session) {
    return new SessionExpired(
        "Session "
            + session
            + " is not open (any more): its client was not heard for"
            + " pekko-raft.sessions.expire-after, or there were too many sessions.");
  }

  private static Outcome done(Object result) {
    return new Outcome(result, null);
  }

  private static Outcome failed(RaftException failure) {
    return new Outcome(null, failure);
  }
}
