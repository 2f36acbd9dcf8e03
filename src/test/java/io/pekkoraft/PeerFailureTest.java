package io.pekkoraft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigFactory;
import io.pekkoraft.model.PeerId;
import io.pekkoraft.protocol.ClientMessage;
import io.pekkoraft.protocol.ClientMessage.GetStatus;
import io.pekkoraft.protocol.ClientMessage.Propose;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.LoggingTestKit;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.pattern.StatusReply;
import org.apache.pekko.persistence.testkit.PersistenceTestKitPlugin;
import org.apache.pekko.persistence.testkit.PersistenceTestKitSnapshotPlugin;
import org.apache.pekko.persistence.testkit.javadsl.PersistenceTestKit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What happens to a peer, and to those who wait for it, when its journal fails. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PeerFailureTest {
  private static final String JOURNAL = "pekko.persistence.testkit.journal";
  private static final PeerId P1 = PeerId.of("p1");

  private final ActorTestKit kit =
      ActorTestKit.create(
          ConfigFactory.parseString(
                  """
                  pekko-raft.store.journal-plugin-id = "pekko.persistence.testkit.journal"
                  pekko-raft.store.snapshot-plugin-id =
                    "pekko.persistence.testkit.snapshotstore.pluginid"
                  pekko.persistence.testkit.journal.replay-filter.mode = fail
                  """)
              .withFallback(PersistenceTestKitPlugin.getInstance().config())
              .withFallback(PersistenceTestKitSnapshotPlugin.config())
              .withFallback(ConfigFactory.load()));
  private final PersistenceTestKit journal = PersistenceTestKit.create(kit.system());

  @AfterAll
  void shutdown() {
    kit.shutdownTestKit();
  }

  private ActorRef<ClientMessage> leaderOf(String group) {
    var peer = kit.spawn(Raft.create(group, P1, PeerId.setOf("p1"), new Adding()));
    var status = kit.<RaftStatus>createTestProbe();
    status.awaitAssert(
        () -> {
          peer.tell(new GetStatus(status.getRef()));
          assertThat(status.receiveMessage().lastApplied().value()).isPositive();
          return true;
        });
    return peer;
  }

  @Test
  @DisplayName("a failed write stops the peer, which says why; who waits is told")
  void failedWrite() {
    var peer = leaderOf("failing");
    var reply = kit.<StatusReply<Long>>createTestProbe();
    LoggingTestKit.error("The store failed, so this peer stops")
        .expect(
            kit.system(),
            () -> {
              journal.failNextPersisted("raft|failing/p1");
              peer.tell(new Propose<>(5L, reply.getRef()));
              assertThat(reply.receiveMessage().getError())
                  .isInstanceOf(RaftException.OutcomeUnknown.class);
              reply.expectTerminated(peer);
              return null;
            });
  }

  @Test
  @DisplayName("so does a rejected one")
  void rejectedWrite() {
    var peer = leaderOf("rejecting");
    var reply = kit.<StatusReply<Long>>createTestProbe();
    journal.rejectNextPersisted("raft|rejecting/p1");
    peer.tell(new Propose<>(5L, reply.getRef()));
    assertThat(reply.receiveMessage().getError()).isInstanceOf(RaftException.OutcomeUnknown.class);
    reply.expectTerminated(peer);
  }

  /** A state machine that must not go on without a command. */
  private static final class Lacking extends StateMachine<Long, Long, Long> {
    @Override
    public Long emptyState() {
      return 0L;
    }

    @Override
    public CommandHandler<Long, Long, Long> commandHandler() {
      return (context, sum, number) -> {
        throw new Error("It lacks a class.");
      };
    }
  }

  @Test
  @DisplayName("an Error of the state machine stops the peer, for to skip a command parts states")
  void errorOfTheStateMachine() {
    var peer = kit.spawn(Raft.create("lacking", P1, PeerId.setOf("p1"), new Lacking()));
    var status = kit.<RaftStatus>createTestProbe();
    status.awaitAssert(
        () -> {
          peer.tell(new GetStatus(status.getRef()));
          assertThat(status.receiveMessage().lastApplied().value()).isPositive();
          return true;
        });
    var reply = kit.<StatusReply<Long>>createTestProbe();
    LoggingTestKit.error("It lacks a class.")
        .expect(
            kit.system(),
            () -> {
              peer.tell(new Propose<>(5L, reply.getRef()));
              reply.expectTerminated(peer);
              return null;
            });
    assertThat(kit.system().getWhenTerminated().toCompletableFuture()).isNotDone();
  }

  @Test
  @DisplayName("a peer that can't read its journal stops, and says why")
  void failedRecovery() {
    journal.failNextRead("raft|unreadable/p1");
    var probe = kit.<StatusReply<Long>>createTestProbe();
    LoggingTestKit.error("The store failed, so this peer stops")
        .expect(
            kit.system(),
            () -> {
              var peer = kit.spawn(Raft.create("unreadable", P1, PeerId.setOf("p1"), new Adding()));
              probe.expectTerminated(peer);
              return null;
            });
  }

  @Test
  @DisplayName("a group restarts the peer, which recovers what was written")
  void restarts() throws Exception {
    var settings =
        RaftSettings.create(
            ConfigFactory.parseString("group.restart-backoff { min = 10ms, max = 20ms }")
                .withFallback(kit.system().settings().config().getConfig("pekko-raft")));
    var group =
        RaftGroup.spawn(kit.system(), "restarting", PeerId.setOf("p1"), Adding::new, settings);
    assertThat(group.propose(2L).toCompletableFuture().get(20, TimeUnit.SECONDS)).isEqualTo(2);
    journal.failNextPersisted("raft|restarting/p1");
    assertThatThrownBy(() -> group.propose(3L).toCompletableFuture().get(20, TimeUnit.SECONDS))
        .hasCauseInstanceOf(RaftException.OutcomeUnknown.class);
    assertThat(group.propose(4L).toCompletableFuture().get(20, TimeUnit.SECONDS)).isEqualTo(6);
    group.stop();
  }

  @Test
  @DisplayName("two peers of one name in one actor system: the second one does not start")
  void sameNameTwice() {
    leaderOf("twice");
    var probe = kit.<StatusReply<Long>>createTestProbe();
    LoggingTestKit.error("runs already")
        .expect(
            kit.system(),
            () -> {
              var second = kit.spawn(Raft.create("twice", P1, PeerId.setOf("p1"), new Adding()));
              probe.expectTerminated(second);
              return null;
            });
  }

  @Test
  @DisplayName(
      "a replay filter that may leave out events is refused, and the error says what to set")
  void replayFilter() {
    var repairing =
        ActorTestKit.create(
            ConfigFactory.parseString(
                    "pekko-raft.store.journal-plugin-id = pekko.persistence.journal.inmem")
                .withFallback(ConfigFactory.load()));
    try {
      assertThatThrownBy(
              () -> RaftGroup.spawn(repairing.system(), "g", PeerId.setOf("p1"), Adding::new))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("replay-filter.mode")
          .hasMessageContaining("fail");
    } finally {
      repairing.shutdownTestKit();
    }
    assertThat(kit.system().settings().config().getString(JOURNAL + ".replay-filter.mode"))
        .isEqualTo("fail");
  }
}
