package io.pekkoraft.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.pekkoraft.model.PeerId;
import io.pekkoraft.model.Term;
import io.pekkoraft.node.GateMessage.Bundle;
import io.pekkoraft.node.GateMessage.ForPeer;
import io.pekkoraft.protocol.PeerMessage.TimeoutNow;
import java.util.ArrayList;
import java.util.List;
import org.apache.pekko.actor.Address;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class BundlesTest {
  private static final String SELF = "pekko://kv@10.0.0.1:7400";
  private static final Address SECOND = new Address("pekko", "kv", "10.0.0.2", 7400);
  private static final Address THIRD = new Address("pekko", "kv", "10.0.0.3", 7400);
  private static final PeerId P1 = PeerId.of("p1");
  private static final PeerId P2 = PeerId.of("p2");

  private final List<Sent> sent = new ArrayList<>();
  private final List<Runnable> timers = new ArrayList<>();

  private record Sent(Address node, GateMessage message, int bytes) {}

  private Bundles bundles(int most) {
    return new Bundles(
        (node, message, bytes) -> sent.add(new Sent(node, message, bytes)), most, timers::add);
  }

  private static ForPeer letter(String group, long term) {
    return new ForPeer(SELF, group, P1, P2, new TimeoutNow(P1, Term.of(term)));
  }

  private void timePasses() {
    var due = List.copyOf(timers);
    timers.clear();
    due.forEach(Runnable::run);
  }

  @Test
  @DisplayName("what goes to the same node goes in one message, after a while")
  void oneMessage() {
    var bundles = bundles(10_000);
    bundles.add(SECOND, letter("a", 1));
    bundles.add(THIRD, letter("a", 2));
    bundles.add(SECOND, letter("b", 3));
    bundles.add(THIRD, letter("b", 4));
    bundles.add(SECOND, letter("c", 5));
    assertThat(sent).isEmpty();
    assertThat(timers).as("one a node").hasSize(2);
    timePasses();
    assertThat(sent.stream().map(Sent::node)).containsExactlyInAnyOrder(SECOND, THIRD);
    assertThat(sent.stream().map(Sent::message))
        .containsExactlyInAnyOrder(
            new Bundle(SELF, List.of(letter("a", 1), letter("b", 3), letter("c", 5))),
            new Bundle(SELF, List.of(letter("a", 2), letter("b", 4))));
  }

  @Test
  @DisplayName("no timer runs while nothing waits, and what was sent is not sent again")
  void nothingWaits() {
    var bundles = bundles(10_000);
    assertThat(timers).isEmpty();
    bundles.add(SECOND, letter("a", 1));
    timePasses();
    assertThat(sent).hasSize(1);
    assertThat(timers).isEmpty();
    timePasses();
    bundles.add(SECOND, letter("a", 2));
    assertThat(timers).hasSize(1);
    timePasses();
    assertThat(sent.stream().map(Sent::message)).containsExactly(letter("a", 1), letter("a", 2));
  }

  @Test
  @DisplayName("one alone goes as it always did")
  void alone() {
    bundles(10_000).add(SECOND, letter("a", 1));
    timePasses();
    assertThat(sent).containsExactly(new Sent(SECOND, letter("a", 1), 0));
  }

  @Test
  @DisplayName("what a peer says later takes the place of what waits, and no more room")
  void replaced() {
    var bundles = bundles(2 * Bundles.bytes(letter("a", 1)));
    for (var term = 1; term <= 1000; term++) {
      bundles.add(SECOND, letter("a", term));
      bundles.add(SECOND, letter("b", term));
    }
    assertThat(sent).isEmpty();
    timePasses();
    assertThat(sent.stream().map(Sent::message))
        .containsExactly(new Bundle(SELF, List.of(letter("a", 1000), letter("b", 1000))));
  }

  @Test
  @DisplayName("what does not fit into one message goes in several, and nothing later")
  void severalMessages() {
    var each = Bundles.bytes(letter("0", 1));
    var bundles = bundles(3 * each);
    for (var i = 0; i < 8; i++) {
      bundles.add(SECOND, letter("" + i, 1));
      assertThat(timers).hasSize(1);
    }
    assertThat(sent).as("what is full does not wait").hasSize(2);
    timePasses();
    assertThat(sent).hasSize(3).allSatisfy(it -> assertThat(it.bytes()).isLessThan(3 * each + 1));
    assertThat(sent.stream().mapToInt(it -> ((Bundle) it.message()).letters().size()))
        .containsExactly(3, 3, 2);
  }
}
