package io.pekkoraft.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.pekkoraft.RaftException.Overloaded;
import io.pekkoraft.model.PeerId;
import io.pekkoraft.node.GateMessage.Call;
import io.pekkoraft.node.GateMessage.Reply;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.pattern.StatusReply;
import org.apache.pekko.serialization.SerializationExtension;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What is asked of this node. Who asks is a gate in the same actor system, whose name is short. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AnswersTest {
  private static final PeerId P1 = PeerId.of("p1");
  private static final int MOST = 2;

  private final ActorTestKit kit = ActorTestKit.create();
  private final ExtendedActorSystem system = (ExtendedActorSystem) kit.system().classicSystem();
  private final Address asker = system.provider().rootPath().address();
  private final ClientFormat format = new ClientFormat(SerializationExtension.get(kit.system()));
  private final Post post = new Post(system, asker, 7);
  private final BlockingQueue<Reply> replies = new LinkedBlockingQueue<>();
  private final List<CompletableFuture<StatusReply<PeerId>>> asked = new ArrayList<>();
  private final Timers timers = new Timers();
  private final Dropped dropped = new Dropped();

  @BeforeAll
  void gate() {
    kit.system()
        .systemActorOf(
            Behaviors.<Reply>receiveMessage(
                reply -> {
                  replies.add(reply);
                  return Behaviors.same();
                }),
            Post.GATE,
            Props.empty());
  }

  @AfterAll
  void shutdown() {
    kit.shutdownTestKit();
  }

  private Answers answers() {
    var answers = new Answers(timers, post, format, MOST, dropped);
    answers.serve(
        "shows",
        (content, patience) -> {
          var answer = new CompletableFuture<StatusReply<PeerId>>();
          asked.add(answer);
          return Optional.of(answer);
        });
    return answers;
  }

  private void call(Answers answers, long number) {
    answers.asked(asker, new Call(asker.toString(), 77, number, "shows", 5_000, new byte[0]));
  }

  private StatusReply<?> reply(long number) throws Exception {
    var reply = replies.poll(10, TimeUnit.SECONDS);
    assertThat(reply).isNotNull();
    assertThat(reply.number()).isEqualTo(number);
    return (StatusReply<?>) format.readAnswer(reply.answer());
  }

  @Test
  @DisplayName("a service that never answers is waited for as long as its asker waits")
  void neverAnswers() throws Exception {
    var answers = answers();
    call(answers, 1);
    call(answers, 2);
    call(answers, 3);
    assertThat(reply(3).getError()).isInstanceOf(Overloaded.class);
    assertThat(asked).hasSize(MOST);

    asked.get(0).complete(StatusReply.success(P1));
    assertThat(reply(1).getValue()).isEqualTo(P1);
    assertThat(timers.all().get(0).isCancelled()).isTrue();
    assertThat(answers.isPending()).isTrue();

    assertThat(timers.all().get(1).delay()).hasSeconds(5);
    timers.all().get(1).task().run();
    assertThat(answers.isPending()).isFalse();
    asked.get(1).complete(StatusReply.success(P1)); // Nobody waits for it any more.
    assertThat(answers.isPending()).isFalse();
    call(answers, 4);
    assertThat(asked).hasSize(MOST + 1);
    asked.get(2).complete(StatusReply.success(P1));
    assertThat(reply(4).getValue()).isEqualTo(P1);
    assertThat(replies).isEmpty();
  }
}
