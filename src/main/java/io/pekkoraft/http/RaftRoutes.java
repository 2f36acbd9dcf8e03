package io.pekkoraft.http;

import io.pekkoraft.RaftGroup;
import org.apache.pekko.http.javadsl.server.Directives;
import org.apache.pekko.http.javadsl.server.Route;

/** Everything under {@code /raft}: how a group is, and what those who run it ask of it. */
public final class RaftRoutes {
  private RaftRoutes() {}

  /** To be bound by {@link RaftHttp}, which reads the bodies and makes problems of errors. */
  public static Route of(RaftGroup<?, ?> group) {
    return Directives.concat(new StatusRoute(group).route(), new TransferRoute(group).route());
  }
}
