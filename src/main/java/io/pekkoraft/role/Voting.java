package io.pekkoraft.role;

import io.pekkoraft.protocol.PeerMessage.PreVote;
import io.pekkoraft.protocol.PeerMessage.PreVoteReply;
import io.pekkoraft.protocol.PeerMessage.RequestVote;
import io.pekkoraft.protocol.PeerMessage.VoteReply;

/** How a peer votes, whichever role it plays (§5.2, §5.4.1; pre-vote: thesis §9.6). */
final class Voting {
  private final Peer peer;

  Voting(Peer peer) {
    this.peer = peer;
  }

  /**
   * Pre-vote is outside of the rule of terms: to ask changes nobody's term (thesis §9.6). Grants
   * what an election in the next term would get from this peer as it is now.
   *
   * @param hearsLeader whether a leader was heard so lately that an election would only disturb
   */
  void answer(PreVote request, boolean hearsLeader) {
    var wouldWin =
        !hearsLeader
            && !peer.isDisowned()
            && !peer.term().isNewerThan(request.term())
            && request.last().isAtLeastAsUpToDateAs(peer.log().last());
    peer.outbox()
        .now(
            request.from(),
            new PreVoteReply(peer.id(), peer.term(), request.term(), wouldWin, peer.incarnation()));
  }

  /**
   * One rule for all: a candidate and a leader have given their vote, to themselves (§5.2). The
   * answer leaves when the vote is on disk.
   *
   * @return whether the vote was given
   */
  boolean answer(RequestVote request) {
    var granted =
        !peer.isDisowned()
            && peer.ballot().grants(request.from(), request.last(), peer.log().last());
    var reply = new VoteReply(peer.id(), peer.term(), granted, peer.incarnation());
    if (!granted) {
      peer.outbox().now(request.from(), reply);
      return false;
    }
    peer.voteFor(request.from());
    peer.outbox().whenDurable(request.from(), reply);
    return true;
  }
}
