package io.pekkoraft.session;

import io.pekkoraft.model.Bytes;
import io.pekkoraft.model.Entry;
import io.pekkoraft.model.Term;
import java.util.Objects;

/**
 * What a client says about its session, as the log holds it. Each carries the leader's time, so
 * that all peers expire the same sessions at the same index.
 */
public sealed interface SessionEntry {
  /** By the {@link LeaderClock} of the leader that appended it, in milliseconds. */
  long stamp();

  /**
   * A session begins, and these limits are in force from here on.
   *
   * @param limits the leader's own
   */
  record Open(SessionLimits limits, long stamp) implements SessionEntry {
    public Open {
      Objects.requireNonNull(limits, "Limits travel with the entry that opens a session.");
    }
  }

  /**
   * A command for the state machine, to be applied unless it was before.
   *
   * @param command its bytes, which the application's serializer made
   */
  record Command(SerialNumber number, long stamp, Bytes command) implements SessionEntry {
    public Command {
      Objects.requireNonNull(number, "Without a number nobody could tell a copy.");
      Objects.requireNonNull(command, "A command is never null.");
    }
  }

  /**
   * The client lives.
   *
   * @param lowestUnanswered the client needs no reply below it any more
   */
  record KeepAlive(SessionId session, long lowestUnanswered, long stamp) implements SessionEntry {
    public KeepAlive {
      Objects.requireNonNull(session, "Somebody's session is kept alive.");
      SerialNumber.requireNumber(lowestUnanswered);
    }
  }

  /** The client has gone and sends nothing more. */
  record Close(SessionId session, long stamp) implements SessionEntry {
    public Close {
      Objects.requireNonNull(session, "Somebody's session is closed.");
    }
  }

  /** As an entry of the log. */
  default Entry in(Term term) {
    return new Entry(term, SessionEntryFormat.kindOf(this), SessionEntryFormat.encode(this));
  }

  /**
   * Reads what {@link #in} gave. The command's bytes are not copied.
   *
   * @throws IllegalArgumentException when the payload is not what its kind says
   */
  static SessionEntry of(Entry entry) {
    return SessionEntryFormat.decode(entry.kind(), entry.payload());
  }
}
