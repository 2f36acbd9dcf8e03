package io.pekkoraft.role;

import io.pekkoraft.RaftException.ChangeRefused;
import io.pekkoraft.RaftException.OutcomeUnknown;
import io.pekkoraft.model.PeerId;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.pattern.StatusReply;

/** A leader's way out of office, and who wants to know when it is over (thesis §3.10). */
final class Handover {
  private final PeerId to;
  private final long began;
  private final ActorRef<StatusReply<PeerId>> replyTo;
  private boolean told;

  /**
   * @param began in nanoseconds of the peer's clock
   */
  Handover(PeerId to, long began, ActorRef<StatusReply<PeerId>> replyTo) {
    this.to = to;
    this.began = began;
    this.replyTo = replyTo;
  }

  PeerId to() {
    return to;
  }

  long began() {
    return began;
  }

  /** Whether the successor was told to stand for election. */
  boolean isTold() {
    return told;
  }

  void told() {
    told = true;
  }

  /** The leader goes on as before; its successor may be told and win all the same, later. */
  void givenUp() {
    replyTo.tell(
        StatusReply.error(
            new ChangeRefused(
                ChangeRefused.Reason.TIMED_OUT,
                to + " did not take over within an election time-out; all is as it was.")));
  }

  /** The leader has left its office, whoever made it. */
  void leaves() {
    replyTo.tell(
        told
            ? StatusReply.success(to)
            : StatusReply.error(
                new OutcomeUnknown("The leader was deposed before " + to + " could take over.")));
  }
}
