package io.pekkoraft.demo;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Props;

/** Kills nodes, and measures how long both variants of the shows are out then. */
final class Outages {
  private static final Duration PATIENCE = Duration.ofSeconds(4);
  private static final int MOST = 20;

  private final ActorSystem<?> system;
  private final OfficeNodes nodes;
  private final ConcurrentLinkedDeque<Measurement> measured = new ConcurrentLinkedDeque<>();
  private final List<ActorRef<OutageProbe.Message>> probes = new CopyOnWriteArrayList<>();
  private final AtomicLong spawned = new AtomicLong();

  /**
   * What came of a kill.
   *
   * @param nanos when that was, as {@link System#nanoTime} says
   * @param led how many groups the node led
   * @param left how many nodes still ran
   * @param outages changes as long as one is not over. A variant none of whose shows took a write
   *     before the kill is not in it
   */
  record Measurement(
      String node, Instant when, long nanos, int led, int left, Map<Variant, Outage> outages) {
    Duration since() {
      return Duration.ofNanos(System.nanoTime() - nanos);
    }
  }

  /**
   * @param system where the probes run, which is none of the nodes
   */
  Outages(ActorSystem<?> system, OfficeNodes nodes) {
    this.system = system;
    this.nodes = nodes;
  }

  /** The last ones; the newest first. */
  Collection<Measurement> measured() {
    return List.copyOf(measured);
  }

  /**
   * Kills a node, and begins to measure.
   *
   * @return when it is killed
   */
  CompletionStage<Measurement> kill(String id) {
    var answering = new EnumMap<Variant, CompletableFuture<Set<String>>>(Variant.class);
    for (var variant : Variant.values()) {
      answering.put(variant, answering(variant, PATIENCE));
    }
    var led = nodes.require(id).peers(PATIENCE).thenApply(OfficeNode.Peers::leading);
    return CompletableFuture.allOf(answering.values().toArray(CompletableFuture<?>[]::new))
        .thenCombine(led, (ready, groups) -> groups)
        .thenApply(groups -> kill(id, groups, answering));
  }

  private Measurement kill(
      String id, int led, Map<Variant, CompletableFuture<Set<String>>> answering) {
    var nanos = System.nanoTime();
    nodes.kill(id);
    giveUp();
    var outages = new ConcurrentHashMap<Variant, Outage>();
    answering.forEach(
        (variant, shows) -> {
          if (!shows.join().isEmpty()) {
            outages.put(variant, Outage.of(shows.join()));
          }
        });
    var measurement =
        new Measurement(id, Instant.now(), nanos, led, (int) nodes.running().count(), outages);
    measured.addFirst(measurement);
    while (measured.size() > MOST) {
      measured.pollLast();
    }
    outages.forEach(
        (variant, outage) ->
            probes.add(
                system.systemActorOf(
                    OutageProbe.create(
                        new OfficeShows(nodes, variant),
                        nanos,
                        outage,
                        news -> outages.put(variant, news)),
                    "outage-" + spawned.incrementAndGet(),
                    Props.empty())));
    return measurement;
  }

  /** Has each show be placed on some node, while all of them are there. */
  CompletionStage<Set<String>> warmUp(Duration patience) {
    return answering(Variant.PLAIN, patience);
  }

  /** The shows that take a write now. */
  private CompletableFuture<Set<String>> answering(Variant variant, Duration patience) {
    var shows = new OfficeShows(nodes, variant);
    var answers = new ArrayList<CompletableFuture<?>>();
    var answering = ConcurrentHashMap.<String>newKeySet();
    for (var show : OutageProbe.SHOWS) {
      answers.add(
          OutageProbe.sell(shows, show, 0, patience)
              .handle((answer, failure) -> failure == null && answering.add(show))
              .toCompletableFuture());
    }
    return CompletableFuture.allOf(answers.toArray(CompletableFuture<?>[]::new))
        .thenApply(all -> new TreeSet<>(answering));
  }

  /** What was measured until now can't be told from what the next kill does. */
  private void giveUp() {
    probes.forEach(probe -> probe.tell(new OutageProbe.GiveUp()));
    probes.clear();
  }
}
