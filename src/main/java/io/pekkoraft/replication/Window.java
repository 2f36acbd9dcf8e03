package io.pekkoraft.replication;

import io.pekkoraft.model.LogIndex;
import java.util.ArrayDeque;
import java.util.Deque;

/** What is on its way to one follower, bounded in messages and in bytes. */
final class Window {
  private final int maxMessages;
  private final long maxBytes;
  private final Deque<InFlight> inFlight = new ArrayDeque<>();
  private long bytes;

  private record InFlight(LogIndex last, int bytes) {}

  Window(int maxMessages, long maxBytes) {
    this.maxMessages = maxMessages;
    this.maxBytes = maxBytes;
  }

  boolean hasRoom() {
    return inFlight.size() < maxMessages && bytes < maxBytes;
  }

  void sent(LogIndex last, int size) {
    inFlight.addLast(new InFlight(last, size));
    bytes += size;
  }

  /** An acknowledgement answers for all before it: theirs may have been lost. */
  void acknowledged(LogIndex matched) {
    while (!inFlight.isEmpty() && matched.isAtLeast(inFlight.peekFirst().last())) {
      bytes -= inFlight.removeFirst().bytes();
    }
  }

  void clear() {
    inFlight.clear();
    bytes = 0;
  }
}
