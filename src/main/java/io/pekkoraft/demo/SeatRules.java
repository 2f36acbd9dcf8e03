package io.pekkoraft.demo;

import io.pekkoraft.demo.TicketOffice.Answer;
import io.pekkoraft.demo.TicketOffice.Cancel;
import io.pekkoraft.demo.TicketOffice.Event;
import io.pekkoraft.demo.TicketOffice.Free;
import io.pekkoraft.demo.TicketOffice.Reserve;
import io.pekkoraft.demo.TicketOffice.Reserved;
import io.pekkoraft.demo.TicketOffice.SeatCancelled;
import io.pekkoraft.demo.TicketOffice.SeatReserved;
import io.pekkoraft.demo.TicketOffice.Show;
import io.pekkoraft.demo.TicketOffice.Taken;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Who gets a seat: the same whoever keeps the events of a show. */
final class SeatRules {
  static final Show EMPTY = new Show(Map.of());

  private SeatRules() {}

  /**
   * What becomes of a command.
   *
   * @param events none when all stays as it is
   * @param answer to be given when the events are safe
   */
  record Decision(List<Event> events, Answer answer) {
    private static Decision of(Event event, Answer answer) {
      return new Decision(List.of(event), answer);
    }

    private static Decision nothing(Answer answer) {
      return new Decision(List.of(), answer);
    }
  }

  static Decision reserve(Show show, Reserve wanted) {
    var holder = show.taken().get(wanted.seat());
    var reserved = new Reserved(wanted.seat(), wanted.customer());
    if (holder == null) {
      return Decision.of(new SeatReserved(wanted.seat(), wanted.customer()), reserved);
    }
    return Decision.nothing(
        holder.equals(wanted.customer()) ? reserved : new Taken(wanted.seat(), holder));
  }

  static Decision cancel(Show show, Cancel wanted) {
    var holder = show.taken().get(wanted.seat());
    if (holder == null) {
      return Decision.nothing(new Free(wanted.seat()));
    }
    return holder.equals(wanted.customer())
        ? Decision.of(new SeatCancelled(wanted.seat()), new Free(wanted.seat()))
        : Decision.nothing(new Taken(wanted.seat(), holder));
  }

  static Show sold(Show show, SeatReserved sold) {
    var next = new TreeMap<>(show.taken());
    next.put(sold.seat(), sold.customer());
    return new Show(next);
  }

  static Show back(Show show, SeatCancelled back) {
    var next = new TreeMap<>(show.taken());
    next.remove(back.seat());
    return new Show(next);
  }
}
