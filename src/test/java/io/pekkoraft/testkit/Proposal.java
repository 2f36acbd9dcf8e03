package io.pekkoraft.testkit;

import io.pekkoraft.RaftException;
import org.apache.pekko.pattern.StatusReply;

/** What became of a command that a story proposed. */
public final class Proposal<C, R> {
  private final C command;
  private StatusReply<R> reply;
  private boolean crashed;

  Proposal(C command) {
    this.command = command;
  }

  /** The three ends that a proposal may have, and the time before. */
  public enum Outcome {
    PENDING,
    DONE,
    /** Surely nothing happened. */
    REFUSED,
    UNKNOWN
  }

  void answered(StatusReply<R> answer) {
    if (reply != null) {
      throw new AssertionError("Two answers to " + command + ": " + reply + " and " + answer);
    }
    reply = answer;
  }

  /** The process that was to answer is gone. */
  void crashed() {
    crashed = reply == null;
  }

  public C command() {
    return command;
  }

  public Outcome outcome() {
    if (reply == null) {
      return crashed ? Outcome.UNKNOWN : Outcome.PENDING;
    }
    if (reply.isSuccess()) {
      return Outcome.DONE;
    }
    return reply.getError() instanceof RaftException.OutcomeUnknown
        ? Outcome.UNKNOWN
        : Outcome.REFUSED;
  }

  /** The state machine's result. */
  public R result() {
    return reply.getValue();
  }

  @Override
  public String toString() {
    return command
        + ": "
        + outcome()
        + (reply != null && reply.isError() ? ", " + reply.getError().getMessage() : "");
  }
}
