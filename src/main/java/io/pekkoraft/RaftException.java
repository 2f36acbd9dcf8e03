package io.pekkoraft;

import io.pekkoraft.model.PeerId;
import java.util.Optional;

/**
 * Why a request was not served. The type says what became of it: surely nothing ({@link NotLeader},
 * {@link Overloaded}, {@link CommandRefused}, {@link ChangeRefused}), nobody can tell ({@link
 * OutcomeUnknown}), the handler failed and changed nothing ({@link CommandFailed}), or it was done
 * and the answer is lost ({@link ResultLost}). A {@link SessionExpired} says it of one message
 * alone.
 */
public abstract sealed class RaftException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private RaftException(String message, Throwable cause) {
    // Replies and not crashes: a stack trace would cost more than the request and tell nothing.
    super(message, cause, false, false);
  }

  /** The peer does not lead. Surely nothing happened; ask {@link #leader()}. */
  public static final class NotLeader extends RaftException {
    private static final long serialVersionUID = 1L;
    private final transient Optional<PeerId> leader;

    public NotLeader(Optional<PeerId> leader) {
      this(
          leader
              .map(id -> "This peer does not lead; the leader is " + id + ".")
              .orElse("This peer does not lead and knows no leader; try again shortly."),
          leader);
    }

    public NotLeader(String message, Optional<PeerId> leader) {
      super(message, null);
      this.leader = leader;
    }

    /** Who leads, as far as the peer knows. */
    public Optional<PeerId> leader() {
      return leader == null ? Optional.empty() : leader;
    }
  }

  /** What was asked of the group itself can't be done, as it says. Surely nothing happened. */
  public static final class ChangeRefused extends RaftException {
    private static final long serialVersionUID = 1L;
    private final Reason reason;

    /** What is in the way. */
    public enum Reason {
      /** There is no such peer in the group, or it can't be the one that is asked for. */
      NO_SUCH_PEER,
      /** Something of the kind is under way; try again when it is done. */
      UNDER_WAY,
      /**
       * It took too long and was given up; all is as before. A successor that was told to stand may
       * still come to hear it, and win.
       */
      TIMED_OUT,
      /** It was tried, and failed as the message says; all is as before. */
      FAILED,
      /** The leader was just elected and knows too little; try again shortly. */
      NOT_READY,
      /** It starts from another configuration than the one in use: look again, and decide anew. */
      STALE,
      /** It names nobody, or wants a peer to become two things. */
      MALFORMED,
      /** It adds a peer that is there already, as what it is. */
      ALREADY_THERE,
      /** Too few of those who would vote then answer the leader: the group would stand still. */
      NO_MAJORITY,
      /** Nobody would be left to vote. */
      NO_VOTER_LEFT,
      /** More peers would get the log than a group can have. */
      TOO_MANY;

      /** The same, of a change of who belongs to the group. */
      public static Reason of(io.pekkoraft.membership.ChangeRefused.Reason reason) {
        return switch (reason) {
          case NOT_READY -> NOT_READY;
          case UNDER_WAY -> UNDER_WAY;
          case STALE -> STALE;
          case EMPTY, NAMED_TWICE -> MALFORMED;
          case UNKNOWN -> NO_SUCH_PEER;
          case ALREADY_THERE -> ALREADY_THERE;
          case NO_MAJORITY -> NO_MAJORITY;
          case NO_VOTER_LEFT -> NO_VOTER_LEFT;
          case TOO_MANY -> TOO_MANY;
        };
      }
    }

    public ChangeRefused(Reason reason, String message) {
      super(message, null);
      this.reason = reason;
    }

    public Reason reason() {
      return reason;
    }
  }

  /** Too much is pending at the leader. Surely nothing happened; try again later. */
  public static final class Overloaded extends RaftException {
    private static final long serialVersionUID = 1L;

    public Overloaded(String message) {
      super(message, null);
    }
  }

  /** The command can't be taken, now or later. Surely nothing happened. */
  public static final class CommandRefused extends RaftException {
    private static final long serialVersionUID = 1L;
    private final Reason reason;

    /** What is wrong with it. */
    public enum Reason {
      /** It has more bytes than {@code pekko-raft.proposals.max-command-size}. */
      TOO_LARGE,
      /** No serializer takes it. */
      NOT_SERIALIZABLE,
      /** It was sent as a read, but it changes the state. */
      CHANGES_STATE,
      /** It was to see an index that the group never came to. */
      NO_SUCH_INDEX
    }

    public CommandRefused(Reason reason, String message) {
      this(reason, message, null);
    }

    public CommandRefused(Reason reason, String message, Throwable cause) {
      super(message, cause);
      this.reason = reason;
    }

    public Reason reason() {
      return reason;
    }
  }

  /**
   * Leadership or contact was lost before the reply. The command may have taken effect, may yet do
   * so, or never will.
   */
  public static final class OutcomeUnknown extends RaftException {
    private static final long serialVersionUID = 1L;

    public OutcomeUnknown(String message) {
      super(message, null);
    }
  }

  /** The state machine's handler threw. On every peer alike, so the state is as it was. */
  public static final class CommandFailed extends RaftException {
    private static final long serialVersionUID = 1L;

    public CommandFailed(String message, Throwable cause) {
      super(message, cause);
    }
  }

  /**
   * The session was forgotten, closed, or never opened (thesis §6.3). This message did nothing;
   * whether an earlier copy of it did, nobody can tell any more.
   */
  public static final class SessionExpired extends RaftException {
    private static final long serialVersionUID = 1L;

    public SessionExpired(String message) {
      super(message, null);
    }
  }

  /**
   * The command took effect, and its result can't be told: no serializer takes it, so that it could
   * not be remembered for a client that asks again.
   */
  public static final class ResultLost extends RaftException {
    private static final long serialVersionUID = 1L;

    public ResultLost(String message) {
      super(message, null);
    }
  }
}
