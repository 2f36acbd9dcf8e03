package io.pekkoraft.role;

import io.pekkoraft.RaftException.ChangeRefused;
import io.pekkoraft.RaftException.OutcomeUnknown;
import io.pekkoraft.model.PeerId;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.apache.pekko.pattern.StatusReply;

/** A leader's way out of office, and who wants to know when it is over (thesis §3.10). */
final class Handover {
  private final PeerId to;
  private final long began;
  private final List<Consumer<StatusReply<PeerId>>> waiting = new ArrayList<>();
  private boolean told;

  /**
   * @param began in nanoseconds of the peer's clock
   */
  Handover(PeerId to, long began) {
    this.to = to;
    this.began = began;
  }

  PeerId to() {
    return to;
  }

  long began() {
    return began;
  }

  /** Whoever waits hears how it ended. */
  void whenOver(Consumer<StatusReply<PeerId>> ended) {
    waiting.add(ended);
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
    end(
        StatusReply.error(
            new ChangeRefused(
                ChangeRefused.Reason.TIMED_OUT,
                to + " did not take over within an election time-out; all is as it was.")));
  }

  /** The leader has left its office, whoever made it. */
  void leaves() {
    end(
        told
            ? StatusReply.success(to)
            : StatusReply.error(
                new OutcomeUnknown("The leader was deposed before " + to + " could take over.")));
  }

  private void end(StatusReply<PeerId> outcome) {
    waiting.forEach(ended -> ended.accept(outcome));
  }
}
