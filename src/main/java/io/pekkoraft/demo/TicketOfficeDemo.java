package io.pekkoraft.demo;

import com.typesafe.config.Config;
import io.pekkoraft.http.RaftHttp;
import io.pekkoraft.journal.JournalException;
import io.pekkoraft.sharding.RaftSharding;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.http.javadsl.ServerBinding;

/**
 * A ticket office over replicated entities, three peers of each group in one process, served over
 * HTTP. {@code application.conf} has its settings.
 */
public final class TicketOfficeDemo {
  private static final Duration GRACE = Duration.ofSeconds(3);
  private static final int MAX_BODY = 1024;

  private TicketOfficeDemo() {}

  /**
   * Begins, and returns when it listens; it ends with the process.
   *
   * @return what runs; it ends in order when it is terminated
   * @throws CannotStart with what to do about it; nothing runs any more then
   */
  public static ActorSystem<Void> start(Config config) throws CannotStart {
    var system = ActorSystem.<Void>create(Behaviors.empty(), "demo", config);
    try {
      var binding = serve(system, config);
      binding.addToCoordinatedShutdown(GRACE, system);
      System.out.println(
          "A ticket office listens on "
              + RaftHttp.scheme(system)
              + "://"
              + config.getString("pekko-raft.demo.host")
              + ":"
              + binding.localAddress().getPort());
      return system;
    } catch (JournalException.NotOpened e) {
      system.terminate();
      throw new CannotStart(e.getMessage(), e);
    } catch (CompletionException e) {
      system.terminate();
      throw new CannotStart(String.valueOf(e.getCause().getMessage()), e);
    } catch (RuntimeException e) {
      system.terminate();
      throw e;
    }
  }

  private static ServerBinding serve(ActorSystem<?> system, Config config) {
    var sharding = RaftSharding.get(system);
    var ready = sharding.init(TicketOffice.entity());
    var route = TicketOfficeRoute.of(show -> sharding.entityRefFor(TicketOffice.KEY, show));
    var host = config.getString("pekko-raft.demo.host");
    var port = config.getInt("pekko-raft.demo.port");
    ready.toCompletableFuture().join();
    return RaftHttp.bind(system, host, port, route, MAX_BODY).toCompletableFuture().join();
  }
}
