package io.pekkoraft.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.pekkoraft.model.PeerId;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class LeaderGuessTest {
  private static final PeerId P1 = PeerId.of("p1");
  private static final PeerId P2 = PeerId.of("p2");
  private static final PeerId P3 = PeerId.of("p3");

  private final LeaderGuess guess = new LeaderGuess(() -> List.of(P1, P2, P3), 20, 1000);

  private void asks(long now, PeerId peer) {
    assertThat(guess.ask(now)).contains(peer);
  }

  private void asksNobody(long now) {
    assertThat(guess.ask(now)).isEmpty();
  }

  @Test
  @DisplayName("one at a time looks for the leader; when it is found, all go there")
  void oneProbe() {
    asks(0, P1);
    asksNobody(1);
    assertThat(guess.leads(P1)).isTrue();
    asks(2, P1);
    asks(2, P1);
    assertThat(guess.leads(P1)).isFalse();
  }

  @Test
  @DisplayName("a hint is followed at once, one that leads nowhere after a while")
  void hints() {
    asks(0, P1);
    guess.doesNotLead(P1, Optional.of(P3), 1);
    asks(1, P3);
    guess.doesNotLead(P3, Optional.empty(), 2);
    asksNobody(21);
    asks(22, P1);
    guess.doesNotLead(P1, Optional.of(PeerId.of("stranger")), 22);
    asksNobody(22);
    asks(42, P2);
  }

  @Test
  @DisplayName("peers that refer to each other are not followed for ever")
  void circle() {
    asks(0, P1);
    guess.doesNotLead(P1, Optional.of(P2), 0);
    asks(0, P2);
    guess.doesNotLead(P2, Optional.of(P1), 0);
    asks(0, P1);
    guess.doesNotLead(P1, Optional.of(P2), 0);
    asks(0, P2);
    guess.doesNotLead(P2, Optional.of(P1), 0);
    asksNobody(19);
    asks(20, P3);
  }

  @Test
  @DisplayName("old news of a peer that is asked no more change nothing")
  void oldNews() {
    guess.leads(P2);
    guess.doesNotLead(P1, Optional.of(P3), 0);
    guess.isSilent(P3, 0);
    guess.left(P1, 0);
    asks(0, P2);
    asks(0, P2);
  }

  @Test
  @DisplayName("who is silent is passed over; when all are, it waits")
  void silence() {
    asks(0, P1);
    guess.isSilent(P1, 0);
    asks(0, P2);
    guess.isSilent(P2, 0);
    asks(0, P3);
    guess.isSilent(P3, 0);
    asksNobody(19);
    asks(20, P1);
  }

  @Test
  @DisplayName("a probe without an answer is over after a while")
  void lostProbe() {
    asks(0, P1);
    asksNobody(999);
    asks(1000, P1);
  }

  @Test
  @DisplayName("a leader that has left is asked who leads now")
  void left() {
    guess.leads(P2);
    guess.left(P2, 5);
    asks(5, P2);
    asksNobody(5);
  }
}
