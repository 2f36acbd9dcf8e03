package io.pekkoraft.node;

import io.pekkoraft.model.LogIndex;
import io.pekkoraft.model.PeerId;
import io.pekkoraft.model.Term;
import io.pekkoraft.node.GateMessage.ForPeer;
import io.pekkoraft.protocol.PeerMessage.AppendAccepted;
import io.pekkoraft.protocol.PeerMessage.AppendEntries;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Which heartbeats came in bundles and are not answered yet: the answer to such a one may wait as
 * it did, for its leader wants to know no more than that its follower is there. Anything else a
 * follower says is news, and must not wait: an answer to a round that somebody's read waits for, an
 * acknowledgement of entries, a refusal. For any thread.
 */
final class Unanswered {
  /** Of the last so many it is known; what answers an earlier one does not wait. */
  static final int MOST = 1 << 16;

  private final Map<Follower, Heartbeat> heartbeats = new LinkedHashMap<>();

  private record Follower(String group, PeerId peer) {}

  /** What tells a heartbeat from all else that the same leader sends, as its answer repeats it. */
  private record Heartbeat(PeerId leader, Term term, long round, LogIndex proves) {}

  /** A peer is about to hear this, which came in a bundle. */
  synchronized void came(ForPeer letter) {
    if (letter.message() instanceof AppendEntries heartbeat && heartbeat.entries().isEmpty()) {
      heartbeats.put(
          new Follower(letter.group(), letter.to()),
          new Heartbeat(letter.sender(), heartbeat.term(), heartbeat.round(), heartbeat.proves()));
      if (heartbeats.size() > MOST) {
        heartbeats.remove(heartbeats.keySet().iterator().next());
      }
    }
  }

  /** Whether this answers one of them, for the first time. */
  synchronized boolean isAnswer(ForPeer letter) {
    return letter.message() instanceof AppendAccepted answer
        && heartbeats.remove(
            new Follower(letter.group(), letter.sender()),
            new Heartbeat(letter.to(), answer.term(), answer.round(), answer.matched()));
  }
}
