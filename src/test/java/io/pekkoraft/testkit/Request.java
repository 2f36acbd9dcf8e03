package io.pekkoraft.testkit;

import io.pekkoraft.RaftException;
import org.apache.pekko.pattern.StatusReply;

/**
 * What a client asked of a peer, a proposal or a read, and what became of it.
 *
 * @param <C> the state machine's commands
 * @param <R> its results
 */
public final class Request<C, R> {
  private final C command;
  private final boolean read;
  private final Node asked;
  private final long called;
  private long returned = Long.MAX_VALUE;
  private StatusReply<R> reply;

  /**
   * @param called its place among all calls and returns
   * @param asked the process that is to answer, or null if there is none
   */
  Request(C command, boolean read, long called, Node asked) {
    this.command = command;
    this.read = read;
    this.called = called;
    this.asked = asked;
  }

  /** The three ends that an operation may have, and the time before. */
  public enum Outcome {
    PENDING,
    DONE,
    /** Surely nothing happened. */
    REFUSED,
    UNKNOWN
  }

  /**
   * @param place its place among all calls and returns
   */
  void returned(long place, StatusReply<R> answer) {
    if (reply != null) {
      throw new AssertionError("Two answers to " + command + ": " + reply + " and " + answer);
    }
    reply = answer;
    returned = place;
  }

  public C command() {
    return command;
  }

  public boolean isRead() {
    return read;
  }

  /** Its place among all calls and returns. */
  long called() {
    return called;
  }

  /** The place of its end among all calls and returns, or later than all of them. */
  long returned() {
    return returned;
  }

  public Outcome outcome() {
    if (reply == null) {
      return asked.isAlive() ? Outcome.PENDING : Outcome.UNKNOWN;
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
    return (read ? "read " : "")
        + command
        + ": "
        + outcome()
        + (reply != null && reply.isError() ? ", " + reply.getError().getMessage() : "");
  }
}
