package io.pekkoraft.testkit;

import io.pekkoraft.model.PeerId;
import io.pekkoraft.testkit.Registers.Command;
import io.pekkoraft.testkit.Registers.Get;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Supplier;

/**
 * A client of the key-value lab: asks for one thing after the other, of whoever it takes for the
 * leader, and asks elsewhere when it is refused or waits too long.
 */
final class LabClient {
  private static final Duration LOOK = Duration.ofMillis(2);
  private static final Duration RETRY = Duration.ofMillis(20);
  private static final Duration PATIENCE = Duration.ofMillis(700);
  private static final int MAX_THINK_MILLIS = 30;

  private final Cluster<Command, String> cluster;
  private List<PeerId> reaches;
  private final Supplier<Command> wants;
  private final SplittableRandom random;
  private boolean stopped;
  private int done;

  /**
   * @param reaches those that it may ask
   * @param wants what it asks for next; anew each time, for nobody asks twice for the same here
   */
  LabClient(Cluster<Command, String> cluster, List<PeerId> reaches, Supplier<Command> wants) {
    this.cluster = cluster;
    this.reaches = reaches;
    this.wants = wants;
    this.random = cluster.random();
  }

  /** How many answers it has. */
  int done() {
    return done;
  }

  /** From now on it may ask these. */
  void reaches(List<PeerId> peers) {
    reaches = peers;
  }

  void stop() {
    stopped = true;
  }

  LabClient begin() {
    ask();
    return this;
  }

  private void ask() {
    if (stopped) {
      return;
    }
    var peer =
        cluster
            .lastLeader()
            .filter(leader -> reaches.contains(leader) && random.nextInt(4) > 0)
            .orElseGet(() -> reaches.get(random.nextInt(reaches.size())));
    var wanted = wants.get();
    var request =
        wanted instanceof Get ? cluster.read(peer, wanted) : cluster.propose(peer, wanted);
    look(request, cluster.time().plus(PATIENCE));
  }

  private void look(Request<Command, String> request, Duration until) {
    var pending = request.outcome() == Request.Outcome.PENDING;
    if (pending && cluster.time().compareTo(until) < 0) {
      cluster.later(LOOK, () -> look(request, until));
    } else if (request.outcome() == Request.Outcome.DONE) {
      done++;
      cluster.later(Duration.ofMillis(random.nextInt(MAX_THINK_MILLIS)), this::ask);
    } else {
      cluster.later(RETRY, this::ask);
    }
  }
}
