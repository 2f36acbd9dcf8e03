package io.pekkoraft.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.pekkoraft.Nodes;
import io.pekkoraft.RaftException;
import io.pekkoraft.model.PeerId;
import io.pekkoraft.model.Term;
import io.pekkoraft.node.GateMessage.Bundle;
import io.pekkoraft.node.GateMessage.ForPeer;
import io.pekkoraft.node.GateMessage.Question;
import io.pekkoraft.node.GateMessage.Reply;
import io.pekkoraft.protocol.ClientMessage;
import io.pekkoraft.protocol.PeerMessage;
import io.pekkoraft.protocol.PeerMessage.TimeoutNow;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.pattern.StatusReply;
import org.apache.pekko.serialization.SerializationExtension;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What a node takes from others, over Artery. The last message of each test is a good one. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ReceptionTest {
  private static final PeerId P1 = PeerId.of("p1");
  private static final PeerId P2 = PeerId.of("p2");
  private static final PeerId P3 = PeerId.of("p3");

  private final Nodes nodes = new Nodes("pekko-raft.node.silence = 10s", "p1", "p2", "p3");
  private final Nodes others = new Nodes("", "p2");
  private final RaftNode here = RaftNode.get(nodes.system("p1"));
  private final RaftNode second = RaftNode.get(nodes.system("p2"));
  private final BlockingQueue<Term> heard = new LinkedBlockingQueue<>();
  private final BlockingQueue<ClientMessage> asked = new LinkedBlockingQueue<>();

  @BeforeAll
  void serve() {
    var where = Whereabouts.of(nodes.addresses());
    for (var node : List.of(here, second, RaftNode.get(others.system("p2")))) {
      node.locate("kv", where);
    }
    here.serve(residents(heard));
  }

  private Residents residents(BlockingQueue<Term> terms) {
    return new Residents() {
      @Override
      public boolean tell(String group, PeerId to, PeerMessage message) {
        return to.equals(P1) && terms.add(message.term());
      }

      @Override
      public Optional<CompletionStage<Object>> askHere(
          String group,
          PeerId to,
          Function<org.apache.pekko.actor.typed.ActorRef<Object>, ClientMessage> message,
          Duration patience) {
        asked.add(message.apply(nodes.system("p1").ignoreRef()));
        return Optional.of(
            CompletableFuture.completedStage(StatusReply.success("answer " + asked.size())));
      }
    };
  }

  @AfterAll
  void end() {
    nodes.close();
    others.close();
  }

  private static TimeoutNow from(PeerId sender, long term) {
    return new TimeoutNow(sender, Term.of(term));
  }

  private Term heard() throws InterruptedException {
    return heard.poll(10, TimeUnit.SECONDS);
  }

  @Test
  @DisplayName(
      "what is of a foreign group, from a stranger or for nobody here is counted, and no more")
  void notDelivered() throws Exception {
    var before = here.counters();
    second.send(here.address(), "foreign", P1, from(P2, 1));
    second.send(here.address(), "kv", PeerId.of("p9"), from(P2, 2));
    second.send(here.address(), "kv", P1, from(P3, 3)); // It lives elsewhere.
    second.send(here.address(), "kv", P1, from(PeerId.of("p8"), 4));
    second.send(here.address(), "kv", P1, from(P2, 5));
    assertThat(heard()).isEqualTo(Term.of(5));
    var after = here.counters();
    assertThat(after.notHere() - before.notHere()).isEqualTo(2);
    assertThat(after.strangers() - before.strangers()).isGreaterThanOrEqualTo(2);
    assertThat(heard).isEmpty();
  }

  @Test
  @DisplayName("a node that is on no list gets nowhere, whatever its peers are called")
  void stranger() throws Exception {
    var stranger = RaftNode.get(others.system("p2"));
    var before = here.counters().strangers();
    var unanswered =
        stranger.ask(
            here.address(),
            "kv",
            P1,
            new ClientMessage.Propose<String, String>("x", others.system("p2").ignoreRef()),
            Duration.ofSeconds(1));
    stranger.send(here.address(), "kv", P1, from(P2, 6));
    assertThat(unanswered).failsWithin(Duration.ofSeconds(10));
    assertThat(here.counters().strangers() - before).isGreaterThanOrEqualTo(2);
    assertThat(stranger.incarnationOf(here.address())).isEmpty();
    assertThat(heard).isEmpty();
  }

  @Test
  @DisplayName("a doubled question is asked once; an answer that nobody waits for is counted")
  void doubled() throws Exception {
    asked.clear();
    var system = nodes.system("p3");
    var third = RaftNode.get(system);
    var format = new ClientFormat(SerializationExtension.get(system));
    var content = format.write(new ClientMessage.Propose<String, String>("x", system.ignoreRef()));
    for (var number : List.of(1L, 1L, 2L, 1L, 2L)) {
      tell(
          system,
          here,
          new Question(third.address().toString(), 77, number, "kv", P1, 1000, content));
    }
    // On the same way, so that it comes after them.
    third.send(here.address(), "kv", P1, from(P3, 7));
    assertThat(heard()).isEqualTo(Term.of(7));
    assertThat(asked).hasSize(2);
    assertThat(here.counters().late()).isGreaterThanOrEqualTo(3);
  }

  @Test
  @DisplayName("an answer to an earlier start is nobody's")
  void notItsAnswer() throws Exception {
    var late = here.counters().late();
    var format = new ClientFormat(SerializationExtension.get(nodes.system("p2")));
    var wrong = format.writeAnswer(StatusReply.success("wrong"));
    for (var number = 1L; number < 5; number++) {
      tell(nodes.system("p2"), here, new Reply(second.address().toString(), 4711, number, wrong));
    }
    second.send(here.address(), "kv", P1, from(P2, 8));
    assertThat(heard()).isEqualTo(Term.of(8));
    assertThat(here.counters().late() - late).isGreaterThanOrEqualTo(4);
    var answer =
        second
            .ask(
                here.address(),
                "kv",
                P1,
                new ClientMessage.Propose<String, String>("x", nodes.system("p2").ignoreRef()),
                Duration.ofSeconds(10))
            .get(10, TimeUnit.SECONDS);
    assertThat(((StatusReply<?>) answer).getValue().toString()).startsWith("answer");
  }

  @Test
  @DisplayName("a service is called once and answers; where there is none, surely nothing happened")
  void service() throws Exception {
    here.serve("echo", ReceptionTest::echo);
    assertThat(call(second, "echo", 1).getValue()).isEqualTo(P1);
    assertThat(call(second, "echo", 2).getError())
        .isInstanceOf(RaftException.Overloaded.class)
        .hasMessage("It said so.");
    var before = here.counters().notHere();
    assertThat(call(second, "echo", 3).getError()).isInstanceOf(RaftException.NotLeader.class);
    assertThat(call(second, "nothing", 1).getError()).isInstanceOf(RaftException.NotLeader.class);
    assertThat(here.counters().notHere() - before).isEqualTo(2);
    var strangers = here.counters().strangers();
    assertThat(
            RaftNode.get(others.system("p2"))
                .call(here.address(), "echo", new byte[] {1}, Duration.ofSeconds(1)))
        .failsWithin(Duration.ofSeconds(10));
    assertThat(here.counters().strangers()).isGreaterThan(strangers);
  }

  private static Optional<CompletionStage<StatusReply<PeerId>>> echo(byte[] said, Duration left) {
    return switch (said[0]) {
      case 1 -> Optional.of(CompletableFuture.completedStage(StatusReply.success(P1)));
      case 2 ->
          Optional.of(
              CompletableFuture.completedStage(
                  StatusReply.error(new RaftException.Overloaded("It said so."))));
      default -> Optional.empty();
    };
  }

  private StatusReply<?> call(RaftNode from, String service, int content) throws Exception {
    return (StatusReply<?>)
        from.call(here.address(), service, new byte[] {(byte) content}, Duration.ofSeconds(10))
            .get(10, TimeUnit.SECONDS);
  }

  @Test
  @DisplayName("each letter of a bundle is judged as if it had come alone")
  void bundle() throws Exception {
    try (var two = new Nodes("", "p1", "p2")) {
      var reader = RaftNode.get(two.system("p1"));
      var from = two.address("p2").toString();
      var terms = new LinkedBlockingQueue<Term>();
      reader.locate("kv", Whereabouts.of(two.addresses()));
      reader.serve(residents(terms));
      var stranger = nodes.address("p2").toString();
      var fromStranger = new ForPeer(stranger, "kv", P2, P1, from(P2, 10));
      tell(two.system("p2"), reader, new Bundle(stranger, List.of(fromStranger, fromStranger)));
      tell(
          two.system("p2"),
          reader,
          new Bundle(
              from,
              List.of(
                  new ForPeer(from, "foreign", P2, P1, from(P2, 11)),
                  new ForPeer(from, "kv", P2, PeerId.of("p9"), from(P2, 12)),
                  new ForPeer(from, "kv", P3, P1, from(P3, 13)), // It is on no list.
                  new ForPeer(from, "kv", P1, P1, from(P1, 14)), // It lives elsewhere.
                  new ForPeer(from, "kv", P2, P1, from(P3, 15)), // It says another name.
                  new ForPeer(from, "kv", P2, P1, from(P2, 16)))));
      assertThat(terms.poll(10, TimeUnit.SECONDS)).isEqualTo(Term.of(16));
      assertThat(terms).isEmpty();
      assertThat(reader.counters()).isEqualTo(new NodeCounters(5, 2, 0, 0));
    }
  }

  private static void tell(ActorSystem<?> from, RaftNode to, GateMessage message) {
    var classic = (org.apache.pekko.actor.ExtendedActorSystem) from.classicSystem();
    classic
        .provider()
        .resolveActorRef(to.address() + "/system/" + Post.GATE)
        .tell(message, ActorRef.noSender());
  }

  @Test
  @DisplayName("a newcomer has no place until it may introduce itself")
  void newcomer() {
    assertThat(here.nodeOf("kv", PeerId.of("p9"))).isEmpty();
    var atlas = new Atlas();
    var node = nodes.address("p3");
    assertThat(atlas.introduce("kv", PeerId.of("p9"), node)).isFalse();
    atlas.locate("kv", Whereabouts.of(Map.of(P1, nodes.address("p1"))));
    assertThat(atlas.introduce("kv", P1, node)).isFalse();
    assertThat(atlas.introduce("kv", PeerId.of("p9"), node)).isTrue();
    assertThat(atlas.introduce("kv", PeerId.of("p9"), nodes.address("p2"))).isFalse();
    assertThat(atlas.of("kv", PeerId.of("p9"))).contains(node);
    assertThat(atlas.node(node.toString())).contains(node);
  }
}
