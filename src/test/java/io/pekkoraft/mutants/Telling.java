package io.pekkoraft.mutants;

import io.pekkoraft.CommandHandler;
import io.pekkoraft.StateMachine;
import io.pekkoraft.model.PeerId;
import io.pekkoraft.model.Term;
import io.pekkoraft.testkit.Cluster;
import io.pekkoraft.testkit.Simulation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/** The words that stories are told with. */
final class Telling {
  /** One entry a message, one event a write, a window of two. */
  static final String SMALL_STEPS =
      "replication { max-batch-size = 1, max-in-flight-messages = 2 }, store.max-write-size = 1,"
          + " max-apply-batch = 3";

  private Telling() {}

  private static final class Counting extends StateMachine<String, Integer, Integer> {
    @Override
    public Integer emptyState() {
      return 0;
    }

    @Override
    public CommandHandler<String, Integer, Integer> commandHandler() {
      return (context, count, command) -> Effect().set(count + 1).thenReply(count + 1);
    }
  }

  static Simulation<String, Integer> simulation(int peers, long seed) {
    return Simulation.of(Counting::new).peers(peers).seed(seed);
  }

  static String elections(int heartbeat, int min, int max) {
    return "heartbeat-interval = %d ms, election-timeout { min = %d ms, max = %d ms }"
        .formatted(heartbeat, min, max);
  }

  static PeerId watchForLeader(Cluster<?, ?> cluster, List<PeerId> among, Term after) {
    var leaders = new ArrayList<PeerId>();
    watch(
        cluster,
        () -> {
          for (var id : among) {
            var status = cluster.status(id).orElseThrow();
            if (status.isLeader() && status.term().isNewerThan(after)) {
              leaders.add(id);
            }
          }
          return !leaders.isEmpty();
        });
    return leaders.get(0);
  }

  /** Waits, and looks so often that no message gets in between. */
  static void watch(Cluster<?, ?> cluster, BooleanSupplier condition) {
    var end = cluster.time().plus(Duration.ofSeconds(5));
    while (!condition.getAsBoolean()) {
      require(cluster.time().compareTo(end) < 0, "Figure 8 goes on within 5 s");
      cluster.passes(Duration.ofNanos(20_000));
    }
  }

  static void propose(Cluster<String, Integer> cluster, PeerId peer, int count) {
    for (var i = 0; i < count; i++) {
      cluster.propose(peer, "x" + i + "@" + cluster.time().toMillis());
      pass(cluster, 1);
    }
  }

  static void pass(Cluster<?, ?> cluster, long millis) {
    cluster.passes(Duration.ofMillis(millis));
  }

  static Term term(Cluster<?, ?> cluster, PeerId peer) {
    return cluster.status(peer).orElseThrow().term();
  }

  static List<PeerId> others(Cluster<?, ?> cluster, PeerId... not) {
    return cluster.peers().stream().filter(id -> !List.of(not).contains(id)).toList();
  }

  static void require(boolean holds, String what) {
    if (!holds) {
      throw new AssertionError(what);
    }
  }

  static void undisturbed(Cluster<?, ?> cluster, PeerId leader, Runnable what) {
    var term = term(cluster, leader);
    what.run();
    require(
        cluster.leader().filter(leader::equals).isPresent() && term(cluster, leader).equals(term),
        "leader and term stay as they are");
  }
}
