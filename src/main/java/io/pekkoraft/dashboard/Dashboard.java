package io.pekkoraft.dashboard;

import io.pekkoraft.RaftGroup;
import io.pekkoraft.RaftSettings;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.http.javadsl.server.Directives;
import org.apache.pekko.http.javadsl.server.Route;
import org.apache.pekko.serialization.SerializationExtension;

/**
 * The page on {@code /}, and what it lives by: {@code GET /raft/events} (server-sent events) and
 * {@code GET /raft/groups}. What the page does, it does by the routes of {@code RaftRoutes}.
 */
public final class Dashboard {
  private static final AtomicLong SPAWNED = new AtomicLong();

  private Dashboard() {}

  /**
   * What else is served beside it, which the page can use.
   *
   * @param keyValue {@code /kv/{key}}
   * @param peerControls {@code /demo/peers/{id}/stop}, {@code start}, {@code restart}, {@code
   *     isolate} and {@code heal}
   */
  public record Abilities(boolean keyValue, boolean peerControls) {}

  /** All that a {@link Lookout} is made of. */
  record Setup(
      RaftGroup<?, ?> group,
      String name,
      Abilities abilities,
      RaftSettings raft,
      DashboardSettings settings) {}

  /**
   * To be bound by {@code RaftHttp}.
   *
   * @param words for a command of the group in a few characters, to be seen by everybody who sees
   *     the page; empty for one that says nothing, or nothing that may be seen
   * @throws IllegalArgumentException when a setting of {@code pekko-raft.dashboard} is out of its
   *     bounds
   */
  public static Route of(
      ActorSystem<?> system,
      String name,
      RaftGroup<?, ?> group,
      Abilities abilities,
      Function<Object, Optional<String>> words) {
    var settings = DashboardSettings.create(system.settings().config());
    var setup = new Setup(group, name, abilities, RaftSettings.create(system), settings);
    var labels = new Labels(SerializationExtension.get(system), words);
    var lookout =
        system.systemActorOf(
            Lookout.create(setup, labels),
            "raft-dashboard-" + SPAWNED.incrementAndGet(),
            Props.empty());
    return Directives.concat(
        new PageRoute().route(),
        new EventsRoute(lookout, settings.viewerBuffer()).route(),
        new GroupsRoute(system).route());
  }
}
