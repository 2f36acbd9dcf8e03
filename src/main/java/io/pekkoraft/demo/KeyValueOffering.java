package io.pekkoraft.demo;

import io.pekkoraft.RaftEvent;
import io.pekkoraft.RaftGroup;
import io.pekkoraft.RaftSettings;
import io.pekkoraft.dashboard.Dashboard;
import io.pekkoraft.demo.KeyValue.Command;
import io.pekkoraft.demo.KeyValue.Result;
import io.pekkoraft.http.RaftRoutes;
import io.pekkoraft.model.PeerId;
import java.util.Map;
import java.util.Optional;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.http.javadsl.server.Directives;

/** A key-value store, with one peer on each node. */
final class KeyValueOffering implements Offering {
  private static final String GROUP = "kv";
  private static final String USAGE =
      """
        %1$s/kv/{key}      PUT, GET, DELETE, on any node
        %1$s/raft/status   the leader's status; /raft/members, /raft/explain, /raft/transfer
      """;

  @Override
  public Begun begin(ActorSystem<?> system, NodeArguments arguments, Map<PeerId, Address> nodes) {
    var group = spawn(system, arguments, nodes);
    var abilities = new Dashboard.Abilities(true, false);
    var route =
        Directives.concat(
            KeyValueRoute.of(group),
            RaftRoutes.of(group),
            Dashboard.of(system, GROUP, group, abilities, KeyValueWords::of));
    return new Begun(route, KeyValueRoute.MAX_VALUE_BYTES, USAGE, group::stop);
  }

  @Override
  public Optional<String> tell(RaftEvent event) {
    return Optional.of(RoleConsole.line(event));
  }

  private static RaftGroup<Command, Result> spawn(
      ActorSystem<?> system, NodeArguments arguments, Map<PeerId, Address> nodes) {
    var settings = RaftSettings.create(system);
    var self = arguments.id();
    return arguments.joins()
        ? RaftGroup.join(system, GROUP, self, nodes, IdempotentKeyValue::new, settings)
        : RaftGroup.spawn(system, GROUP, self, nodes, IdempotentKeyValue::new, settings);
  }
}
