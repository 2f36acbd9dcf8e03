package io.pekkoraft.node;

import io.pekkoraft.model.PeerId;
import io.pekkoraft.protocol.PeerMessage;
import java.time.Duration;
import java.util.List;

/** What one gate says to another. Any of it may be lost, late, doubled or reordered. */
sealed interface GateMessage {
  /** The address of the node that says it. */
  String from();

  /**
   * Brings what one peer says to another.
   *
   * @param sender the peer of that node that says it
   */
  record ForPeer(String from, String group, PeerId sender, PeerId to, PeerMessage message)
      implements GateMessage {}

  /** What wants an answer. */
  sealed interface Asking extends GateMessage {
    /** Longer than anybody waits, and no longer than a timer can run. */
    Duration MOST_PATIENCE = Duration.ofDays(1);

    /** The start of the node that asks: an answer to an earlier one is nobody's. */
    long asker();

    /** Counts what the asker has asked; the reply carries it back. */
    long number();

    /** How long the asker waits, as it says. */
    long patienceMillis();

    /** How long the asker waits, within reason, whatever it says: asker and asked go by this. */
    default Duration patience() {
      return Duration.ofMillis(Math.max(1, Math.min(patienceMillis(), MOST_PATIENCE.toMillis())));
    }
  }

  /**
   * Brings what many peers say that could wait for each other: heartbeats, and answers to those.
   *
   * @param letters all from the same node; the answers to them may wait as well
   */
  record Bundle(String from, List<ForPeer> letters) implements GateMessage {}

  /**
   * Asks a peer of the reader's.
   *
   * @param request as {@link ClientFormat} writes it
   */
  record Question(
      String from,
      long asker,
      long number,
      String group,
      PeerId to,
      long patienceMillis,
      byte[] request)
      implements Asking {}

  /**
   * Asks a {@link Service} of the reader's.
   *
   * @param content as the service understands it
   */
  record Call(
      String from, long asker, long number, String service, long patienceMillis, byte[] content)
      implements Asking {}

  /**
   * Answers what was {@link Asking asked}.
   *
   * @param answer as {@link ClientFormat} writes it; empty when the peer or the service is not
   *     there, and so surely nothing happened
   */
  record Reply(String from, long asker, long number, byte[] answer) implements GateMessage {}

  /**
   * Asks whether the reader is there.
   *
   * @param incarnation the start of the sender
   * @param sentAt by the sender's own monotonic clock, in nanoseconds; the pong carries it back
   */
  record Ping(String from, long incarnation, long sentAt) implements GateMessage {}

  /** Answers a {@link Ping}. */
  record Pong(String from, long incarnation, long sentAt) implements GateMessage {}

  /** The sender is about to end: whoever asks it anything would wait in vain. */
  record Goodbye(String from, long incarnation) implements GateMessage {}

  /** Tells where a peer runs that the reader's own list may not name, because it came later. */
  record Introduction(String from, String group, PeerId peer) implements GateMessage {}
}
