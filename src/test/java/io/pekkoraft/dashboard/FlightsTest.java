package io.pekkoraft.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import io.pekkoraft.model.Batch;
import io.pekkoraft.model.Entry;
import io.pekkoraft.model.LogIndex;
import io.pekkoraft.model.LogPosition;
import io.pekkoraft.model.PeerId;
import io.pekkoraft.model.Term;
import io.pekkoraft.protocol.PeerMessage;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class FlightsTest {
  private static final PeerId P1 = PeerId.of("p1");
  private static final PeerId P2 = PeerId.of("p2");
  private static final Term TERM = Term.of(3);

  private final Flights flights = new Flights("kv", 4);

  private static PeerMessage append(Entry... entries) {
    return new PeerMessage.AppendEntries(
        P1, TERM, LogPosition.ORIGIN, Batch.of(entries), LogIndex.ZERO, 1);
  }

  private static PeerMessage vote() {
    return new PeerMessage.RequestVote(P1, TERM, LogPosition.ORIGIN, false);
  }

  @Test
  @DisplayName("of each kind no more than the bound is kept, and all are counted")
  void isBounded() {
    for (var i = 0; i < 1000; i++) {
      flights.sent("kv", P1, P2, append());
    }
    flights.sent("kv", P1, P2, vote());
    flights.sent("kv", P1, P2, append(Entry.noOp(TERM)));
    flights.sent("other", P1, P2, vote());
    var taken = flights.take();
    assertThat(taken.total()).isEqualTo(1002);
    assertThat(taken.flights())
        .extracting(flight -> Flight.Kind.of(flight.message()))
        .containsExactly(
            Flight.Kind.HEARTBEAT,
            Flight.Kind.HEARTBEAT,
            Flight.Kind.HEARTBEAT,
            Flight.Kind.HEARTBEAT,
            Flight.Kind.VOTE,
            Flight.Kind.APPEND);
    assertThat(flights.take()).isEqualTo(new Flights.Taken(List.of(), 0));
    flights.sent("kv", P1, P2, append());
    assertThat(flights.take().flights()).hasSize(1);
  }

  @Test
  @DisplayName("times of batches are told as median and 99th percentile, in microseconds, once")
  void times() {
    for (var i = 1; i <= 100; i++) {
      flights.applied("kv", P1, 1, i * 1_000_000L);
    }
    flights.applied("other", P1, 1, 9_000_000_000L);
    assertThat(flights.takeTimes()).isEqualTo(new Flights.Times(100, 51_000, 100_000));
    assertThat(flights.takeTimes()).isEqualTo(new Flights.Times(0, 0, 0));
    for (var i = 0; i < 5000; i++) {
      flights.applied("kv", P1, 1, 7_000);
    }
    assertThat(flights.takeTimes()).isEqualTo(new Flights.Times(5000, 7, 7));
  }

  @Test
  @DisplayName("a message to a peer that is cut off is told as lost")
  void lost() {
    flights.sent("kv", P1, P2, append());
    var isolated = new TreeSet<>(Set.of(P2));
    var message = Messages.flights(flights.take(), isolated);
    assertThat(message.getData()).contains("\"lost\":true", "\"kind\":\"HEARTBEAT\"");
  }
}
