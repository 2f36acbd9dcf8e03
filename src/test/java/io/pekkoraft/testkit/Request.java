package io.pekkoraft.testkit;

import io.pekkoraft.RaftException;
import io.pekkoraft.testkit.linearizability.History;
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
  private final History<C, R>.Call call;
  private StatusReply<R> reply;

  /**
   * @param asked the process that is to answer, or null if there is none
   * @param call its place in the history
   */
  Request(C command, boolean read, Node asked, History<C, R>.Call call) {
    this.command = command;
    this.read = read;
    this.asked = asked;
    this.call = call;
  }

  /** The three ends that a request may have, and the time before. */
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
    switch (outcome()) {
      case DONE -> call.returned(result());
      case REFUSED -> call.refused();
      default -> call.unknown();
    }
  }

  public C command() {
    return command;
  }

  public boolean isRead() {
    return read;
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
    if (outcome() != Outcome.DONE) {
      throw new IllegalStateException("There is no result: " + this);
    }
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
