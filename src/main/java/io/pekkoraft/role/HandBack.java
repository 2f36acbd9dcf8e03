package io.pekkoraft.role;

import io.pekkoraft.model.LogIndex;
import io.pekkoraft.model.PeerId;
import java.util.Optional;

/**
 * When a leader hands its office over to a peer that should rather lead ({@code
 * pekko-raft.leadership}). Looks at each heartbeat. The peer must have kept up all the time, so
 * that one that comes and goes does not take the leader with it each time; after each try, the time
 * begins anew.
 */
final class HandBack {
  private final Peer peer;
  private final Replicator replicator;
  private LogIndex lastSeen;
  private long roundSeen;
  private Optional<PeerId> candidate = Optional.empty();
  private long since;

  HandBack(Peer peer, Replicator replicator) {
    this.peer = peer;
    this.replicator = replicator;
    this.lastSeen = peer.log().lastIndex();
  }

  /** To whom, if it is time. */
  Optional<PeerId> look() {
    var after = peer.leadership().handBackAfter();
    if (after.isEmpty()) {
      return Optional.empty();
    }
    var now = peer.nanoTime();
    var preferred = preferred().filter(this::keepsUp);
    lastSeen = peer.log().lastIndex();
    roundSeen = replicator.rounds().last();
    if (!preferred.equals(candidate)) {
      candidate = preferred;
      since = now;
    }
    if (candidate.isEmpty() || now - since < after.get().toNanos()) {
      return Optional.empty();
    }
    since = now;
    return candidate;
  }

  /** Whether there is somebody to whom it may come. */
  boolean isWaiting() {
    return peer.leadership().handBackAfter().isPresent() && preferred().isPresent();
  }

  private Optional<PeerId> preferred() {
    return peer.leadership().priorities().preferredTo(peer.id(), peer.configuration().voters());
  }

  /** It has answered the last heartbeat, and has all that was in the log then. */
  private boolean keepsUp(PeerId preferred) {
    return replicator.rounds().answeredBy(preferred) >= roundSeen
        && replicator.match(preferred).isAtLeast(lastSeen);
  }
}
