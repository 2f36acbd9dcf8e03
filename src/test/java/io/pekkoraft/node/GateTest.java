package io.pekkoraft.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.pekkoraft.Nodes;
import io.pekkoraft.RaftException.OutcomeUnknown;
import io.pekkoraft.model.PeerId;
import io.pekkoraft.model.Term;
import io.pekkoraft.node.GateMessage.Bundle;
import io.pekkoraft.node.GateMessage.Call;
import io.pekkoraft.node.GateMessage.ForPeer;
import io.pekkoraft.node.GateMessage.Introduction;
import io.pekkoraft.node.GateMessage.Question;
import io.pekkoraft.protocol.ClientMessage;
import io.pekkoraft.protocol.PeerMessage;
import io.pekkoraft.protocol.PeerMessage.TimeoutNow;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.pattern.StatusReply;
import org.apache.pekko.serialization.SerializationExtension;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Whatever comes over Artery, and whatever breaks here at it, what comes next is heard. */
class GateTest {
  private static final PeerId P1 = PeerId.of("p1");
  private static final PeerId P2 = PeerId.of("p2");
  private static final Term BREAKS = Term.of(1);
  private static final Term BREAKS_BADLY = Term.of(2);
  private static final Term CLASS_IS_NOT_WHOLE = Term.of(3);

  private final Nodes nodes = new Nodes("pekko-raft.node.accept-newcomers = on", "p1", "p2");
  private final RaftNode here = RaftNode.get(nodes.system("p1"));
  private final RaftNode there = RaftNode.get(nodes.system("p2"));
  private final String from = there.address().toString();
  private final BlockingQueue<Term> heard = new LinkedBlockingQueue<>();
  private final BlockingQueue<Duration> patience = new LinkedBlockingQueue<>();

  @BeforeEach
  void serve() {
    here.locate("kv", Whereabouts.of(nodes.addresses()));
    there.locate("kv", Whereabouts.of(nodes.addresses()));
    here.serve(
        new Residents() {
          @Override
          public boolean tell(String group, PeerId to, PeerMessage message) {
            if (message.term().equals(BREAKS)) {
              throw new IllegalStateException("as it was to");
            } else if (message.term().equals(BREAKS_BADLY)) {
              throw new AssertionError("as it was to");
            } else if (message.term().equals(CLASS_IS_NOT_WHOLE)) {
              throw new NoClassDefFoundError("as it was to");
            }
            return heard.add(message.term());
          }

          @Override
          public Optional<CompletionStage<Object>> askHere(
              String group,
              PeerId to,
              Function<org.apache.pekko.actor.typed.ActorRef<Object>, ClientMessage> message,
              Duration left) {
            patience.add(left);
            return Optional.of(CompletableFuture.completedStage(StatusReply.success("y")));
          }
        });
  }

  @AfterEach
  void end() {
    nodes.close();
  }

  private void tell(Object message) {
    ((ExtendedActorSystem) nodes.system("p2").classicSystem())
        .provider()
        .resolveActorRef(here.address() + "/system/" + Post.GATE)
        .tell(message, ActorRef.noSender());
  }

  private ForPeer letter(Term term) {
    return new ForPeer(from, "kv", P2, P1, new TimeoutNow(P2, term));
  }

  private void isHeard(long term) throws InterruptedException {
    tell(letter(Term.of(term)));
    assertThat(heard.poll(10, TimeUnit.SECONDS)).isEqualTo(Term.of(term));
    assertThat(heard).isEmpty();
  }

  @Test
  @DisplayName("what breaks at a message ends with it, and is counted; so at a letter of a bundle")
  void breaks() throws Exception {
    tell(letter(BREAKS));
    tell(letter(CLASS_IS_NOT_WHOLE));
    isHeard(4);
    tell(new Bundle(from, List.of(letter(BREAKS), letter(Term.of(5)), letter(BREAKS))));
    assertThat(heard.poll(10, TimeUnit.SECONDS)).isEqualTo(Term.of(5));
    isHeard(6);
    assertThat(here.counters()).isEqualTo(new NodeCounters(0, 0, 0, 4));
    tell(letter(BREAKS_BADLY));
    isHeard(7);
  }

