package io.pekkoraft.node;

import io.pekkoraft.RaftException;
import io.pekkoraft.RaftException.ChangeRefused;
import io.pekkoraft.RaftException.CommandFailed;
import io.pekkoraft.RaftException.CommandRefused;
import io.pekkoraft.RaftException.NotLeader;
import io.pekkoraft.RaftException.OutcomeUnknown;
import io.pekkoraft.RaftException.Overloaded;
import io.pekkoraft.RaftException.ResultLost;
import io.pekkoraft.RaftException.SessionExpired;
import io.pekkoraft.model.PeerId;
import java.util.Arrays;
import java.util.Optional;

/**
 * A {@link RaftException} on the wire: its type and all that it tells. What caused it stays on its
 * node; the message has it in words.
 *
 * @param leader of a {@link NotLeader}
 * @param reason of a {@link ChangeRefused} or a {@link CommandRefused}
 */
record Failure(Type type, String message, Optional<PeerId> leader, Optional<String> reason) {
  enum Type {
    NOT_LEADER,
    CHANGE_REFUSED,
    OVERLOADED,
    COMMAND_REFUSED,
    OUTCOME_UNKNOWN,
    COMMAND_FAILED,
    SESSION_EXPIRED,
    RESULT_LOST
  }

  /** Whatever is none of ours tells nothing of the outcome. */
  static Failure of(Throwable failure) {
    if (failure instanceof NotLeader elsewhere) {
      return new Failure(Type.NOT_LEADER, said(failure), elsewhere.leader(), Optional.empty());
    } else if (failure instanceof ChangeRefused refused) {
      return with(Type.CHANGE_REFUSED, failure, refused.reason().name());
    } else if (failure instanceof CommandRefused refused) {
      return with(Type.COMMAND_REFUSED, failure, refused.reason().name());
    } else if (failure instanceof Overloaded) {
      return plain(Type.OVERLOADED, failure);
    } else if (failure instanceof CommandFailed) {
      return plain(Type.COMMAND_FAILED, failure);
    } else if (failure instanceof SessionExpired) {
      return plain(Type.SESSION_EXPIRED, failure);
    } else if (failure instanceof ResultLost) {
      return plain(Type.RESULT_LOST, failure);
    }
    return plain(Type.OUTCOME_UNKNOWN, failure);
  }

  private static String said(Throwable failure) {
    return String.valueOf(failure.getMessage());
  }

  private static Failure plain(Type type, Throwable failure) {
    return new Failure(type, said(failure), Optional.empty(), Optional.empty());
  }

  private static Failure with(Type type, Throwable failure, String reason) {
    return new Failure(type, said(failure), Optional.empty(), Optional.of(reason));
  }

  /** A reason that is not known here, of a newer version, tells nothing of the outcome. */
  RaftException asException() {
    return switch (type) {
      case NOT_LEADER -> new NotLeader(message, leader);
      case CHANGE_REFUSED ->
          reasonOf(ChangeRefused.Reason.values())
              .<RaftException>map(known -> new ChangeRefused(known, message))
              .orElseGet(this::notUnderstood);
      case COMMAND_REFUSED ->
          reasonOf(CommandRefused.Reason.values())
              .<RaftException>map(known -> new CommandRefused(known, message))
              .orElseGet(this::notUnderstood);
      case OVERLOADED -> new Overloaded(message);
      case OUTCOME_UNKNOWN -> new OutcomeUnknown(message);
      case COMMAND_FAILED -> new CommandFailed(message, null);
      case SESSION_EXPIRED -> new SessionExpired(message);
      case RESULT_LOST -> new ResultLost(message);
    };
  }

  private <R extends Enum<R>> Optional<R> reasonOf(R[] known) {
    return Arrays.stream(known).filter(one -> reason.equals(Optional.of(one.name()))).findFirst();
  }

  private OutcomeUnknown notUnderstood() {
    return new OutcomeUnknown(
        "It was refused, for a reason that is not known here ("
            + reason.orElse("none is given")
            + "): "
            + message);
  }
}
