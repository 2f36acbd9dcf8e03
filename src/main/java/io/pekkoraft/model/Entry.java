package io.pekkoraft.model;

/**
 * One slot of the replicated log (§5.3). Its index is its place in the log or in a {@link Batch}.
 *
 * @param term of the leader that received it
 * @param payload what it says, as bytes; what they mean depends on {@code kind}
 */
public record Entry(Term term, Kind kind, Bytes payload) {
  /** What applying an entry means. The codes are on disk and on the wire: they never change. */
  public enum Kind {
    /** Nothing: commits what came before it, at the start of a term (§8) or for a read. */
    NO_OP(0),
    /** A command for the state machine. */
    COMMAND(1),
    /** Who belongs to the group from here on (§6). */
    CONFIGURATION(2),
    /** A client opens a session; its name is this entry's index (thesis §6.3). */
    OPEN_SESSION(3),
    /** A command for the state machine, at most once whoever repeats it (thesis §6.3). */
    SESSION_COMMAND(4),
    /** A client has nothing to propose and wants to keep its session (thesis §6.3). */
    KEEP_ALIVE(5),
    /** A client ends its session (thesis §6.3). */
    CLOSE_SESSION(6);

    private final byte code;

    Kind(int code) {
      this.code = (byte) code;
    }

    byte code() {
      return code;
    }

    static Kind ofCode(byte code) {
      return switch (code) {
        case 0 -> NO_OP;
        case 1 -> COMMAND;
        case 2 -> CONFIGURATION;
        case 3 -> OPEN_SESSION;
        case 4 -> SESSION_COMMAND;
        case 5 -> KEEP_ALIVE;
        case 6 -> CLOSE_SESSION;
        default ->
            throw new IllegalArgumentException(
                "An entry has the unknown kind " + code + "; was it written by a newer version?");
      };
    }
  }

  public static Entry noOp(Term term) {
    return new Entry(term, Kind.NO_OP, Bytes.EMPTY);
  }

  public static Entry command(Term term, Bytes payload) {
    return new Entry(term, Kind.COMMAND, payload);
  }

  public static Entry configuration(Term term, Bytes payload) {
    return new Entry(term, Kind.CONFIGURATION, payload);
  }

  /** Bytes that this entry takes in a {@link Batch}. */
  public int packedSize() {
    return Batch.HEADER + payload.size();
  }

  @Override
  public String toString() {
    return kind + "@" + term + "[" + payload + "]";
  }
}
