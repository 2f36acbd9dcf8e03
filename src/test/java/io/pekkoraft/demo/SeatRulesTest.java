package io.pekkoraft.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.pekkoraft.demo.TicketOffice.Cancel;
import io.pekkoraft.demo.TicketOffice.Free;
import io.pekkoraft.demo.TicketOffice.Reserve;
import io.pekkoraft.demo.TicketOffice.Reserved;
import io.pekkoraft.demo.TicketOffice.SeatCancelled;
import io.pekkoraft.demo.TicketOffice.SeatReserved;
import io.pekkoraft.demo.TicketOffice.Show;
import io.pekkoraft.demo.TicketOffice.Taken;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class SeatRulesTest {
  private static final Show SOLD = new Show(Map.of("A1", "ann"));

  private static Reserve reserve(String seat, String customer) {
    return new Reserve(seat, customer, null);
  }

  private static Cancel cancel(String seat, String customer) {
    return new Cancel(seat, customer, null);
  }

  @Test
  @DisplayName("a free seat is sold; one that somebody has is not, and stays with who has it")
  void sells() {
    var first = SeatRules.reserve(SeatRules.EMPTY, reserve("A1", "ann"));
    assertThat(first.events()).containsExactly(new SeatReserved("A1", "ann"));
    assertThat(first.answer()).isEqualTo(new Reserved("A1", "ann"));
    assertThat(SeatRules.sold(SeatRules.EMPTY, new SeatReserved("A1", "ann"))).isEqualTo(SOLD);
    var second = SeatRules.reserve(SOLD, reserve("A1", "bob"));
    assertThat(second.events()).isEmpty();
    assertThat(second.answer()).isEqualTo(new Taken("A1", "ann"));
  }

  @Test
  @DisplayName("who has it gives it back, and nobody else does")
  void takesBack() {
    assertThat(SeatRules.cancel(SOLD, cancel("A1", "bob")).events()).isEmpty();
    var back = SeatRules.cancel(SOLD, cancel("A1", "ann"));
    assertThat(back.events()).containsExactly(new SeatCancelled("A1"));
    assertThat(back.answer()).isEqualTo(new Free("A1"));
    assertThat(SeatRules.back(SOLD, new SeatCancelled("A1"))).isEqualTo(SeatRules.EMPTY);
  }

  @Test
  @DisplayName("a command that comes twice changes nothing the second time, and is answered alike")
  void mayComeTwice() {
    var again = SeatRules.reserve(SOLD, reserve("A1", "ann"));
    assertThat(again.events()).isEmpty();
    assertThat(again.answer()).isEqualTo(new Reserved("A1", "ann"));
    var free = SeatRules.cancel(SeatRules.EMPTY, cancel("A1", "ann"));
    assertThat(free.events()).isEmpty();
    assertThat(free.answer()).isEqualTo(new Free("A1"));
  }
}
