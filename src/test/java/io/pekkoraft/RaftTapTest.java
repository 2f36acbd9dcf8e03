package io.pekkoraft;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import io.pekkoraft.model.PeerId;
import io.pekkoraft.protocol.PeerMessage;
import io.pekkoraft.protocol.PeerMessage.AppendEntries;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Whoever looks on hears everything, and whoever is isolated nothing. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RaftTapTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final ActorTestKit kit = ActorTestKit.create("tap", ConfigFactory.load("unhurried.conf"));
  private final TestProbe<Void> probe = kit.createTestProbe();

  @AfterAll
  void shutdown() {
    kit.shutdownTestKit();
  }

  private RaftGroup<Long, Long> group(String name) throws Exception {
    RaftGroup<Long, Long> group =
        RaftGroup.spawn(kit.system(), name, PeerId.setOf("p1", "p2", "p3"), Adding::new);
    group.propose(1L).toCompletableFuture().get(20, TimeUnit.SECONDS);
    return group;
  }

  private static RaftStatus leaderOf(RaftGroup<?, ?> group) throws Exception {
    return group.leader().toCompletableFuture().get(20, TimeUnit.SECONDS).orElseThrow();
  }

  private record Sent(String group, PeerId from, PeerMessage message) {}

  private static final class Ear implements RaftTap.Listener {
    private final Queue<Sent> sent = new ConcurrentLinkedQueue<>();
    private final AtomicLong applied = new AtomicLong();

    @Override
    public void sent(String group, PeerId from, PeerId to, PeerMessage message) {
      sent.add(new Sent(group, from, message));
    }

    @Override
    public void applied(String group, PeerId leader, int entries, long nanos) {
      if (group.equals("heard")) {
        applied.addAndGet(entries);
      }
    }
  }

  @Test
  @DisplayName("a listener hears what is sent and applied, until it is removed")
  void hears() throws Exception {
    var group = group("heard");
    var ear = new Ear();
    var tap = RaftTap.of(kit.system());
    tap.add(ear);
    tap.add(ear);
    group.propose(1L).toCompletableFuture().get(20, TimeUnit.SECONDS);
    var leader = leaderOf(group).id();
    probe.awaitAssert(PATIENCE, () -> assertThat(ear.applied.get()).isPositive());
    assertThat(ear.sent)
        .anyMatch(
            heard ->
                heard.group().equals("heard")
                    && heard.from().equals(leader)
                    && heard.message() instanceof AppendEntries append
                    && append.entries().size() == 1);
    tap.remove(ear);
    group.propose(1L).toCompletableFuture().get(20, TimeUnit.SECONDS);
    var heard = ear.applied.get(); // What was on its way has come.
    group.propose(1L).toCompletableFuture().get(20, TimeUnit.SECONDS);
    assertThat(ear.applied.get()).isEqualTo(heard);
    group.stop().toCompletableFuture().get(20, TimeUnit.SECONDS);
  }

  @Test
  @DisplayName("an isolated leader is replaced, and follows again when it is healed")
  void isolates() throws Exception {
    var group = group("cut");
    var old = leaderOf(group).id();
    var isolation = Isolation.of(kit.system());
    isolation.isolate("cut", old);
    assertThat(isolation.isolated("cut")).containsExactly(old);
    assertThat(isolation.isolated("other")).isEmpty();
    probe.awaitAssert(
        PATIENCE,
        () -> {
          var next = group.leader().toCompletableFuture().join().map(RaftStatus::id);
          assertThat(next).isPresent().isNotEqualTo(Optional.of(old));
          return next;
        });
    isolation.heal("cut", old);
    assertThat(isolation.isolated("cut")).isEmpty();
    probe.awaitAssert(
        PATIENCE,
        () -> {
          var status = group.status(old).toCompletableFuture().join().orElseThrow();
          assertThat(status.leader()).isPresent().isNotEqualTo(Optional.of(old));
          return status;
        });
    group.stop().toCompletableFuture().get(20, TimeUnit.SECONDS);
  }

  @Test
  @DisplayName("a peer tells of the end of its log, and how long it waits; a leader waits not")
  void inspects() throws Exception {
    var group = group("seen");
    for (var i = 0; i < 5; i++) {
      group.propose(1L).toCompletableFuture().get(20, TimeUnit.SECONDS);
    }
    var leader = leaderOf(group);
    var seen =
        group.inspect(leader.id(), 3, PATIENCE).toCompletableFuture().get(20, TimeUnit.SECONDS);
    assertThat(seen.orElseThrow().tail()).hasSize(3);
    assertThat(seen.get().first().plus(2)).isEqualTo(seen.get().status().lastIndex());
    assertThat(seen.get().electionTimeout()).isEmpty();
    var follower = group.peers().stream().filter(p -> !p.equals(leader.id())).findFirst();
    var other =
        group.inspect(follower.get(), 99, PATIENCE).toCompletableFuture().get().orElseThrow();
    assertThat(other.first().value()).isEqualTo(1);
    var wait = other.electionTimeout().orElseThrow();
    assertThat(wait.left()).isLessThanOrEqualTo(wait.whole());
    assertThat(group.inspect(PeerId.of("p9"), 1, PATIENCE).toCompletableFuture().get()).isEmpty();
    group.stop().toCompletableFuture().get(20, TimeUnit.SECONDS);
  }

  @Test
  @DisplayName("nothing that is measured gets lost on the way through the tap")
  void passesAllMetricsOn() throws Exception {
    for (var method : RaftMetrics.class.getMethods()) {
      assertThat(Arrays.asList(TappedMetrics.class.getDeclaredMethods()))
          .as(method.toString())
          .anyMatch(
              own ->
                  own.getName().equals(method.getName())
                      && Arrays.equals(own.getParameterTypes(), method.getParameterTypes()));
    }
  }
}
