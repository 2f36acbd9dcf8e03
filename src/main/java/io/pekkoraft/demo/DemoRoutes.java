package io.pekkoraft.demo;

import io.pekkoraft.Isolation;
import io.pekkoraft.RaftGroup;
import io.pekkoraft.dashboard.Dashboard;
import io.pekkoraft.demo.KeyValue.Command;
import io.pekkoraft.demo.KeyValue.Result;
import io.pekkoraft.http.RaftRoutes;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.http.javadsl.server.Directives;
import org.apache.pekko.http.javadsl.server.Route;

/** All that the demo serves. */
final class DemoRoutes {
  private DemoRoutes() {}

  /**
   * @param name of {@code group}, all of whose peers run in {@code system}
   */
  static Route of(ActorSystem<?> system, String name, RaftGroup<Command, Result> group) {
    var abilities = new Dashboard.Abilities(true, true);
    return Directives.concat(
        KeyValueRoute.of(group),
        RaftRoutes.of(group, group::spawnPeer),
        Dashboard.of(system, name, group, abilities, KeyValueWords::of),
        new PeersRoute(group, name, Isolation.of(system)).route());
  }
}
