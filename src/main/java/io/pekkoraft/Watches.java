package io.pekkoraft;

import io.pekkoraft.protocol.SelfMessage.NeighbourGone;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.BiPredicate;
import java.util.function.Predicate;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * Who waits for the end of whose life. Of those that are watched, one entry is kept for as long as
 * somebody watches.
 *
 * @param <K> names who is watched
 */
final class Watches<K> {
  private final ConcurrentMap<K, Set<Watch>> watches = new ConcurrentHashMap<>();

  /** {@code self} is told when {@code gone.life()} of {@code gone.peer()} is over. */
  record Watch(NeighbourGone gone, ActorRef<? super NeighbourGone> self) {
    private void tell() {
      self.tell(gone);
    }
  }

  /**
   * @param isOver whether that has happened already; asked after the watch is in place, so that
   *     none is missed
   */
  void add(K watched, Watch watch, Predicate<NeighbourGone> isOver) {
    watches.compute(
        watched,
        (key, set) -> {
          var all = set == null ? ConcurrentHashMap.<Watch>newKeySet() : set;
          all.add(watch);
          return all;
        });
    if (isOver.test(watch.gone())) {
      watch.tell();
    }
  }

  void remove(K watched, Watch watch) {
    watches.computeIfPresent(
        watched,
        (key, all) -> {
          all.remove(watch);
          return all.isEmpty() ? null : all;
        });
  }

  /** Something has changed that may concern anybody. */
  void changed(BiPredicate<K, NeighbourGone> isOver) {
    watches.keySet().forEach(watched -> changed(watched, gone -> isOver.test(watched, gone)));
  }

  /** Something has changed there: whose watch is over is told. */
  void changed(K watched, Predicate<NeighbourGone> isOver) {
    for (var watch : watches.getOrDefault(watched, Set.of())) {
      if (isOver.test(watch.gone())) {
        watch.tell();
      }
    }
  }
}
