package io.pekkoraft.role;

import io.pekkoraft.RaftMetrics;
import io.pekkoraft.model.LogIndex;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * How long a leader's batches take until they are applied. Measured by the batch: two looks at the
 * clock for each of a thousand commands would be more than all else that is done for one.
 */
final class BatchTimes {
  private final Peer peer;
  private final Deque<Left> underWay = new ArrayDeque<>();

  private record Left(LogIndex last, int size, long at) {}

  BatchTimes(Peer peer) {
    this.peer = peer;
  }

  /** A batch of {@code size} entries that ends at {@code last} leaves for disk and followers. */
  void left(LogIndex last, int size) {
    if (peer.metrics() != RaftMetrics.NONE) {
      underWay.addLast(new Left(last, size, peer.nanoTime()));
    }
  }

  /** Everything through {@code index} is applied. */
  void applied(LogIndex index) {
    while (!underWay.isEmpty() && index.isAtLeast(underWay.peekFirst().last())) {
      var batch = underWay.removeFirst();
      peer.metrics().applied(batch.size(), peer.nanoTime() - batch.at());
    }
  }
}
