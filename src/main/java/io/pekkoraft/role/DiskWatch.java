package io.pekkoraft.role;

import io.pekkoraft.RaftEvent;
import io.pekkoraft.protocol.SelfMessage;
import java.time.Duration;

/**
 * Whether the peer's own disk hangs: a write has been under way for too long. The timer runs only
 * while something is being written, and looks once in a while at whichever write that is, for most
 * writes are over long before.
 */
final class DiskWatch {
  private static final SelfMessage LOOK = new SelfMessage.LookAtDisk();

  private final Peer peer;
  private final long patience;
  private boolean running;
  private boolean hangs;

  DiskWatch(Peer peer) {
    this.peer = peer;
    this.patience = peer.leadership().diskTimeout().toNanos();
  }

  boolean hangs() {
    return hangs;
  }

  /** How long the write that is under way has been so; zero if there is none. */
  Duration waiting() {
    return peer.store().isWriting()
        ? Duration.ofNanos(peer.nanoTime() - peer.store().writingSince())
        : Duration.ZERO;
  }

  /** Something may have been handed to the store. */
  void mayHaveBegun() {
    if (!running && peer.store().isWriting()) {
      look(patience);
    }
  }

  private void look(long in) {
    running = true;
    peer.timers().startSingleTimer(LOOK, LOOK, Duration.ofNanos(in));
  }

  /**
   * The timer went off.
   *
   * @return whether the disk has come to hang
   */
  boolean look() {
    running = false;
    if (!peer.store().isWriting() || hangs) {
      return false;
    }
    var left = patience - waiting().toNanos();
    if (left > 0) {
      look(left);
      return false;
    }
    hangs = true;
    peer.publish(new RaftEvent.DiskHangs(peer.group(), peer.id(), waiting()));
    return true;
  }

  /** A write is about to be done. */
  void done() {
    if (hangs) {
      hangs = false;
      peer.publish(new RaftEvent.DiskBack(peer.group(), peer.id(), waiting()));
    }
  }
}
