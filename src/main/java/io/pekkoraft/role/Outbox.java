package io.pekkoraft.role;

import io.pekkoraft.model.PeerId;
import io.pekkoraft.protocol.PeerMessage;
import io.pekkoraft.protocol.PeerNetwork;
import io.pekkoraft.storage.StoreWriter;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Where promises wait for the disk. Memory moves at once; a message that promises something leaves
 * when all that was staged before it is durable (thesis §10.2.1).
 */
final class Outbox {
  private final PeerNetwork network;
  private final StoreWriter store;
  private final Deque<Held> held = new ArrayDeque<>();

  private record Held(long staged, PeerId to, PeerMessage message) {
    /** Of two acceptances on the way to one leader, the later says all that the earlier did. */
    boolean isOutdoneBy(Held later) {
      return to.equals(later.to)
          && message instanceof PeerMessage.AppendAccepted before
          && later.message instanceof PeerMessage.AppendAccepted after
          && before.term().equals(after.term())
          && after.matched().isAtLeast(before.matched())
          && after.round() >= before.round();
    }
  }

  Outbox(PeerNetwork network, StoreWriter store) {
    this.network = network;
    this.store = store;
  }

  /** Sends what promises nothing. */
  void now(PeerId to, PeerMessage message) {
    network.send(to, message);
  }

  /** The same, but it may wait for what other groups have to say to the same node. */
  void soon(PeerId to, PeerMessage message) {
    network.sendSoon(to, message);
  }

  /** Sends when everything that the peer has changed so far is on disk. */
  void whenDurable(PeerId to, PeerMessage message) {
    var staged = store.lastStaged();
    if (store.isDurable(staged)) {
      network.send(to, message);
      return;
    }
    var latest = new Held(staged, to, message);
    if (!held.isEmpty()
        && held.peekLast().staged() == staged
        && held.peekLast().isOutdoneBy(latest)) {
      held.removeLast();
    }
    held.addLast(latest);
  }

  /** The store has confirmed a write. Of what it lets go, one acceptance to a leader is enough. */
  void release() {
    while (isReleased(held.peekFirst())) {
      var next = held.removeFirst();
      if (!isReleased(held.peekFirst()) || !next.isOutdoneBy(held.peekFirst())) {
        network.send(next.to(), next.message());
      }
    }
  }

  private boolean isReleased(Held message) {
    return message != null && store.isDurable(message.staged());
  }
}
