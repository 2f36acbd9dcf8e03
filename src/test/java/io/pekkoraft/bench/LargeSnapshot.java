package io.pekkoraft.bench;

import com.typesafe.config.ConfigFactory;
import io.pekkoraft.RaftEvent;
import io.pekkoraft.RaftGroup;
import io.pekkoraft.RaftStatus;
import io.pekkoraft.model.PeerId;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.actor.typed.eventstream.EventStream;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/**
 * A snapshot that is larger than the heap is taken by a leader, sent to a follower that was away,
 * and put into effect there, in one process with two ends, while clients go on writing. Says how
 * long each step took, and fails when the leader lost its office meanwhile.
 *
 * <p>Arguments: a directory, and the size of the state in MiB.
 */
public final class LargeSnapshot {
  private static final PeerId P3 = PeerId.of("p3");
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  /**
   * A leader that stands still for a second is missed; a disk with so much to write may be slow.
   */
  private static final String SETTINGS =
      """
      pekko-raft {
        election-timeout { min = 1s, max = 2s }
        leadership.disk-timeout = 30s
        client.timeout = 1 minute
      }
      """;

  private final RaftGroup<byte[], Long> group;
  private final AtomicInteger elections = new AtomicInteger();

  private LargeSnapshot(RaftGroup<byte[], Long> group) {
    this.group = group;
  }

  public static void main(String[] arguments) throws Exception {
    var directory = Files.createDirectories(Path.of(arguments[0]));
    var size = Long.parseLong(arguments[1]) << 20;
    var prepared = FileState.prepare(directory.resolve("prepared.bin"), size);
    var system =
        ActorSystem.create(
            Behaviors.empty(),
            "large",
            ConfigFactory.parseMap(
                    Map.of(
                        "pekko-raft.rocksdb.dir",
                        directory.resolve("journal").toString(),
                        "pekko-raft.snapshots.keep-entries",
                        0))
                .withFallback(ConfigFactory.parseString(SETTINGS))
                .withFallback(ConfigFactory.load("bench.conf")));
    try {
      var large =
          new LargeSnapshot(
              RaftGroup.spawn(
                  system,
                  "large",
                  PeerId.setOf("p1", "p2", "p3"),
                  () -> new FileState(prepared, directory)));
      large.run(system);
      System.out.println(
          "done with a heap of " + (Runtime.getRuntime().maxMemory() >> 20) + " MiB");
    } finally {
      system.terminate();
      system.getWhenTerminated().toCompletableFuture().get(1, TimeUnit.MINUTES);
    }
  }

  private void run(ActorSystem<?> system) throws Exception {
    get(group.propose(new byte[1]));
    get(group.stopPeer(P3));
    var leader = get(group.propose(FileState.FILL)) > 0 ? leader().id() : null;
    listen(system);
    var writing = new AtomicBoolean(true);
    var writer = new Thread(() -> write(writing), "writer");
    writer.start();
    timed("taken by the leader", () -> get(group.takeSnapshot(leader, PATIENCE)));
    timed(
        "sent to a follower that was away, and in effect there",
        () -> {
          group.startPeer(P3);
          var goal = leader().commitIndex();
          await(() -> status(P3).map(s -> s.lastApplied().isAtLeast(goal)).orElse(false));
          return null;
        });
    writing.set(false);
    writer.join();
    if (elections.get() > 0) {
      throw new IllegalStateException("The leader lost its office " + elections + " times.");
    }
    if (status(P3).orElseThrow().firstIndex().value() == 1) {
      throw new IllegalStateException("The follower came by its state without a snapshot.");
    }
  }

  /** From now on, whoever becomes a leader was elected because heartbeats came too late. */
  private void listen(ActorSystem<?> system) {
    Behavior<RaftEvent> listener =
        Behaviors.receiveMessage(
            event -> {
              if (event instanceof RaftEvent.RoleChanged changed
                  && changed.role() == RaftStatus.Role.LEADER) {
                elections.incrementAndGet();
              }
              return Behaviors.same();
            });
    var ref = system.systemActorOf(listener, "listener", Props.empty());
    system.eventStream().tell(new EventStream.Subscribe<>(RaftEvent.class, ref));
  }

  private void write(AtomicBoolean on) {
    var slowest = 0L;
    var count = 0;
    while (on.get()) {
      var began = System.nanoTime();
      get(group.propose(new byte[256]));
      slowest = Math.max(slowest, System.nanoTime() - began);
      count++;
    }
    System.out.printf("%d writes meanwhile, the slowest took %d ms%n", count, slowest / 1_000_000);
  }

  private RaftStatus leader() {
    return get(group.leader()).orElseThrow();
  }

  private Optional<RaftStatus> status(PeerId peer) {
    return get(group.status(peer));
  }

  /** A step that may fail. */
  private interface Step {
    Object run() throws Exception;
  }

  private static void timed(String what, Step step) throws Exception {
    var began = System.nanoTime();
    step.run();
    System.out.printf("%s: %.1f s%n", what, (System.nanoTime() - began) / 1e9);
  }

  private static <T> T get(CompletionStage<T> stage) {
    try {
      return stage.toCompletableFuture().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private static void await(BooleanSupplier condition) throws Exception {
    var deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        throw new TimeoutException();
      }
      TimeUnit.MILLISECONDS.sleep(10);
    }
  }
}
