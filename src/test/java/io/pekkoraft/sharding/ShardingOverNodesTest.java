package io.pekkoraft.sharding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pekkoraft.Nodes;
import io.pekkoraft.RaftException;
import io.pekkoraft.RaftSettings;
import io.pekkoraft.model.PeerId;
import io.pekkoraft.sharding.Account.Balance;
import io.pekkoraft.sharding.Account.Deposit;
import io.pekkoraft.sharding.Account.Get;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The same entities on three actor systems, which talk over the loopback interface. */
class ShardingOverNodesTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final List<String> IDS = List.of("r1", "r2", "r3");

  private static final ShardingSettings SETTINGS = new ShardingSettings(2, 3, 100, 32, 1000, 100);

  /** Nodes of a busy machine. */
  private static Nodes nodes() {
    return new Nodes(
        "pekko-raft.election-timeout { min = 500ms, max = 1s }", IDS.toArray(String[]::new));
  }

  private static void init(Nodes nodes) {
    var ready =
        IDS.stream()
            .map(
                id ->
                    RaftSharding.get(nodes.system(id))
                        .init(
                            Account.entity(),
                            SETTINGS,
                            RaftSettings.create(nodes.system(id)),
                            PeerId.of(id),
                            nodes.addresses())
                        .toCompletableFuture())
            .toList();
    CompletableFuture.allOf(ready.toArray(CompletableFuture<?>[]::new))
        .orTimeout(60, TimeUnit.SECONDS)
        .join();
  }

  private static EntityRef<Account.Command> account(Nodes nodes, String node, String id) {
    return RaftSharding.get(nodes.system(node)).entityRefFor(Account.KEY, id);
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

  private static Balance balance(EntityRef<Account.Command> account) {
    return account
        .<Balance>askWithStatus(Get::new, PATIENCE)
        .toCompletableFuture()
        .orTimeout(30, TimeUnit.SECONDS)
        .join();
  }

  private static long count(List<CompletableFuture<Outcome>> asked, Outcome outcome) {
    return asked.stream().filter(one -> one.join() == outcome).count();
  }

  @Test
  @DisplayName("all nodes write to one entity, one of them leaves: each event once, none lost")
  void anyNode() throws Exception {
    try (var nodes = nodes()) {
      init(nodes);
      var asked = new ArrayList<CompletableFuture<Outcome>>();
      for (var round = 0; round < 10; round++) {
        for (var id : IDS) {
          asked.add(deposit(account(nodes, id, "a")));
        }
        asked.get(asked.size() - 1).get(40, TimeUnit.SECONDS);
      }
      for (var one : asked) {
        one.get(40, TimeUnit.SECONDS);
      }
      assertThat(count(asked, Outcome.DONE)).isGreaterThan(15);
      for (var id : IDS) {
        requireAll(balance(account(nodes, id, "a")), asked);
      }
      nodes.stop("r1");
      for (var i = 0; i < 10; i++) {
        asked.add(deposit(account(nodes, i % 2 == 0 ? "r2" : "r3", "a")));
        asked.get(asked.size() - 1).get(40, TimeUnit.SECONDS);
      }
      requireAll(balance(account(nodes, "r2", "a")), asked);
      assertThat(count(asked.subList(30, 40), Outcome.DONE)).isGreaterThan(5);
    }
  }

  private static void requireAll(Balance balance, List<CompletableFuture<Outcome>> asked) {
    var done = count(asked, Outcome.DONE);
    assertThat(balance.amount()).isEqualTo(balance.changes());
    assertThat(balance.amount()).isBetween(done, done + count(asked, Outcome.UNKNOWN));
  }

  @Test
  @DisplayName("as many nodes as replicas, or none begins")
  void refusesAnotherNumberOfNodes() {
    try (var nodes = new Nodes("", "r1")) {
      assertThatThrownBy(
              () ->
                  RaftSharding.get(nodes.system("r1"))
                      .init(
                          Account.entity(),
                          SETTINGS,
                          RaftSettings.create(nodes.system("r1")),
                          PeerId.of("r1"),
                          Map.of(PeerId.of("r1"), nodes.address("r1"))))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("pekko-raft.sharding.replicas = 3");
    }
  }
}
