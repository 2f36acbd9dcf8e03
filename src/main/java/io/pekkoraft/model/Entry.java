package io.pekkoraft.model;

/**
 * One slot of the replicated log (§5.3). Its index is its place in the log or in a {@link Batch}.
 *
 * @param term of the leader that received it
 * @param payload the command as bytes; empty unless {@code kind} is {@link Kind#COMMAND}
 */
public record Entry(Term term, Kind kind, Bytes payload) {
  /** What applying an entry means. The codes are on disk and on the wire: they never change. */
  public enum Kind {
    /** Nothing: commits what came before it, at the start of a term (§8) or for a read. */
    NO_OP(0),
    /** A command for the state machine. */
    COMMAND(1);

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

  /** Bytes that this entry takes in a {@link Batch}. */
  public int packedSize() {
    return Batch.HEADER + payload.size();
  }

  @Override
  public String toString() {
    return kind + "@" + term + "[" + payload + "]";
  }
}
