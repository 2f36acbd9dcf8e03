package io.pekkoraft.http;

import io.pekkoraft.RaftGroup;
import io.pekkoraft.model.PeerId;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.apache.pekko.Done;
import org.apache.pekko.http.javadsl.server.Directives;
import org.apache.pekko.http.javadsl.server.Route;

/** Everything under {@code /raft}: how a group is, and what those who run it ask of it. */
public final class RaftRoutes {
  private RaftRoutes() {}

  /**
   * To be bound by {@link RaftHttp}, which reads the bodies and makes problems of errors. Peers
   * that join have to run before they are added.
   */
  public static Route of(RaftGroup<?, ?> group) {
    return of(group, newcomer -> CompletableFuture.completedStage(Done.done()));
  }

  /**
   * As above.
   *
   * @param spawn lets a newcomer run before it is added, as {@link RaftGroup#spawnPeer} does
   */
  public static Route of(RaftGroup<?, ?> group, Function<PeerId, CompletionStage<Done>> spawn) {
    return Directives.concat(
        new StatusRoute(group).route(),
        new ExplainRoute(group).route(),
        new TransferRoute(group).route(),
        new SnapshotRoute(group).route(),
        new MembersRoute(group, spawn).route());
  }
}
