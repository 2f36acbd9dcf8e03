package io.pekkoraft.replication;

import static org.assertj.core.api.Assertions.assertThat;

import io.pekkoraft.membership.Configuration;
import io.pekkoraft.model.PeerId;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class RoundsTest {
  private static final List<PeerId> PEERS =
      List.of("p1", "p2", "p3", "p4", "p5").stream().map(PeerId::of).toList();
  private final Rounds rounds = new Rounds(PEERS.get(0), 100);

  private void answered(int peer, long round) {
    rounds.answered(PEERS.get(peer), round);
    rounds.count(Configuration.of(PEERS));
  }

  @Test
  @DisplayName("a round is confirmed by a majority, the leader among it")
  void majority() {
    rounds.begin(200);
    answered(1, 1);
    assertThat(rounds.confirmed()).isZero();
    assertThat(rounds.confirmedBegan()).isEqualTo(100);
    answered(2, 1);
    assertThat(rounds.confirmed()).isEqualTo(1);
    assertThat(rounds.confirmedBegan()).isEqualTo(200);
  }

  @Test
  @DisplayName("who answers a later round answers the earlier ones")
  void later() {
    rounds.begin(200);
    rounds.begin(300);
    rounds.begin(400);
    answered(1, 3);
    answered(2, 2);
    assertThat(rounds.confirmed()).isEqualTo(2);
    assertThat(rounds.confirmedBegan()).isEqualTo(300);
  }

  @Test
  @DisplayName(
      "late answers and answers to rounds that never were take nothing back and add nothing")
  void nonsense() {
    rounds.begin(200);
    answered(1, 99);
    answered(2, 99);
    assertThat(rounds.confirmed()).isEqualTo(1);
    assertThat(rounds.answered(PEERS.get(1), 0)).isFalse();
    rounds.begin(300);
    answered(3, 0);
    assertThat(rounds.confirmed()).isEqualTo(1);
  }

  @Test
  @DisplayName(
      "what it remembers is bounded, and what it forgets it dates too early, never too late")
  void bounded() {
    for (var i = 1; i <= 1000; i++) {
      rounds.begin(100 + i);
    }
    answered(1, 500);
    answered(2, 500);
    assertThat(rounds.confirmed()).isEqualTo(500);
    assertThat(rounds.confirmedBegan()).isLessThanOrEqualTo(600);
  }

  @Test
  @DisplayName("a peer alone is its own majority")
  void alone() {
    rounds.begin(200);
    rounds.count(Configuration.of(PEERS.subList(0, 1)));
    assertThat(rounds.confirmed()).isEqualTo(1);
    assertThat(rounds.confirmedBegan()).isEqualTo(200);
  }
}
