package io.pekkoraft;

import io.pekkoraft.model.PeerId;
import io.pekkoraft.protocol.PeerMessage;
import io.pekkoraft.protocol.PeerNetwork;
import java.util.ArrayList;
import java.util.List;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Extension;
import org.apache.pekko.actor.typed.ExtensionId;

/**
 * Where one can listen to what the peers of this actor system send, and to how fast they commit.
 * While nobody listens it costs a look at a field. Whoever listens is called by the peers
 * themselves, from many threads: it must be quick, must not block, and keeps a bound of its own.
 */
public final class RaftTap implements Extension {
  private static final Id ID = new Id();

  private volatile List<Listener> listeners = List.of();

  /** Hears what the peers do. */
  public interface Listener {
    /** A peer of this actor system sends a message; whether it arrives is not known. */
    void sent(String group, PeerId from, PeerId to, PeerMessage message);

    /** A leader has applied a batch of entries, {@code nanos} after it had left for the others. */
    void applied(String group, PeerId leader, int entries, long nanos);
  }

  private static final class Id extends ExtensionId<RaftTap> {
    @Override
    public RaftTap createExtension(ActorSystem<?> system) {
      return new RaftTap();
    }
  }

  private RaftTap() {}

  public static RaftTap of(ActorSystem<?> system) {
    return ID.apply(system);
  }

  /** From now on {@code listener} hears everything; once, however often it was added. */
  public synchronized void add(Listener listener) {
    if (!listeners.contains(listener)) {
      var more = new ArrayList<>(listeners);
      more.add(listener);
      listeners = List.copyOf(more);
    }
  }

  /** From now on {@code listener} hears nothing, but for what is on its way to it already. */
  public synchronized void remove(Listener listener) {
    listeners = listeners.stream().filter(other -> !other.equals(listener)).toList();
  }

  /** The same way, with an ear at it. */
  PeerNetwork around(String group, PeerId self, PeerNetwork way) {
    return way.by(
        (to, message) -> {
          for (var listener : listeners) {
            listener.sent(group, self, to, message);
          }
          return true;
        });
  }

  /** The same metrics, with an ear at them. */
  RaftMetrics around(String group, PeerId self, RaftMetrics metrics) {
    return new TappedMetrics(
        metrics,
        (entries, nanos) -> {
          for (var listener : listeners) {
            listener.applied(group, self, entries, nanos);
          }
        });
  }
}
