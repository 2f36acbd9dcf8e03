package io.pekkoraft.role;

import io.pekkoraft.RaftEvent.ProposalsRefused;
import io.pekkoraft.RaftEvent.ProposalsRefused.Reason;
import io.pekkoraft.RaftException;
import io.pekkoraft.RaftException.CommandRefused;
import io.pekkoraft.RaftException.Overloaded;
import java.util.EnumMap;
import java.util.Map;

/**
 * Tells that commands are refused, and not each time: in a flood there are as many refusals as
 * commands. Of each reason the first one is told at once, and those after it with the next one that
 * comes when {@code pekko-raft.insight.refusals-interval} is over.
 */
final class Refusals {
  private final Peer peer;
  private final Map<Reason, Untold> untold = new EnumMap<>(Reason.class);

  /** How many since the last event, which was told at {@code told}. */
  private record Untold(long count, long told) {}

  Refusals(Peer peer) {
    this.peer = peer;
  }

  void add(RaftException refusal) {
    var reason = reason(refusal);
    peer.metrics().refused(reason);
    var now = peer.nanoTime();
    var before = untold.get(reason);
    var interval = peer.settings().insight().refusalsInterval().toNanos();
    if (before != null && now - before.told() < interval) {
      untold.put(reason, new Untold(before.count() + 1, before.told()));
      return;
    }
    var count = before == null ? 1 : before.count() + 1;
    untold.put(reason, new Untold(0, now));
    peer.publish(new ProposalsRefused(peer.group(), peer.id(), reason, count));
  }

  private static Reason reason(RaftException refusal) {
    if (refusal instanceof Overloaded) {
      return Reason.OVERLOADED;
    }
    if (refusal instanceof CommandRefused refused) {
      return refused.reason() == CommandRefused.Reason.TOO_LARGE
          ? Reason.TOO_LARGE
          : Reason.NOT_SERIALIZABLE;
    }
    return Reason.LEAVING;
  }
}
