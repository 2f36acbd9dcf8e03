package io.pekkoraft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigFactory;
import io.pekkoraft.client.ClientRequest;
import io.pekkoraft.model.PeerId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Optional;
import java.util.SortedSet;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.Done;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.pattern.StatusReply;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RaftClientTest {
  private static final SortedSet<PeerId> PEERS = PeerId.setOf("p1", "p2", "p3");

  private final ActorTestKit kit = ActorTestKit.create(ConfigFactory.load("unhurried.conf"));

  @AfterAll
  void shutdown() {
    kit.shutdownTestKit();
  }

  private static <T> T now(CompletionStage<T> stage) throws Exception {
    return stage.toCompletableFuture().get(20, TimeUnit.SECONDS);
  }

  private RaftSettings settings(String changed) {
    return RaftSettings.create(
        ConfigFactory.parseString(changed)
            .withFallback(kit.system().settings().config().getConfig("pekko-raft")));
  }

  private RaftGroup<Long, Long> group(String name) {
    return RaftGroup.spawn(kit.system(), name, PEERS, Adding::new);
  }

  @Test
  @DisplayName("proposes, and reads what it wrote at whichever peer")
  void proposesAndReads() throws Exception {
    var group = group("client");
    var client = RaftClient.<Long, Long>start(kit.system(), "client", PEERS);
    for (var sum = 1L; sum <= 20; sum++) {
      assertThat(now(client.propose(1L))).isEqualTo(sum);
      assertThat(now(client.read(0L, ReadConsistency.session()))).isEqualTo(sum);
    }
    assertThat(now(client.read(0L))).isEqualTo(20);
    assertThat(now(client.read(0L, ReadConsistency.follower()))).isEqualTo(20);
    assertThatThrownBy(() -> now(client.read(7L)))
        .hasCauseInstanceOf(RaftException.CommandRefused.class);
    assertThat(now(client.close())).isEqualTo(Done.done());
    group.stop();
  }

  @Test
  @DisplayName("each command takes effect once while leaders come and go")
  void onceAcrossLeaders() throws Exception {
    var group = group("leaders");
    var client = RaftClient.<Long, Long>start(kit.system(), "leaders", PEERS);
    now(client.propose(1L));
    var answers = new ArrayList<CompletionStage<Long>>();
    for (var round = 0; round < 5; round++) {
      for (var i = 0; i < 40; i++) {
        answers.add(client.propose(1L));
      }
      now(group.transferLeadership(Optional.empty()));
    }
    for (var answer : answers) {
      now(answer);
    }
    assertThat(now(client.read(0L))).isEqualTo(1 + answers.size());
    group.stop();
  }

  @Test
  @DisplayName("a session that was forgotten is opened anew, and nothing is lost or done twice")
  void reopens() throws Exception {
    var settings = settings("sessions.max-sessions = 1");
    var group = RaftGroup.spawn(kit.system(), "forgetful", PEERS, Adding::new, settings);
    var one = RaftClient.<Long, Long>start(kit.system(), "forgetful", PEERS, settings);
    var two = RaftClient.<Long, Long>start(kit.system(), "forgetful", PEERS, settings);
    for (var i = 0; i < 5; i++) {
      now(one.propose(1L));
      now(two.propose(1L));
    }
    assertThat(now(one.read(0L))).isEqualTo(10);
    group.stop();
  }

  @Test
  @DisplayName("whoever closes it gets the answers to what is under way, and no more")
  void closes() throws Exception {
    var group = group("closing");
    var client = RaftClient.<Long, Long>start(kit.system(), "closing", PEERS);
    var first = client.propose(1L);
    var closed = client.close();
    assertThatThrownBy(() -> now(client.propose(1L)))
        .hasCauseInstanceOf(RaftException.NotLeader.class)
        .hasMessageContaining("is closed");
    assertThat(now(first)).isEqualTo(1);
    assertThat(now(closed)).isEqualTo(Done.done());
    assertThat(now(client.close())).isEqualTo(Done.done());
    group.stop();
  }

  @Test
  @DisplayName("where no peer runs, it says in time that surely nothing happened")
  void nobodyThere() {
    var client =
        RaftClient.<Long, Long>start(
            kit.system(), "nowhere", PEERS, settings("client.timeout = 100ms"));
    assertThatThrownBy(() -> now(client.propose(1L)))
        .hasCauseInstanceOf(RaftException.NotLeader.class)
        .hasMessageContaining("surely nothing happened");
    assertThatThrownBy(() -> now(client.read(0L)))
        .hasCauseInstanceOf(RaftException.NotLeader.class);
    client.close();
  }

  @Test
  @DisplayName("an actor asks it like any other")
  void asActor() {
    var group = group("actors");
    var client = kit.spawn(RaftClient.<Long, Long>create("actors", PEERS));
    var replies = kit.<StatusReply<Long>>createTestProbe();
    client.tell(new ClientRequest.Propose<>(4L, replies.getRef()));
    assertThat(replies.receiveMessage(Duration.ofSeconds(20)).getValue()).isEqualTo(4);
    client.tell(new ClientRequest.Read<>(0L, ReadConsistency.session(), replies.getRef()));
    assertThat(replies.receiveMessage(Duration.ofSeconds(20)).getValue()).isEqualTo(4);
    var closed = kit.<Done>createTestProbe();
    client.tell(new ClientRequest.Close<>(closed.getRef()));
    closed.receiveMessage(Duration.ofSeconds(20));
    closed.expectTerminated(client);
    group.stop();
  }
}
