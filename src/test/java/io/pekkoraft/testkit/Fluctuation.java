package io.pekkoraft.testkit;

import io.pekkoraft.RaftStatus;
import io.pekkoraft.membership.Change;
import io.pekkoraft.membership.ChangeRefused;
import io.pekkoraft.membership.Configuration;
import io.pekkoraft.membership.VersionedConfiguration;
import io.pekkoraft.model.PeerId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.pekko.pattern.StatusReply;

/**
 * Peers come and go, and lose their disks, all drawn from the seed. Whoever runs the group here is
 * careless in every way but one: never are so many disks lost that no majority is left of those
 * that the group has met.
 */
final class Fluctuation {
  private static final int MAX_NEWCOMERS = 3;
  private static final long MILLIS = 1_000_000;

  private final Cluster<?, ?> cluster;
  private final SplittableRandom random;
  private final Map<Event, Double> mix = new EnumMap<>(Event.class);
  private int newcomers;

  /** The changes that nobody knows the outcome of; as long as there is one, no disk is lost. */
  private final List<Supplier<Optional<StatusReply<VersionedConfiguration>>>> asked =
      new ArrayList<>();

  private enum Event {
    /** Some are added, removed, promoted or demoted. */
    CHANGE,
    /** A peer boots that may be added later. */
    NEWCOMER,
    /** A peer comes back with an empty disk. */
    LOST_DISK
  }

  Fluctuation(Cluster<?, ?> cluster, SplittableRandom random) {
    this.cluster = cluster;
    this.random = random;
    var quiet = random.nextBoolean();
    for (var event : Event.values()) {
      mix.put(event, quiet ? 0 : random.nextDouble() / 2);
    }
  }

  static Set<String> events() {
    return Arrays.stream(Event.values()).map(Enum::name).collect(Collectors.toSet());
  }

  /** Perhaps something happens now. */
  void strike() {
    for (var event : Event.values()) {
      if (mix.get(event) > 0 && random.nextDouble() < mix.get(event)) {
        strike(event);
      }
    }
  }

  private void strike(Event event) {
    switch (event) {
      case CHANGE -> change();
      case NEWCOMER -> {
        if (newcomers < MAX_NEWCOMERS) {
          struck(event);
          cluster.join(PeerId.of("n" + ++newcomers));
        }
      }
      case LOST_DISK -> {
        var victim = oneOf(cluster.peers());
        asked.removeIf(change -> change.get().isPresent());
        if (asked.isEmpty() && cluster.canSpare(victim)) {
          struck(event);
          cluster.loseDisk(victim);
          cluster.later(
              Duration.ofNanos(random.nextLong(1_000 * MILLIS)), () -> cluster.start(victim));
        }
      }
    }
  }

  private void struck(Event event) {
    cluster.coverage().count(Coverage.Kind.FAULT, event.name());
  }

  /** Whoever leads, or once in a while somebody else, is asked for a change. */
  private void change() {
    var asked =
        random.nextInt(10) == 0
            ? oneOf(cluster.peers())
            : cluster.lastLeader().orElseGet(() -> oneOf(cluster.peers()));
    cluster
        .status(asked)
        .filter(status -> !status.configuration().configuration().voters().isEmpty())
        .ifPresent(this::change);
  }

  private void change(RaftStatus status) {
    struck(Event.CHANGE);
    var configuration = status.configuration().configuration();
    var add = new TreeSet<PeerId>();
    var remove = new TreeSet<PeerId>();
    var learners = new TreeSet<PeerId>();
    var free = new ArrayList<>(cluster.peers());
    for (var i = 1 + random.nextInt(3); i > 0 && !free.isEmpty(); i--) {
      var peer = free.remove(random.nextInt(free.size()));
      oneOf(List.of(add, add, remove, learners)).add(peer);
    }
    remove.retainAll(configuration.peers());
    add.removeAll(configuration.voters());
    learners.removeAll(configuration.learners());
    keepSomeVoters(configuration, add, remove, learners);
    var change = new Change(add, remove, learners, status.configuration().version());
    if (isSensible(configuration, change)) {
      asked.add(cluster.change(status.id(), change));
    }
  }

  /**
   * No majority has lost its disks. What the leader refuses in any case, it is asked for as well.
   */
  private boolean isSensible(Configuration configuration, Change change) {
    try {
      return cluster.isAble(configuration.changedBy(change));
    } catch (ChangeRefused refused) {
      return true;
    }
  }

  /** A group of one or two is no test of anything. */
  private static void keepSomeVoters(
      Configuration configuration,
      SortedSet<PeerId> add,
      SortedSet<PeerId> remove,
      SortedSet<PeerId> learners) {
    var left = new TreeSet<>(configuration.voters());
    left.addAll(add);
    left.removeAll(remove);
    left.removeAll(learners);
    if (left.size() < 2) {
      remove.clear();
      learners.removeAll(configuration.voters());
    }
  }

  private <T> T oneOf(Collection<T> some) {
    return some.stream().skip(random.nextInt(some.size())).findFirst().orElseThrow();
  }
}
