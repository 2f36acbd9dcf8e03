package io.pekkoraft.client;

import io.pekkoraft.model.PeerId;
import org.apache.pekko.pattern.StatusReply;

/** Whatever lands in a client's mailbox. */
sealed interface ClientEvent permits ClientRequest, ClientEvent.Answer, ClientEvent.Alarm {
  /**
   * A peer has answered.
   *
   * @param errand by its number
   * @param attempt which of the messages for it
   */
  record Answer(long errand, int attempt, PeerId from, StatusReply<?> reply)
      implements ClientEvent {}

  /** What a client's timers say. */
  enum Alarm implements ClientEvent {
    /** Something may be due: to be sent again, or to be given up. */
    TICK,
    /** The session was not heard for a third of the time that it lives. */
    KEEP_ALIVE
  }
}
