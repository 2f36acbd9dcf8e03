package io.pekkoraft.node;

import io.pekkoraft.model.PeerId;
import io.pekkoraft.node.GateMessage.Goodbye;
import io.pekkoraft.node.GateMessage.Introduction;
import io.pekkoraft.node.GateMessage.Ping;
import io.pekkoraft.node.GateMessage.Pong;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.apache.pekko.actor.Address;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks the other nodes whether they are there, and tells who answers and who does not. */
final class Pulse {
  private static final Logger LOG = LoggerFactory.getLogger(Pulse.class);

  private final Post post;
  private final Atlas atlas;
  private final Liveness liveness;
  private final List<Consumer<NodeEvent>> listeners = new CopyOnWriteArrayList<>();
  private final Set<Own> introduced = ConcurrentHashMap.newKeySet();
  private volatile boolean isUpToDate = true;

  private record Own(String group, PeerId peer) {}

  Pulse(Post post, Atlas atlas, NodeSettings settings) {
    this.post = post;
    this.atlas = atlas;
    this.liveness = new Liveness(settings.silence().toNanos());
  }

  void subscribe(Consumer<NodeEvent> listener) {
    listeners.add(listener);
  }

  /** A peer of this node that others may not have on their lists. */
  void introduce(String group, PeerId peer) {
    introduced.add(new Own(group, peer));
  }

  /** Once an interval; nothing is thrown, for it would be the last one. */
  void tick() {
    try {
      atlas.refresh();
      isUpToDate = true;
    } catch (RuntimeException e) { // What an application says of where its peers are.
      if (isUpToDate) {
        LOG.warn("Nobody says which nodes there are now: they are those that there were", e);
      }
      isUpToDate = false;
    }
    var now = System.nanoTime();
    ask(now);
    tell(silent(now));
  }

  private void ask(long now) {
    for (var node : atlas.nodes()) {
      if (!node.toString().equals(post.self())) {
        introduced.forEach(
            own -> post.send(node, new Introduction(post.self(), own.group(), own.peer()), 0));
        post.send(node, new Ping(post.self(), post.incarnation(), now), 0);
      }
    }
  }

  private synchronized List<NodeEvent> silent(long now) {
    return liveness.tick(now);
  }

  void pinged(Address from, Ping ping) {
    post.send(from, new Pong(post.self(), post.incarnation(), ping.sentAt()), 0);
  }

  void answered(Address from, Pong pong) {
    tell(heard(from, pong));
  }

  private synchronized List<NodeEvent> heard(Address from, Pong pong) {
    return liveness.answered(from, pong.incarnation(), pong.sentAt(), System.nanoTime());
  }

  void left(Address from, Goodbye goodbye) {
    tell(gone(from, goodbye));
  }

  private synchronized List<NodeEvent> gone(Address from, Goodbye goodbye) {
    return liveness.left(from, goodbye.incarnation());
  }

  /** This node ends. */
  void sayGoodbye() {
    for (var node : atlas.nodes()) {
      if (!node.toString().equals(post.self())) {
        post.send(node, new Goodbye(post.self(), post.incarnation()), 0);
      }
    }
  }

  synchronized Optional<Long> incarnationOf(Address node) {
    return liveness.incarnationOf(node, System.nanoTime());
  }

  private void tell(List<NodeEvent> events) {
    events.forEach(event -> listeners.forEach(listener -> tell(listener, event)));
  }

  /** What one makes of it keeps nobody else from hearing it. */
  private static void tell(Consumer<NodeEvent> listener, NodeEvent event) {
    try {
      listener.accept(event);
    } catch (RuntimeException e) {
      LOG.warn("A listener failed at {}", event, e);
    }
  }
}
