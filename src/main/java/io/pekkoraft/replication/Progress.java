package io.pekkoraft.replication;

import io.pekkoraft.RaftSettings;
import io.pekkoraft.RaftStatus.FollowerStatus;
import io.pekkoraft.RaftStatus.FollowerStatus.State;
import io.pekkoraft.log.RaftLog;
import io.pekkoraft.model.Batch;
import io.pekkoraft.model.LogIndex;
import io.pekkoraft.model.LogPosition;

/**
 * One follower as its leader sees it ({@code nextIndex} and {@code matchIndex} of Figure 2).
 *
 * <p>Nothing here relies on delivery. Each heartbeat asks about the position just before {@code
 * next}: if a message got lost, the answer is a rejection, and the follower is probed; if only
 * answers got lost, the next one answers for them all. So a window that is full of lost messages
 * clears within one heartbeat of the follower's return.
 */
public final class Progress {
  private final Window window;
  private State state = State.PROBE;
  private LogIndex match = LogIndex.ZERO;
  private LogIndex next;
  private boolean probing;
  private long round;

  /**
   * A follower of whom nothing is known yet.
   *
   * @param next the leader's last index plus one, the optimist's guess
   */
  public Progress(LogIndex next, RaftSettings.Replication bounds) {
    this.next = next;
    this.window = new Window(bounds.maxInFlightMessages(), bounds.maxInFlightBytes());
  }

  public FollowerStatus status() {
    return new FollowerStatus(match, next, state);
  }

  public LogIndex match() {
    return match;
  }

  public LogIndex next() {
    return next;
  }

  /** Whether it has acknowledged all that it was sent: of its log there is nothing to learn. */
  public boolean isLevel() {
    return state == State.REPLICATE && match.equals(next.previous());
  }

  public boolean maySend() {
    return switch (state) {
      case PROBE -> !probing;
      case REPLICATE -> window.hasRoom();
      case SNAPSHOT -> false;
    };
  }

  /** The batch that begins at {@link #next()} has left. */
  public void sent(Batch batch) {
    if (state == State.PROBE) {
      probing = true;
    } else if (state == State.REPLICATE && !batch.isEmpty()) {
      next = next.plus(batch.size());
      window.sent(next.previous(), batch.packed().length);
    }
  }

  /**
   * The follower's log equals the leader's through {@code matched}. That is true whenever it was
   * said; but only an answer to the probe itself ends the probing.
   */
  public void accepted(LogIndex matched, long answers) {
    match = match.max(matched);
    next = next.max(match.next());
    window.acknowledged(match);
    if (state == State.PROBE && answers >= round) {
      probing = false;
      state = State.REPLICATE;
    }
  }

  /**
   * The follower does not hold the position before a message that was sent. An answer that is late,
   * because the follower has proven more since or was asked something else since, changes nothing.
   *
   * @param previous the index that it was asked about
   * @param hint the last position of its log that could match
   * @param answers the round that it was asked in
   * @return whether to send again, in a new round
   */
  public boolean rejected(LogIndex previous, LogPosition hint, long answers, RaftLog leaders) {
    var asked = state == State.PROBE ? previous.equals(next.previous()) : next.isAfter(previous);
    if (state == State.SNAPSHOT) {
      return false;
    }
    // What a follower has once proven it holds. If its disk has lost it all the same, it is refused
    // for good: to send it again would hide that an acknowledged entry was lost.
    if (answers < round || !asked || !previous.isAfter(match)) {
      return false;
    }
    // Both sides skip the terms that the other can't have, so each round trip settles a term.
    next = leaders.lastThatCouldMatch(hint).index().min(previous.previous()).max(match).next();
    state = State.PROBE;
    probing = false;
    window.clear();
    return true;
  }

  /**
   * What is sent from here on is of this round; answers to what was sent before settle nothing.
   * Were it otherwise, on a network that reorders, each late refusal would give up a window of
   * messages and each late acceptance send a new one, until messages are all there is.
   */
  public void probeIn(long newRound) {
    round = newRound;
  }

  // Snapshots (§7).

  /** The next entry is discarded: nothing is sent but a snapshot. */
  public void needsSnapshot() {
    state = State.SNAPSHOT;
    window.clear();
  }

  public boolean isAwaitingSnapshot() {
    return state == State.SNAPSHOT;
  }

  /** A snapshot that includes everything through {@code index} is in effect there, on disk. */
  public void installed(LogIndex index) {
    match = match.max(index);
    next = next.max(match.next());
    probe();
  }

  /** Where the logs agree is to be asked anew. */
  public void probe() {
    state = State.PROBE;
    probing = false;
    window.clear();
  }

  /** Time has passed: what a probe asked may have got lost. */
  public void heartbeat() {
    probing = false;
  }
}
