package io.pekkoraft.session;

import io.pekkoraft.model.Bytes;

/**
 * What is to become of a command that was committed.
 *
 * @param reply the remembered one; empty unless {@code kind} is {@link Kind#ALREADY}
 */
public record Decision(Kind kind, Bytes reply) {
  static final Decision APPLY = new Decision(Kind.APPLY, Bytes.EMPTY);
  static final Decision STALE = new Decision(Kind.STALE, Bytes.EMPTY);
  static final Decision TOO_FAR_AHEAD = new Decision(Kind.TOO_FAR_AHEAD, Bytes.EMPTY);
  static final Decision EXPIRED = new Decision(Kind.EXPIRED, Bytes.EMPTY);

  static Decision already(Bytes reply) {
    return new Decision(Kind.ALREADY, reply);
  }

  /** The ways it can go; only the first touches the state machine. */
  public enum Kind {
    /** It is new: apply it, then {@link Sessions#applied}. */
    APPLY,
    /** It was applied before; its reply is the answer. */
    ALREADY,
    /**
     * The client has said that it needs no answer: a late copy. It was applied, unless the client
     * had given up on it.
     */
    STALE,
    /** Not applied: the client has too many unanswered, and may send it again when it has fewer. */
    TOO_FAR_AHEAD,
    /**
     * The session was forgotten or never was. Not applied now; whether an earlier copy was, nobody
     * can tell any more.
     */
    EXPIRED
  }
}
