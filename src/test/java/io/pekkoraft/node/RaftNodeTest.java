package io.pekkoraft.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.pekkoraft.Nodes;
import io.pekkoraft.model.PeerId;
import io.pekkoraft.model.Term;
import io.pekkoraft.protocol.ClientMessage;
import io.pekkoraft.protocol.PeerMessage;
import io.pekkoraft.protocol.PeerMessage.TimeoutNow;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class RaftNodeTest {
  private static final PeerId P1 = PeerId.of("p1");
  private static final PeerId P2 = PeerId.of("p2");
  private static final String ONE_THREAD_AND_NO_GOODBYE =
      """
      pekko.actor.default-dispatcher {
        executor = thread-pool-executor
        thread-pool-executor.fixed-pool-size = 1
      }
      pekko.coordinated-shutdown.run-by-actor-system-terminate = off
      """;

  @Test
  @DisplayName("heartbeats go, and silence is noticed, while the application keeps its threads")
  void busyApplication() throws Exception {
    var over = new CountDownLatch(1);
    try (var nodes = new Nodes(ONE_THREAD_AND_NO_GOODBYE, "p1", "p2")) {
      var here = RaftNode.get(nodes.system("p1"));
      var there = RaftNode.get(nodes.system("p2"));
      var events = new LinkedBlockingQueue<NodeEvent>();
      var terms = new LinkedBlockingQueue<Term>();
      here.subscribe(events::add);
      there.serve(hearing(terms));
      for (var node : List.of(here, there)) {
        node.locate("kv", Whereabouts.of(nodes.addresses()));
      }
      // Pekko looks a host up on the application's threads: they are connected before.
      here.send(there.address(), "kv", P2, new TimeoutNow(P1, Term.of(6)));
      assertThat(terms.poll(10, TimeUnit.SECONDS)).isEqualTo(Term.of(6));
      assertThat(events.poll(10, TimeUnit.SECONDS)).isInstanceOf(NodeEvent.Alive.class);
      try {
        keepBusy(nodes.system("p1"), over);
        here.sendSoon(there.address(), "kv", P2, new TimeoutNow(P1, Term.of(7)));
        assertThat(terms.poll(10, TimeUnit.SECONDS)).isEqualTo(Term.of(7));
        nodes.stop("p2");
        assertThat(events.poll(10, TimeUnit.SECONDS))
            .isEqualTo(new NodeEvent.Silent(there.address()));
      } finally {
        over.countDown();
      }
    }
  }

  private static void keepBusy(ActorSystem<?> system, CountDownLatch over)
      throws InterruptedException {
    var busy = new CountDownLatch(1);
    system
        .executionContext()
        .execute(
            () -> {
              busy.countDown();
              try {
                over.await();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
    assertThat(busy.await(10, TimeUnit.SECONDS)).isTrue();
  }

  private static Residents hearing(LinkedBlockingQueue<Term> terms) {
    return new Residents() {
      @Override
      public boolean tell(String group, PeerId to, PeerMessage message) {
        return terms.add(message.term());
      }

      @Override
      public Optional<CompletionStage<Object>> askHere(
          String group,
          PeerId to,
          Function<ActorRef<Object>, ClientMessage> message,
          Duration patience) {
        return Optional.empty();
      }
    };
  }
}
