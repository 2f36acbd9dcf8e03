package io.pekkoraft.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.LongStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What sessions promise, under {@link ForgetfulClients}. */
class ExactlyOnceTest {
  private static final SessionLimits ROOMY = new SessionLimits(1_000_000, 10_000, 10_000_000, 8);

  /** Sessions expire, or make room for others, while their clients still use them. */
  private static final SessionLimits TIGHT = new SessionLimits(150, 12, 4_000, 8);

  @Test
  @DisplayName("thesis §6.3: a client that keeps its session gets each command exactly once")
  void exactlyOnce() {
    LongStream.range(0, 15)
        .forEach(
            seed -> {
              var clients = new ForgetfulClients(seed, ROOMY);
              clients.run(10, 1500);
              assertThat(clients.lostSessions()).isZero();
              var commands = clients.ofTheLiving();
              assertThat(commands).hasSizeGreaterThan(100);
              assertThat(commands)
                  .allSatisfy(c -> assertThat(clients.effects()).containsEntry(c, 1));
              assertThat(clients.seen).containsKeys(Decision.Kind.ALREADY, Decision.Kind.STALE);
            });
  }

  @Test
  @DisplayName("trap 18: whoever is forgotten, no command takes effect twice, and all peers agree")
  void atMostOnce() {
    var crashes = 0L;
    for (var seed = 0L; seed < 15; seed++) {
      var clients = new ForgetfulClients(seed, TIGHT);
      clients.run(16, 1500);
      crashes += clients.crashes();
      assertThat(clients.lostSessions()).isPositive();
      assertThat(clients.seen).containsKeys(Decision.Kind.EXPIRED, Decision.Kind.ALREADY);
    }
    assertThat(crashes).isPositive();
  }
}
