package io.pekkoraft.sharding;

import static io.pekkoraft.sharding.ClusterNodes.now;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pekkoraft.RaftException;
import io.pekkoraft.sharding.Account.Balance;
import io.pekkoraft.sharding.Account.Deposit;
import io.pekkoraft.sharding.Account.Get;
import io.pekkoraft.sharding.Account.Sealed;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Entities over the nodes of a cluster, which talk over the loopback interface. */
class ShardingOverNodesTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final List<String> IDS = List.of("n1", "n2", "n3");
  private static final String FEW =
      "pekko-raft.sharding { groups = 4, max-live = 100, max-in-flight = 32, max-attempts = 100 }";

  @TempDir private Path directory;

  private ClusterNodes three(String settings) throws Exception {
    var nodes = new ClusterNodes(directory, settings);
    for (var i = 0; i < IDS.size(); i++) {
      nodes.start(IDS.get(i), "replica-" + (i + 1));
    }
    nodes.initAll();
    return nodes;
  }

  /** Whether it took effect: nothing when nobody can tell. */
  private static CompletableFuture<Outcome> deposit(EntityRef<Account.Command> account) {
    return account
        .<Balance>askWithStatus(replyTo -> new Deposit(1, replyTo), PATIENCE)
        .handle(
            (balance, failure) -> {
              var cause = failure instanceof CompletionException ? failure.getCause() : failure;
              if (cause == null) {
                return Outcome.DONE;
              }
              if (cause instanceof RaftException.OutcomeUnknown) {
                return Outcome.UNKNOWN;
              }
              assertThat(cause).isInstanceOf(RaftException.class);
              return Outcome.NOTHING;
            })
        .toCompletableFuture();
  }

  private enum Outcome {
    DONE,
    NOTHING,
    UNKNOWN
  }

  private static Balance balance(EntityRef<Account.Command> account) throws Exception {
    return now(account.<Balance>askWithStatus(Get::new, PATIENCE));
  }

  private static long count(List<CompletableFuture<Outcome>> asked, Outcome outcome) {
    return asked.stream().filter(one -> one.join() == outcome).count();
  }

  private static void requireAll(Balance balance, List<CompletableFuture<Outcome>> asked) {
    var done = count(asked, Outcome.DONE);
    assertThat(balance.amount()).isEqualTo(balance.changes());
    assertThat(balance.amount()).isBetween(done, done + count(asked, Outcome.UNKNOWN));
  }

  @Test
  @DisplayName("a node that stops in order hands its groups over: each command is answered")
  void stopsInOrder() throws Exception {
    try (var nodes = three(FEW)) {
      var asked = new ArrayList<CompletableFuture<Outcome>>();
      var stopping = CompletableFuture.runAsync(() -> {});
      for (var round = 0; round < 60 || !stopping.isDone(); round++) {
        for (var i = 0; i < 8; i++) {
          asked.add(deposit(nodes.account(i % 2 == 0 ? "n2" : "n3", "e" + i)));
        }
        asked.get(asked.size() - 1).get(40, TimeUnit.SECONDS);
        if (round == 20) {
          stopping = CompletableFuture.runAsync(() -> stop(nodes, "n1"));
        }
      }
      stopping.get(60, TimeUnit.SECONDS);
      for (var one : asked) {
        assertThat(one.get(40, TimeUnit.SECONDS)).isEqualTo(Outcome.DONE);
      }
      var sum = 0L;
      for (var i = 0; i < 8; i++) {
        sum += balance(nodes.account("n3", "e" + i)).amount();
      }
      assertThat(sum).isEqualTo(asked.size());
    }
  }

  private static void stop(ClusterNodes nodes, String id) {
    try {
      nodes.stop(id);
    } catch (Exception e) {
      throw new CompletionException(e);
    }
  }

  @Test
  @DisplayName("a command that can't go to the leader's node is refused, and others go on")
  void refusesWhatCannotTravel() throws Exception {
    try (var nodes = three(FEW)) {
      assertThat(deposit(nodes.account("n1", "a")).get(40, TimeUnit.SECONDS))
          .isEqualTo(Outcome.DONE);
      for (var id : IDS) { // On one of them it is refused by the handler.
        var account = nodes.account(id, "a");
        assertThatThrownBy(
                () ->
                    now(
                        account.<Balance>askWithStatus(
                            replyTo -> new Sealed(new Object(), replyTo), PATIENCE)))
            .hasCauseInstanceOf(RaftException.class);
        assertThat(balance(account)).isEqualTo(new Balance(1, 1));
      }
    }
  }

  @Test
  @DisplayName("all nodes write to one entity, one is killed and comes back: each event once")
  void anyNode() throws Exception {
    try (var nodes = three(FEW)) {
      var asked = new ArrayList<CompletableFuture<Outcome>>();
      for (var round = 0; round < 10; round++) {
        for (var id : IDS) {
          asked.add(deposit(nodes.account(id, "a")));
        }
      }
      for (var one : asked) {
        one.get(40, TimeUnit.SECONDS);
      }
      assertThat(count(asked, Outcome.DONE)).isEqualTo(30);
      // One node decides, whoever asks: the one whose peer leads the group.
      assertThat(IDS.stream().filter(id -> nodes.decided(id) > 0)).hasSize(1);
      assertThat(IDS.stream().mapToInt(nodes::decided).sum()).isEqualTo(30);
      for (var id : IDS) {
        requireAll(balance(nodes.account(id, "a")), asked);
      }
      nodes.kill("n1");
      // Until its silence is noticed, nobody can tell what became of what it was asked.
      for (var i = 0; i < 10 || count(asked, Outcome.DONE) < 35; i++) {
        assertThat(i).isLessThan(100);
        asked.add(deposit(nodes.account(i % 2 == 0 ? "n2" : "n3", "a")));
        asked.get(asked.size() - 1).get(40, TimeUnit.SECONDS);
      }
      requireAll(balance(nodes.account("n2", "a")), asked);
      nodes.start("n1", "replica-1");
      now(nodes.init("n1"));
      requireAll(balance(nodes.account("n1", "a")), asked);
    }
  }
}
