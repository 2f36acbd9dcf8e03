package io.pekkoraft.demo;

import io.pekkoraft.demo.TicketOffice.Command;
import io.pekkoraft.sharding.RaftSharding;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;

/** Where a show is asked, whoever keeps it. */
interface Shows {
  /**
   * @return the reply; fails with what became of the command, or with a {@link
   *     java.util.concurrent.TimeoutException} after {@code patience}
   */
  <Reply> CompletionStage<Reply> ask(
      String show, Function<ActorRef<Reply>, Command> command, Duration patience);

  /** Those of {@link TicketOffice}, which has begun in this actor system. */
  static Shows replicated(ActorSystem<?> system) {
    return new Replicated(RaftSharding.get(system));
  }

  /** Those of {@link PlainTicketOffice}, which has begun in this actor system. */
  static Shows plain(ActorSystem<?> system) {
    return new Plain(ClusterSharding.get(system));
  }

  /** As above. */
  record Replicated(RaftSharding sharding) implements Shows {
    @Override
    public <Reply> CompletionStage<Reply> ask(
        String show, Function<ActorRef<Reply>, Command> command, Duration patience) {
      return sharding.entityRefFor(TicketOffice.KEY, show).ask(command, patience);
    }
  }

  /** As above. */
  record Plain(ClusterSharding sharding) implements Shows {
    @Override
    public <Reply> CompletionStage<Reply> ask(
        String show, Function<ActorRef<Reply>, Command> command, Duration patience) {
      return sharding.entityRefFor(PlainTicketOffice.KEY, show).ask(command::apply, patience);
    }
  }
}
