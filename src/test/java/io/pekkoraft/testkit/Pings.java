package io.pekkoraft.testkit;

import io.pekkoraft.model.PeerId;
import io.pekkoraft.protocol.Neighbours;
import io.pekkoraft.protocol.SelfMessage.NeighbourGone;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * What processes know of each other: each says that it is there, over the same network as
 * everything else, and believes gone whoever was not heard for a while. Lives count upwards.
 */
final class Pings {
  private static final long EVERY = 50_000_000;
  private static final long SILENCE = 4 * EVERY;

  private final World world;
  private final Network network;
  private final Map<PeerId, View> views = new TreeMap<>();

  Pings(World world, Network network) {
    this.world = world;
    this.network = network;
  }

  /** What the process of {@code node} knows from now on. */
  Neighbours of(Node node) {
    var view = new View(node);
    views.put(node.peer(), view);
    goOn(view);
    return view;
  }

  private void goOn(View view) {
    if (!view.node.isAlive()) {
      return;
    }
    if (!view.node.isPaused()) {
      var from = view.node.peer();
      for (var to : List.copyOf(views.keySet())) {
        if (!to.equals(from)) {
          network.ping(from, to, () -> views.get(to).hears(from, view.node.incarnation()));
        }
      }
      view.look();
    }
    world.after(EVERY, () -> goOn(view));
  }

  private record Heard(long life, long at) {}

  private final class View implements Neighbours {
    private final Node node;
    private final Map<PeerId, Heard> heard = new TreeMap<>();
    private final Map<PeerId, NeighbourGone> awaited = new TreeMap<>();
    private ActorRef<? super NeighbourGone> self;

    private View(Node node) {
      this.node = node;
    }

    /** A process that is paused hears nothing; so it may miss the others when it goes on. */
    private void hears(PeerId other, long life) {
      var before = heard.get(other);
      if (node.isAlive() && !node.isPaused() && (before == null || before.life() <= life)) {
        heard.put(other, new Heard(life, world.now()));
        look();
      }
    }

    private void look() {
      for (var gone : List.copyOf(awaited.values())) {
        if (!life(gone.peer()).equals(OptionalLong.of(gone.life()))) {
          awaited.remove(gone.peer());
          world.as(node, () -> self.tell(gone));
        }
      }
    }

    @Override
    public OptionalLong life(PeerId peer) {
      var last = heard.get(peer);
      return last == null || world.now() - last.at() > SILENCE
          ? OptionalLong.empty()
          : OptionalLong.of(last.life());
    }

    @Override
    public void watch(PeerId peer, long life, ActorRef<? super NeighbourGone> watcher) {
      awaited.put(peer, new NeighbourGone(peer, life));
      self = watcher;
      look();
    }

    @Override
    public void forget() {
      awaited.clear();
    }
  }
}
