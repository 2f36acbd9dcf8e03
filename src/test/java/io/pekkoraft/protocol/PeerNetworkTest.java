package io.pekkoraft.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.pekkoraft.model.PeerId;
import io.pekkoraft.model.Term;
import io.pekkoraft.protocol.PeerMessage.TimeoutNow;
import java.util.ArrayList;
import java.util.List;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class PeerNetworkTest {
  private static final PeerId P1 = PeerId.of("p1");
  private static final PeerId P2 = PeerId.of("p2");
  private static final PeerId P3 = PeerId.of("p3");

  private final List<String> sent = new ArrayList<>();

  private class Plain implements PeerNetwork {
    @Override
    public void join(ActorRef<RaftMessage> self) {}

    @Override
    public void leave() {}

    @Override
    public void send(PeerId to, PeerMessage message) {
      sent.add("now " + to + " " + message.term());
    }
  }

  private final class Patient extends Plain {
    @Override
    public void sendSoon(PeerId to, PeerMessage message) {
      sent.add("soon " + to + " " + message.term());
    }
  }

  private static PeerMessage inTerm(long term) {
    return new TimeoutNow(P1, Term.of(term));
  }

  @Test
  @DisplayName("what may wait goes at once on a way that knows no better")
  void atOnce() {
    new Plain().sendSoon(P2, inTerm(1));
    assertThat(sent).containsExactly("now p2 1");
  }

  @Test
  @DisplayName("a sentry sees all and stops what it wants, and what may wait still may")
  void sentry() {
    var seen = new ArrayList<PeerMessage>();
    var way =
        new Patient().by((to, message) -> to.equals(P2)).by((to, message) -> seen.add(message));
    way.send(P2, inTerm(1));
    way.sendSoon(P2, inTerm(2));
    way.send(P3, inTerm(3));
    way.sendSoon(P3, inTerm(4));
    assertThat(sent).containsExactly("now p2 1", "soon p2 2");
    assertThat(seen).containsExactly(inTerm(1), inTerm(2), inTerm(3), inTerm(4));
  }
}
