package io.pekkoraft.dashboard;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pekkoraft.model.PeerId;
import io.pekkoraft.protocol.PeerMessage;
import io.pekkoraft.protocol.PeerMessage.AppendAccepted;
import io.pekkoraft.protocol.PeerMessage.AppendEntries;
import io.pekkoraft.protocol.PeerMessage.AppendRejected;
import io.pekkoraft.protocol.PeerMessage.InstallSnapshot;
import io.pekkoraft.protocol.PeerMessage.InstallSnapshotReply;
import io.pekkoraft.protocol.PeerMessage.PreVote;
import io.pekkoraft.protocol.PeerMessage.PreVoteReply;
import io.pekkoraft.protocol.PeerMessage.RequestVote;
import io.pekkoraft.protocol.PeerMessage.TimeoutNow;
import io.pekkoraft.protocol.PeerMessage.VoteReply;

/** A message on its way from one peer to another. */
record Flight(PeerId from, PeerId to, PeerMessage message) {

  /** What the message is about, to tell them by their colours. */
  enum Kind {
    HEARTBEAT,
    APPEND,
    ACCEPT,
    REJECT,
    PRE_VOTE,
    VOTE,
    GRANT,
    REFUSE,
    SNAPSHOT,
    TRANSFER,
    OTHER;

    static Kind of(PeerMessage message) {
      if (message instanceof AppendEntries append) {
        return append.entries().isEmpty() ? HEARTBEAT : APPEND;
      }
      if (message instanceof AppendAccepted) {
        return ACCEPT;
      }
      if (message instanceof AppendRejected) {
        return REJECT;
      }
      if (message instanceof PreVote) {
        return PRE_VOTE;
      }
      if (message instanceof RequestVote) {
        return VOTE;
      }
      if (message instanceof PreVoteReply reply) {
        return reply.granted() ? GRANT : REFUSE;
      }
      if (message instanceof VoteReply reply) {
        return reply.granted() ? GRANT : REFUSE;
      }
      if (message instanceof InstallSnapshot || message instanceof InstallSnapshotReply) {
        return SNAPSHOT;
      }
      return message instanceof TimeoutNow ? TRANSFER : OTHER;
    }
  }

  /**
   * @param lost whether it is known that nobody hears it
   */
  ObjectNode json(boolean lost) {
    var json =
        JsonNodeFactory.instance
            .objectNode()
            .put("kind", Kind.of(message).name())
            .put("from", from.value())
            .put("to", to.value())
            .put("term", message.term().value())
            .put("lost", lost);
    if (message instanceof AppendEntries append) {
      json.put("entries", append.entries().size());
    }
    return json;
  }
}
