package io.pekkoraft.node;

import io.pekkoraft.model.PeerId;
import io.pekkoraft.protocol.PeerMessage;
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

  /**
   * Brings what many peers say that could wait for each other: heartbeats, and answers to those.
   *
   * @param letters all from the same node; the answers to them may wait as well
   */
  record Bundle(String from, List<ForPeer> letters) implements GateMessage {}

  /**
   * Asks a peer of the reader's.
   *
   * @param asker the start of the node that asks: an answer to an earlier one is nobody's
   * @param number counts what the asker has asked; the reply carries it back
   * @param patienceMillis how long the asker waits
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
      implements GateMessage {}

  /**
   * Answers a {@link Question}.
   *
   * @param answer as {@link ClientFormat} writes it; empty when the peer does not run there, and so
   *     surely nothing happened
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
