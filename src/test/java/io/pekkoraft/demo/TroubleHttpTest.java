package io.pekkoraft.demo;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.typesafe.config.ConfigFactory;
import io.pekkoraft.RaftException.ChangeRefused;
import io.pekkoraft.RaftException.CommandFailed;
import io.pekkoraft.RaftException.CommandRefused;
import io.pekkoraft.RaftException.CommandRefused.Reason;
import io.pekkoraft.RaftException.NotLeader;
import io.pekkoraft.RaftException.OutcomeUnknown;
import io.pekkoraft.RaftException.Overloaded;
import io.pekkoraft.RaftGroup;
import io.pekkoraft.RaftSettings;
import io.pekkoraft.demo.HttpEdge.Answer;
import io.pekkoraft.demo.KeyValue.Missing;
import io.pekkoraft.demo.KeyValue.Removed;
import io.pekkoraft.demo.KeyValue.Result;
import io.pekkoraft.http.RaftRoutes;
import io.pekkoraft.model.PeerId;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.http.javadsl.server.Directives;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;

/** What a client hears when the group can't serve it: never silence, and never the inside. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(60)
class TroubleHttpTest {
  private final ActorTestKit kit =
      ActorTestKit.create("kv-trouble", ConfigFactory.load("in-memory.conf"));
  private volatile CompletionStage<Result> outcome;
  private HttpEdge http;

  @BeforeAll
  void serve() {
    http =
        HttpEdge.serving(
            kit.system(),
            new KeyValueRoute(command -> outcome, (query, consistency) -> outcome).route());
  }

  @AfterAll
  void shutdown() {
    kit.shutdownTestKit();
  }

  private Answer whenPutFailsWith(Throwable failure) {
    outcome = CompletableFuture.failedStage(failure);
    return http.put("/kv/k", "x");
  }

  @Test
  @DisplayName("503 and Retry-After when surely nothing happened")
  void nothingHappened() {
    var noLeader = whenPutFailsWith(new NotLeader(Optional.empty())).isProblem(503);
    assertThat(noLeader.header("Retry-After")).isEqualTo("1");
    var overloaded = whenPutFailsWith(new Overloaded("full")).isProblem(503);
    assertThat(overloaded.header("Retry-After")).isEqualTo("1");
  }

  @Test
  @DisplayName("504 when nobody can tell what happened, and no hint to just try again")
  void outcomeUnknown() {
    var unknown = whenPutFailsWith(new OutcomeUnknown("late")).isProblem(504);
    assertThat(unknown.header("Retry-After")).isNull();
  }

  @Test
  @DisplayName("413 when the command is too large once it is serialized")
  void refused() {
    whenPutFailsWith(new CommandRefused(Reason.TOO_LARGE, "The command has 2 bytes too many."))
        .isProblem(413);
  }

  @Test
  @DisplayName("409 for a change that collides, 422 for one that can't be, 503 for one given up")
  void changeRefused() {
    whenPutFailsWith(new ChangeRefused(ChangeRefused.Reason.UNDER_WAY, "so")).isProblem(409);
    whenPutFailsWith(new ChangeRefused(ChangeRefused.Reason.NO_SUCH_PEER, "so")).isProblem(422);
    whenPutFailsWith(new ChangeRefused(ChangeRefused.Reason.TIMED_OUT, "so")).isProblem(503);
  }

  @Test
  @DisplayName("500 for a bug, which only the log explains")
  void bug() {
    var secret = new ArithmeticException("secret");
    var failures =
        List.of(
            new CommandFailed("secret", secret),
            new CommandRefused(Reason.NOT_SERIALIZABLE, "secret", secret),
            secret);
    var log = logOfTheBoundary();
    for (var failure : failures) {
      assertThat(whenPutFailsWith(failure).isProblem(500).text()).doesNotContain("secret");
    }
    outcome = CompletableFuture.completedStage(new Missing());
    http.get("/kv/k").isProblem(404);
    outcome = CompletableFuture.completedStage(new Removed());
    http.get("/kv/k").isProblem(500);
    assertThat(log.list).hasSize(4).allMatch(event -> event.getThrowableProxy() != null);
  }

  /** Taken from the console, where stack traces look like trouble. */
  private static ListAppender<ILoggingEvent> logOfTheBoundary() {
    var appender = new ListAppender<ILoggingEvent>();
    appender.start();
    var logger = (Logger) LoggerFactory.getLogger("io.pekkoraft.http.ProblemBoundary");
    logger.setAdditive(false);
    logger.addAppender(appender);
    return appender;
  }

  @Test
  @DisplayName(
      "without a leader every request ends as 503 within client.timeout; the status answers")
  void leaderless() {
    var patient =
        ConfigFactory.parseString(
                """
                election-timeout { min = 1h, max = 2h }
                client.timeout = 2s
                """)
            .withFallback(kit.system().settings().config().getConfig("pekko-raft"));
    var group =
        RaftGroup.spawn(
            kit.system(),
            "leaderless",
            PeerId.setOf("p1", "p2", "p3"),
            KeyValue::new,
            RaftSettings.create(patient));
    var edge =
        HttpEdge.serving(
            kit.system(), Directives.concat(KeyValueRoute.of(group), RaftRoutes.of(group)));
    kit.createTestProbe()
        .awaitAssert(
            () ->
                assertThat(group.status(PeerId.of("p1")).toCompletableFuture().join()).isPresent());
    var begin = System.nanoTime();
    for (var answer :
        new Answer[] {edge.put("/kv/k", "x"), edge.get("/kv/k"), edge.delete("/kv/k")}) {
      assertThat(answer.isProblem(503).header("Retry-After")).isEqualTo("1");
    }
    assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(15));
    var status = edge.get("/raft/status").is(200).json();
    assertThat(status.get("role").textValue()).isEqualTo("FOLLOWER");
    assertThat(status.get("leader").isNull()).isTrue();
    assertThat(status.get("votedFor").isNull()).isTrue();

    group.stop().toCompletableFuture().join();
    assertThat(edge.get("/raft/status").isProblem(503).header("Retry-After")).isEqualTo("1");
    assertThat(edge.get("/raft/status?peer=p1").isProblem(503).header("Retry-After"))
        .isEqualTo("1");
    edge.put("/kv/k", "x").isProblem(503);
  }
}
