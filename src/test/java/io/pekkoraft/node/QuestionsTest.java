package io.pekkoraft.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.pekkoraft.RaftException.NotLeader;
import io.pekkoraft.RaftException.OutcomeUnknown;
import io.pekkoraft.RaftException.Overloaded;
import io.pekkoraft.RaftException.ResultLost;
import io.pekkoraft.model.PeerId;
import io.pekkoraft.node.GateMessage.Reply;
import io.pekkoraft.protocol.ClientMessage;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.pattern.StatusReply;
import org.apache.pekko.serialization.SerializationExtension;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What becomes of a question. Time passes when a test says so; what is sent goes nowhere. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class QuestionsTest {
  private static final Address SELF = new Address("pekko", "kv", "10.0.0.1", 7400);
  private static final Address NODE = new Address("pekko", "kv", "10.0.0.2", 7400);
  private static final long INCARNATION = 77;
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final ActorTestKit kit = ActorTestKit.create();
  private final ClientFormat format = new ClientFormat(SerializationExtension.get(kit.system()));
  private final Post post =
      new Post((ExtendedActorSystem) kit.system().classicSystem(), SELF, INCARNATION);
  private final List<Exception> malformed = new ArrayList<>();

  @BeforeEach
  void nothingIsMalformed() {
    malformed.clear();
  }

  @AfterAll
  void shutdown() {
    kit.shutdownTestKit();
  }

  private Questions questions(Later later) {
    return new Questions(later, post, format, 10);
  }

  private CompletableFuture<Object> propose(Questions questions) {
    return questions.ask(
        NODE,
        "kv",
        PeerId.of("p2"),
        new ClientMessage.Propose<String, String>("x", kit.system().ignoreRef()),
        PATIENCE);
  }

  private CompletableFuture<Object> status(Questions questions) {
    return questions.ask(
        NODE,
        "kv",
        PeerId.of("p2"),
        new ClientMessage.GetStatus(kit.system().ignoreRef()),
        PATIENCE);
  }

  private boolean answer(Questions questions, long number, byte[] content) {
    return questions.answered(
        NODE, new Reply(NODE.toString(), INCARNATION, number, content), malformed::add);
  }

  private static Throwable errorOf(CompletableFuture<Object> answer) throws Exception {
    assertThat(answer).isDone();
    return ((StatusReply<?>) answer.get()).getError();
  }

  private static Throwable failureOf(CompletableFuture<Object> answer) {
    assertThat(answer).isDone();
    try {
      throw new AssertionError("It did not fail: " + answer.get());
    } catch (ExecutionException e) {
      return e.getCause();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  @DisplayName("one whose time is over before anything else happens is forgotten")
  void lateAtOnce() {
    var timers = new Timers();
    var questions =
        questions(
            (delay, task) -> {
              task.run();
              return timers.run(delay, task);
            });
    assertThat(failureOf(propose(questions))).isInstanceOf(TimeoutException.class);
    assertThat(questions.size()).isZero();
    assertThat(timers.all()).hasSize(1).allMatch(Timers.Timer::isCancelled);
  }

  @Test
  @DisplayName("one that is answered before its timer is known leaves no timer behind")
  void answeredAtOnce() throws Exception {
    var timers = new Timers();
    var questions = new Questions[1];
    questions[0] =
        questions(
            (delay, task) -> {
              answer(questions[0], 1, format.writeAnswer(StatusReply.success("y")));
              return timers.run(delay, task);
            });
    var answer = propose(questions[0]);
    assertThat(((StatusReply<?>) answer.get()).getValue()).isEqualTo("y");
    assertThat(questions[0].size()).isZero();
    assertThat(timers.all()).hasSize(1).allMatch(Timers.Timer::isCancelled);
  }

  @Test
  @DisplayName("however one ends, its timer and its place go; what comes later is nobody's")
  void ends() throws Exception {
    var timers = new Timers();
    var questions = questions(timers);
    var late = propose(questions);
    var answered = propose(questions);
    var gone = propose(questions);
    var givenUp = propose(questions);
    assertThat(timers.all()).allMatch(timer -> timer.delay().equals(PATIENCE));
    timers.all().get(0).task().run();
    assertThat(failureOf(late)).isInstanceOf(TimeoutException.class);
    assertThat(answer(questions, 2, new byte[0])).isTrue();
    assertThat(errorOf(answered)).isInstanceOf(NotLeader.class);
    givenUp.cancel(false);
    questions.isGone(NODE, questions.latest());
    assertThat(errorOf(gone)).isInstanceOf(OutcomeUnknown.class);
    assertThat(questions.size()).isZero();
    assertThat(timers.all()).hasSize(4).allMatch(Timers.Timer::isCancelled);
    for (var number = 1L; number <= 4; number++) {
      assertThat(answer(questions, number, new byte[0])).isFalse();
    }
    assertThat(malformed).isEmpty();
  }

  @Test
  @DisplayName("an answer that can't be read says that nobody knows, unless it brings a result")
  void unreadable() throws Exception {
    var questions = questions(new Timers());
    var contents =
        List.of(
            named("configuration", 1), named("from a newer version", 1), named("session", 0xf6));
    for (var content : contents) {
      var answer = propose(questions);
      assertThat(answer(questions, questions.latest(), content)).isTrue();
      assertThat(errorOf(answer)).isInstanceOf(OutcomeUnknown.class);
    }
    assertThat(malformed).hasSize(contents.size());
    var result = propose(questions);
    assertThat(answer(questions, questions.latest(), named("result", 1))).isTrue();
    assertThat(errorOf(result)).isInstanceOf(ResultLost.class);
    assertThat(malformed).hasSize(contents.size() + 1);
  }

  private static byte[] named(String name, int content) {
    var bytes = new byte[name.length() + 2];
    bytes[0] = (byte) name.length();
    System.arraycopy(name.getBytes(StandardCharsets.US_ASCII), 0, bytes, 1, name.length());
    bytes[name.length() + 1] = (byte) content;
    return bytes;
  }

  @Test
  @DisplayName("a refusal reaches who awaits no status as a failure, not as an answer of that kind")
  void refusedStatus() throws Exception {
    var questions = questions(new Timers());
    var refused = status(questions);
    var full = format.writeAnswer(StatusReply.error(new Overloaded("full")));
    assertThat(answer(questions, 1, full)).isTrue();
    assertThat(failureOf(refused)).isInstanceOf(TimeoutException.class).hasMessage("full");
    assertThat(malformed).isEmpty();
    var odd = status(questions);
    assertThat(answer(questions, 2, format.writeAnswer(StatusReply.success("y")))).isTrue();
    assertThat(failureOf(odd)).isInstanceOf(TimeoutException.class);
    assertThat(malformed).hasSize(1);
  }

  @Test
  @DisplayName("nobody waits for longer than a day, or for no time at all")
  void patience() {
    var timers = new Timers();
    var questions = questions(timers);
    for (var patience : List.of(Duration.ofDays(400), Duration.ZERO, Duration.ofSeconds(-5))) {
      questions.call(NODE, "any", new byte[0], patience);
    }
    assertThat(timers.all().stream().map(timer -> timer.delay()))
        .containsExactly(Duration.ofDays(1), Duration.ofMillis(1), Duration.ofMillis(1));
    var forged = new GateMessage.Call("", 1, 1, "any", Long.MAX_VALUE, new byte[0]);
    assertThat(forged.patience()).isEqualTo(Duration.ofDays(1));
    assertThat(new GateMessage.Call("", 1, 1, "any", Long.MIN_VALUE, new byte[0]).patience())
        .isEqualTo(Duration.ofMillis(1));
  }

  @Test
  @DisplayName("a reason that a newer version gives tells nothing of the outcome, nor does none")
  void unknownReason() {
    for (var type : List.of(Failure.Type.CHANGE_REFUSED, Failure.Type.COMMAND_REFUSED)) {
      var newer = new Failure(type, "so it said", Optional.empty(), Optional.of("BAD_WEATHER"));
      assertThat(newer.asException())
          .isInstanceOf(OutcomeUnknown.class)
          .hasMessageContaining("BAD_WEATHER")
          .hasMessageContaining("so it said");
      var none = new Failure(type, "so it said", Optional.empty(), Optional.empty());
      assertThat(none.asException())
          .isInstanceOf(OutcomeUnknown.class)
          .hasMessageContaining("none is given");
    }
  }
}
