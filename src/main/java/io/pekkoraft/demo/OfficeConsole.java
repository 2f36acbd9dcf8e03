package io.pekkoraft.demo;

import io.pekkoraft.dashboard.Dashboard;
import io.pekkoraft.http.DisksRoute;
import io.pekkoraft.http.RaftHttp;
import io.pekkoraft.http.RaftRoutes;
import io.pekkoraft.sharding.RaftSharding;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.http.javadsl.ServerBinding;
import org.apache.pekko.http.javadsl.server.Directives;
import org.apache.pekko.http.javadsl.server.Route;

/**
 * A node of the ticket office, for who looks after it: {@code /dashboard} with the first group of
 * shows and all groups as a heat map, {@code /raft} and {@code /raft/disks}.
 */
final class OfficeConsole {
  private static final Dashboard.Abilities ABILITIES = new Dashboard.Abilities(false, false);

  private OfficeConsole() {}

  /**
   * @param system in which the ticket office has begun
   */
  static Route of(ActorSystem<?> system) {
    var sharding = RaftSharding.get(system);
    var first = sharding.group(TicketOffice.KEY, 0);
    var name = RaftSharding.groupName(TicketOffice.KEY, 0);
    return Directives.concat(
        RaftRoutes.of(first),
        DisksRoute.of(sharding, TicketOffice.KEY),
        Dashboard.of(system, name, first, ABILITIES, command -> Optional.empty()));
  }

  /**
   * Serves it alone.
   *
   * @param port another one that is free, when this one is not
   * @return where it listens, when it does
   */
  static CompletionStage<String> serve(ActorSystem<?> system, String host, int port) {
    return bind(system, host, port)
        .handle(
            (bound, isTaken) ->
                bound == null
                    ? bind(system, host, 0)
                    : CompletableFuture.<ServerBinding>completedStage(bound))
        .thenCompose(Function.identity())
        .thenApply(
            bound -> RaftHttp.scheme(system) + "://" + host + ":" + bound.localAddress().getPort());
  }

  private static CompletionStage<ServerBinding> bind(ActorSystem<?> system, String host, int port) {
    return RaftHttp.bind(system, host, port, of(system), TicketOfficeOffering.MAX_BODY);
  }
}