  @Test
  @DisplayName("what no gate says is counted, and so is a newcomer's address that is none")
  void nothingOfOurs() throws Exception {
    tell("good morning");
    tell(new Introduction("no address", "kv", PeerId.of("p9")));
    tell(new Introduction("pekko://nodes", "kv", PeerId.of("p9"))); // It would be any node itself.
    isHeard(4);
    assertThat(here.counters()).isEqualTo(new NodeCounters(0, 0, 0, 3));
    assertThat(here.newcomersOf("kv")).isEmpty();
  }

  @Test
  @DisplayName("whoever is asked is told of a patience that a clock can count")
  void forgedPatience() throws Exception {
    here.serve(
        "patience",
        (content, left) -> {
          patience.add(left);
          return Optional.empty();
        });
    var format = new ClientFormat(SerializationExtension.get(nodes.system("p2")));
    var content =
        format.write(
            new ClientMessage.Propose<String, String>("x", nodes.system("p2").ignoreRef()));
    var number = 0;
    for (var forged : List.of(Long.MAX_VALUE, Long.MIN_VALUE, 0L)) {
      tell(new Question(from, 77, ++number, "kv", P1, forged, content));
      tell(new Call(from, 77, ++number, "patience", forged, content));
    }
    isHeard(4);
    var least = Duration.ofMillis(1);
    var most = Duration.ofDays(1);
    assertThat(patience).containsExactly(most, most, least, least, least, least);
  }

  @Test
  @DisplayName("a service that breaks tells its asker that nobody knows what became of it")
  void serviceBreaks() throws Exception {
    here.serve(
        "breaks",
        (content, left) -> {
          throw new IllegalStateException("as it was to");
        });
    here.serve(
        "breaks later",
        (content, left) ->
            Optional.of(CompletableFuture.failedFuture(new IllegalStateException("as it was to"))));
    for (var service : List.of("breaks", "breaks later")) {
      var answer = there.call(here.address(), service, new byte[0], Duration.ofSeconds(10));
      assertThat(((StatusReply<?>) answer.get(10, TimeUnit.SECONDS)).getError())
          .isInstanceOf(OutcomeUnknown.class)
          .hasMessageContaining("as it was to");
    }
    isHeard(4);
  }

  @Test
  @DisplayName("a listener that breaks keeps no other one from hearing, and no ping from going")
  void listenerBreaks() throws Exception {
    try (var two = new Nodes("", "p1", "p2")) {
      var reader = RaftNode.get(two.system("p1"));
      var events = new LinkedBlockingQueue<NodeEvent>();
      reader.subscribe(
          event -> {
            throw new IllegalStateException("as it was to");
          });
      reader.subscribe(events::add);
      var where = Whereabouts.of(two.addresses());
      var broken = new AtomicInteger();
      reader.locate("kv", where);
      reader.locate("odd", breaking(broken));
      RaftNode.get(two.system("p2")).locate("kv", where);
      assertThat(events.poll(10, TimeUnit.SECONDS)).isInstanceOf(NodeEvent.Alive.class);
      two.stop("p2");
      assertThat(events.poll(10, TimeUnit.SECONDS)).isInstanceOf(NodeEvent.Left.class);
      assertThat(broken.get()).isPositive();
    }
  }

  /** It says something once, and then breaks. */
  private static Whereabouts breaking(AtomicInteger broken) {
    return new Whereabouts() {
      private boolean asked;

      @Override
      public Optional<Address> of(String group, PeerId peer) {
        return Optional.empty();
      }

      @Override
      public Set<Address> nodes() {
        if (asked) {
          broken.incrementAndGet();
          throw new IllegalStateException("as it was to");
        }
        asked = true;
        return Set.of();
      }
    };
  }
}
