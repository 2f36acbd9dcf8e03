package io.pekkoraft;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import io.pekkoraft.model.PeerId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Random;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The lab suite's parts 2A and 2B in their short form, in real time; all of it is simulated. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LabTest {
  private static final Duration A_WHILE = Duration.ofMillis(1000);

  private final ActorTestKit kit = ActorTestKit.create("lab", ConfigFactory.load("in-memory.conf"));
  private Lab lab;

  @AfterEach
  void close() {
    lab.close();
  }

  @AfterAll
  void shutdown() {
    kit.shutdownTestKit();
  }

  @Nested
  class Election {
    @Test
    @DisplayName("2A initial election: one leader, and the same one while nothing happens")
    void initialElection() {
      lab = new Lab(kit, 3);
      var leader = lab.awaitLeader();
      var term = lab.status(leader).term();
      lab.quiet(A_WHILE);
      assertThat(lab.awaitLeader()).isEqualTo(leader);
      assertThat(lab.status(leader).term()).isEqualTo(term);
    }

    @Test
    @DisplayName("2A election after network failure: only a majority elects")
    void reElection() {
      lab = new Lab(kit, 3);
      var first = lab.awaitLeader();
      lab.isolate(first);
      var second = lab.awaitLeader();
      assertThat(second).isNotEqualTo(first);
      lab.heal(first);
      assertThat(lab.awaitLeader()).isEqualTo(second);

      var third = lab.other(second);
      lab.isolate(second);
      lab.isolate(third);
      var left = lab.other(second, third);
      lab.quiet(A_WHILE);
      assertThat(lab.status(left).isLeader()).isFalse();

      lab.heal(third);
      lab.awaitLeader();
      lab.heal(second);
      lab.awaitLeader();
    }

    @Test
    @DisplayName("2A many elections: whichever three of seven are away")
    void manyElections() {
      lab = new Lab(kit, 7);
      var random = new Random(7);
      lab.awaitLeader();
      for (var round = 0; round < 4; round++) {
        var away = new ArrayList<>(lab.peers());
        Collections.shuffle(away, random);
        away.subList(0, 3).forEach(lab::isolate);
        lab.awaitLeader();
        away.subList(0, 3).forEach(lab::heal);
      }
      lab.awaitLeader();
    }
  }

  @Nested
  class Replication {
    @Test
    @DisplayName("2B basic agreement: applied in order on all five")
    void basicAgreement() {
      lab = new Lab(kit, 5);
      for (var command : new String[] {"a", "b", "c"}) {
        assertThat(lab.appliedBy(command)).isZero();
        lab.one(command, 5);
      }
      for (var peer : lab.peers()) {
        assertThat(lab.applied(peer)).containsExactly("a", "b", "c");
      }
    }

    @Test
    @DisplayName("2B bytes: each command goes to each peer once")
    void bytes() {
      lab = new Lab(kit, 3);
      lab.awaitLeader();
      for (var i = 0; i < 10; i++) {
        lab.one(i + "x".repeat(5000), 3);
      }
      assertThat(lab.payloadBytes()).isBetween(100_000L, 110_000L);
    }

    @Test
    @DisplayName("2B agreement despite follower disconnection; none without a majority")
    void followerFailure() {
      lab = new Lab(kit, 3);
      var leader = lab.awaitLeader();
      var follower = lab.other(leader);
      lab.isolate(follower);
      lab.one("a", 2);
      lab.one("b", 2);
      var second = lab.other(leader, follower);
      lab.isolate(second);
      lab.propose(leader, "never yet");
      lab.staysUncommitted("never yet", A_WHILE);
      lab.heal(follower);
      lab.heal(second);
      lab.one("c", 3);
      lab.awaitAgreement();
    }

    @Test
    @DisplayName("2B no agreement if too many followers disconnect")
    void noAgreement() {
      lab = new Lab(kit, 5);
      var leader = lab.awaitLeader();
      lab.one("a", 5);
      var away = lab.peers().stream().filter(id -> !id.equals(leader)).limit(3).toList();
      away.forEach(lab::isolate);
      lab.propose(leader, "b");
      lab.staysUncommitted("b", A_WHILE);
      away.forEach(lab::heal);
      lab.one("c", 5);
      lab.awaitAgreement();
    }

    @Test
    @DisplayName("2B concurrent proposals: all are committed on all peers")
    void concurrentStarts() {
      lab = new Lab(kit, 3);
      var leader = lab.awaitLeader();
      for (var i = 0; i < 5; i++) {
        lab.propose(leader, "c" + i);
      }
      lab.awaitApplied("c4", 3);
      assertThat(lab.applied(leader)).containsExactly("c0", "c1", "c2", "c3", "c4");
    }

    @Test
    @DisplayName("2B rejoin of a partitioned leader: its entries give way, its clients are told")
    void rejoin() {
      lab = new Lab(kit, 3);
      lab.one("a", 3);
      var first = lab.awaitLeader();
      lab.isolate(first);
      var lost = lab.propose(first, "lost-1");
      lab.propose(first, "lost-2");
      var second = lab.awaitLeader();
      lab.one("b", 2);
      lab.isolate(second);
      lab.heal(first);
      lab.one("c", 2);
      lab.heal(second);
      lab.one("d", 3);
      lab.awaitAgreement();
      assertThat(lab.applied(first)).containsExactly("a", "b", "c", "d");
      assertThat(lost.receiveMessage().getError()).isInstanceOf(RaftException.OutcomeUnknown.class);
    }

    @Test
    @DisplayName("2B a leader backs up quickly over incorrect follower logs")
    void backup() {
      lab = new Lab(kit, 5);
      var first = lab.awaitLeader();
      var partner = lab.other(first);
      var rest =
          lab.peers().stream().filter(id -> !id.equals(first) && !id.equals(partner)).toList();
      rest.forEach(lab::isolate);
      proposeMany(first, "x", 50);
      lab.quiet(Duration.ofMillis(100));
      lab.isolate(first);
      lab.isolate(partner);
      rest.forEach(lab::heal);
      var second = lab.awaitLeader();
      proposeMany(second, "y", 50);
      lab.one("y-end", 3);
      var third = rest.stream().filter(id -> !id.equals(second)).findFirst().orElseThrow();
      lab.isolate(third);
      proposeMany(second, "z", 50);
      lab.quiet(Duration.ofMillis(100));
      rest.forEach(lab::isolate);
      lab.heal(first);
      lab.heal(partner);
      lab.heal(third);
      lab.one("w", 3);
      lab.peers().forEach(lab::heal);
      lab.one("end", 5);
      lab.awaitAgreement();
    }

    private void proposeMany(PeerId leader, String prefix, int count) {
      for (var i = 0; i < count; i++) {
        lab.propose(leader, prefix + i);
      }
    }

    @Test
    @DisplayName("2B counts: an election, twelve commands and idle time take few messages")
    void counts() {
      lab = new Lab(kit, 3);
      lab.awaitLeader();
      assertThat(lab.messagesWithoutHeartbeats()).as("election").isBetween(4L, 30L);
      var leader = lab.awaitLeader();
      var before = lab.messages();
      var began = System.nanoTime();
      for (var i = 0; i < 12; i++) {
        lab.propose(leader, "c" + i);
      }
      lab.awaitApplied("c11", 3);
      // The course counts requests with their answers, which are two messages here.
      assertThat(lab.messages() - before)
          .as("12 commands")
          .isLessThanOrEqualTo(2 * 42 + heartbeatsSince(began));
      var idle = lab.messages();
      began = System.nanoTime();
      lab.quiet(Duration.ofSeconds(1));
      assertThat(lab.messages() - idle)
          .as("idle second")
          .isLessThanOrEqualTo(heartbeatsSince(began));
    }

    /** To two followers, each 50 ms and one at either end, with the answers. */
    private long heartbeatsSince(long began) {
      return 4 * (Duration.ofNanos(System.nanoTime() - began).toMillis() / 50 + 2);
    }
  }

  @Nested
  class Persistence {
    @Test
    @DisplayName("2C basic persistence: what was committed survives a restart of all")
    void basicPersistence() {
      lab = new Lab(kit, 3);
      lab.one("a", 3);
      lab.peers().forEach(lab::restart);
      lab.one("b", 3);
      lab.restart(lab.awaitLeader());
      lab.one("c", 3);
      var leader = lab.awaitLeader();
      lab.crash(leader);
      lab.one("d", 2);
      lab.start(leader);
      lab.one("e", 3);
      lab.awaitAgreement();
      assertThat(lab.applied(leader)).containsExactly("a", "b", "c", "d", "e");
    }
  }
}
