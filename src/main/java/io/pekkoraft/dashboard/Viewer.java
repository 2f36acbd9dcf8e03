package io.pekkoraft.dashboard;

import org.apache.pekko.http.javadsl.model.sse.ServerSentEvent;
import org.apache.pekko.stream.BoundedSourceQueue;
import org.apache.pekko.stream.QueueOfferResult;

/** A page that looks on. What it can't take is lost to it, and it is told so when it can again. */
final class Viewer {
  private final BoundedSourceQueue<ServerSentEvent> queue;
  private long lost;

  Viewer(BoundedSourceQueue<ServerSentEvent> queue) {
    this.queue = queue;
  }

  /**
   * @return false when nobody is there any more
   */
  boolean tell(ServerSentEvent event) {
    if (lost > 0) {
      var told = queue.offer(Messages.lost(lost));
      if (!isEnqueued(told)) {
        lost++;
        return isThere(told);
      }
      lost = 0;
    }
    var told = queue.offer(event);
    if (!isEnqueued(told)) {
      lost++;
    }
    return isThere(told);
  }

  void end() {
    queue.complete();
  }

  private static boolean isEnqueued(QueueOfferResult result) {
    return result.isEnqueued();
  }

  private static boolean isThere(QueueOfferResult result) {
    return result.isEnqueued() || result.equals(QueueOfferResult.dropped());
  }
}
