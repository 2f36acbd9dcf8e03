package io.pekkoraft.demo;

import io.pekkoraft.RaftEvent;
import io.pekkoraft.RaftEvent.RoleChanged;
import io.pekkoraft.RaftSettings;
import io.pekkoraft.RaftStatus;
import io.pekkoraft.model.PeerId;
import io.pekkoraft.sharding.RaftSharding;
import io.pekkoraft.sharding.ShardingSettings;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.Done;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.apache.pekko.http.javadsl.server.Directives;

/** A ticket office, whose groups have one peer on each node; the first of them can be looked at. */
final class TicketOfficeOffering implements Offering {
  static final int MAX_BODY = 1024;

  private static final String USAGE =
      """
        %1$s/               the seats of a show, in a browser
        %1$s/shows/{show}   who has which seat; POST, DELETE on /seats/{seat}?customer=NAME;
                            with --plain, /plain/shows/{show} as well
        %1$s/dashboard      the groups of shows
        %1$s/raft/disks     which disk holds which peers
      """;

  @Override
  public Begun begin(ActorSystem<?> system, NodeArguments arguments, Map<PeerId, Address> nodes)
      throws CannotStart {
    init(system, nodes.size())
        .whenComplete(
            (ready, failure) -> {
              if (failure != null) {
                system.log().error("The ticket office can't begin: {}", failure.getMessage());
              }
            });
    var plain = plain(system, arguments);
    var route =
        Directives.concat(
            TicketOfficeRoutes.of(Shows.replicated(system), plain, false),
            OfficeConsole.of(system));
    return new Begun(route, MAX_BODY, USAGE, () -> CompletableFuture.completedStage(Done.done()));
  }

  private static CompletionStage<Done> init(ActorSystem<?> system, int nodes) {
    var settings = ShardingSettings.create(system).withNodes(nodes);
    return RaftSharding.get(system)
        .init(TicketOffice.entity(), settings, RaftSettings.create(system));
  }

  private static Optional<Shows> plain(ActorSystem<?> system, NodeArguments arguments)
      throws CannotStart {
    if (arguments.plain().isEmpty()) {
      return Optional.empty();
    }
    TicketDatabase.require(arguments.plain().get());
    PlainTicketOffice.begin(ClusterSharding.get(system));
    return Optional.of(Shows.plain(system));
  }

  /** Of many groups, only who leads them. */
  @Override
  public Optional<String> tell(RaftEvent event) {
    return event instanceof RoleChanged changed && changed.role() == RaftStatus.Role.LEADER
        ? Optional.of(changed.peer() + " leads " + changed.group() + ", term " + changed.term())
        : Optional.empty();
  }
}
