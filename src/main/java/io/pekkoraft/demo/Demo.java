package io.pekkoraft.demo;

import com.typesafe.config.Config;
import io.pekkoraft.RaftGroup;
import io.pekkoraft.demo.KeyValue.Command;
import io.pekkoraft.demo.KeyValue.Result;
import io.pekkoraft.http.RaftHttp;
import io.pekkoraft.journal.JournalException;
import io.pekkoraft.model.PeerId;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.CoordinatedShutdown;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.http.javadsl.ServerBinding;

/**
 * Three peers of a key-value store in one process, with a journal each, served over HTTP. {@code
 * application.conf} has its settings.
 */
public final class Demo {
  private static final Duration GRACE = Duration.ofSeconds(3);
  private static final int STOP_SECONDS = 10;
  private static final String GROUP = "kv";

  private final Config config;
  private final ActorSystem<Void> system;

  private Demo(Config config) {
    this.config = config;
    this.system = ActorSystem.create(Behaviors.empty(), "demo", config);
  }

  /**
   * Begins, and returns when it listens; it ends with the process.
   *
   * @throws CannotStart with what to do about it; nothing runs any more then
   */
  public static void start(Config config) throws CannotStart {
    new Demo(config).start();
  }

  /** From the disk outwards; nothing is served before what it needs is there. */
  private void start() throws CannotStart {
    try {
      var console =
          system.systemActorOf(
              RoleConsole.create(
                  System.out::println, event -> Optional.of(RoleConsole.line(event))),
              "console",
              Props.empty());
      var group = spawn();
      var binding = bind(group);
      stopInOrder(binding, group);
      System.out.println(
          Banner.of(RaftHttp.scheme(system), binding.localAddress(), dataDirectory()));
      console.tell(new RoleConsole.Begin());
    } catch (CannotStart | RuntimeException e) {
      stopNow();
      throw e;
    }
  }

  private RaftGroup<Command, Result> spawn() throws CannotStart {
    try {
      return RaftGroup.spawn(
          system, GROUP, PeerId.setOf("p1", "p2", "p3"), IdempotentKeyValue::new);
    } catch (JournalException.NotOpened e) {
      throw new CannotStart(e.getMessage(), e);
    }
  }

  private Path dataDirectory() {
    return Path.of(config.getString("pekko-raft.rocksdb.dir")).toAbsolutePath().normalize();
  }

  private ServerBinding bind(RaftGroup<Command, Result> group) throws CannotStart {
    var host = config.getString("pekko-raft.demo.host");
    var port = config.getInt("pekko-raft.demo.port");
    var route = DemoRoutes.of(system, GROUP, group);
    try {
      return RaftHttp.bind(system, host, port, route, KeyValueRoute.MAX_VALUE_BYTES)
          .toCompletableFuture()
          .join();
    } catch (CompletionException e) {
      throw new CannotStart(
          "it can't listen on "
              + host
              + ":"
              + port
              + " ("
              + CannotStart.reason(e)
              + "). If another program uses the port, stop that one, or choose another port with"
              + " -Dpekko-raft.demo.port=8081 or PEKKO_RAFT_PORT=8081.",
          e);
    }
  }

  /** From the outside inwards; the journal closes last, when all actors have stopped. */
  private void stopInOrder(ServerBinding binding, RaftGroup<?, ?> group) {
    binding.addToCoordinatedShutdown(GRACE, system);
    CoordinatedShutdown.get(system)
        .addTask(CoordinatedShutdown.PhaseServiceStop(), "stop-peers", group::stop);
  }

  private void stopNow() {
    system.terminate();
    system
        .getWhenTerminated()
        .toCompletableFuture()
        .orTimeout(STOP_SECONDS, TimeUnit.SECONDS)
        .exceptionally(late -> null)
        .join();
  }
}
