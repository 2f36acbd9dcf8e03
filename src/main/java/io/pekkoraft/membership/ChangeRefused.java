package io.pekkoraft.membership;

/** A change of the configuration can't be, now or ever. Surely nothing happened. */
public final class ChangeRefused extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private final Reason reason;

  /** What is wrong with it, or with its time. */
  public enum Reason {
    /** The leader has committed nothing of its own term yet; soon it will have. */
    NOT_READY,
    /** Another change has begun and is not complete. */
    UNDER_WAY,
    /** It starts from another version than the one in use: look again, and decide anew. */
    STALE,
    /** It names nobody. */
    EMPTY,
    /** It wants a peer to become two things. */
    NAMED_TWICE,
    /** It removes a peer that is not there. */
    UNKNOWN,
    /** It adds a peer that is there, as what it is. */
    ALREADY_THERE,
    /** Too few of those who would vote then are there: the group would stand still. */
    NO_MAJORITY,
    /** It leaves nobody who votes. */
    NO_VOTER_LEFT,
    /** More than {@link Configuration#MAX_PEERS} would get the log while it lasts. */
    TOO_MANY
  }

  public ChangeRefused(Reason reason, String message) {
    // A reply and not a crash: nobody needs the stack trace.
    super(message, null, false, false);
    this.reason = reason;
  }

  public Reason reason() {
    return reason;
  }
}
