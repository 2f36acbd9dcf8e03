package io.pekkoraft.health;

import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Adapter;

/**
 * {@link Health#alive()} as Pekko Management asks for it; {@code reference.conf} names it there.
 */
public final class LivenessCheck implements Supplier<CompletionStage<Boolean>> {
  private final Health health;

  public LivenessCheck(ActorSystem system) {
    this.health = Health.of(Adapter.toTyped(system));
  }

  @Override
  public CompletionStage<Boolean> get() {
    return health.alive().thenApply(Report::good);
  }
}
