package io.pekkoraft.testkit;

import io.pekkoraft.model.PeerId;
import java.time.Duration;

/** Networks and disks that a story asks for, where {@link Chaos} would draw them. */
public final class Weather {
  private static final long MILLIS = 1_000_000;

  private Weather() {}

  /**
   * From the next moment on, a message takes {@code slowest} at most; half of the answers come late
   * by up to {@code latest} more, and one message in five comes twice.
   */
  public static void lateAnswers(Cluster<?, ?> cluster, Duration slowest, Duration latest) {
    var conditions =
        new Network.Conditions(MILLIS / 20, slowest.toNanos(), 0.02, 0.2, 0.5, latest.toNanos());
    cluster.later(Duration.ofNanos(1), () -> cluster.network().conditions(conditions));
  }

  /** From now on, a sync takes at least {@code min}, and three times as long at most. */
  public static void slowDisks(Cluster<?, ?> cluster, Duration min) {
    for (var id : cluster.peers()) {
      cluster.disk(id).conditions(new Disk.Conditions(min.toNanos(), 3 * min.toNanos(), 0));
    }
  }

  /** Nothing is synced on this disk for so long. */
  public static void stall(Cluster<?, ?> cluster, PeerId peer, Duration duration) {
    cluster.disk(peer).stall(duration.toNanos());
  }
}
