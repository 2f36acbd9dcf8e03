package io.pekkoraft.health;

import io.pekkoraft.LocalPeers;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.typed.ActorSystem;

/** How the node is that an actor system makes; {@code pekko-raft.health} says how long to wait. */
public final class Health {
  private final ActorSystem<?> system;
  private final Duration timeout;

  private Health(ActorSystem<?> system) {
    this.system = system;
    this.timeout = system.settings().config().getDuration("pekko-raft.health.timeout");
  }

  public static Health of(ActorSystem<?> system) {
    return new Health(system);
  }

  /** Whether it should be asked: its peers have read their journals, and know who leads. */
  public CompletionStage<Report> ready() {
    return LocalPeers.ask(system, timeout).thenApply(Report::ofReadiness);
  }

  /** Whether it should go on running: its peers answer, whatever they say. */
  public CompletionStage<Report> alive() {
    return LocalPeers.ask(system, timeout).thenApply(Report::ofLiveness);
  }
}
