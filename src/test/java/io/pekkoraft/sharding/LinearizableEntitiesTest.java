package io.pekkoraft.sharding;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import io.pekkoraft.CommandHandler;
import io.pekkoraft.Isolation;
import io.pekkoraft.RaftEvent;
import io.pekkoraft.RaftEvent.RoleChanged;
import io.pekkoraft.RaftException;
import io.pekkoraft.RaftSettings;
import io.pekkoraft.RaftStatus;
import io.pekkoraft.StateMachine;
import io.pekkoraft.model.Term;
import io.pekkoraft.sharding.Account.Balance;
import io.pekkoraft.sharding.Account.Deposit;
import io.pekkoraft.sharding.Account.Get;
import io.pekkoraft.sharding.Account.Withdraw;
import io.pekkoraft.testkit.linearizability.History;
import io.pekkoraft.testkit.linearizability.Linearizability;
import java.time.Duration;
import java.util.ArrayList;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.eventstream.EventStream;
import org.apache.pekko.pattern.StatusReply;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What clients see of entities while leaders come and go, judged by an account without groups. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LinearizableEntitiesTest {
  private static final int ROUNDS = 8;
  private static final int MOST_ROUNDS = 40;
  private static final int CLIENTS = 4;
  private static final int OPERATIONS = 30;
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final EntityTypeKey<Account.Command> KEY =
      EntityTypeKey.create(Account.Command.class, "Judged");

  private final ActorTestKit kit = ActorTestKit.create(ConfigFactory.load("in-memory.conf"));
  private final RaftSharding sharding = RaftSharding.get(kit.system());
  private final History<Operation, String> history = new History<>();
  private final TestProbe<RaftEvent> roles = kit.createTestProbe(RaftEvent.class);
  private final AtomicInteger unknown = new AtomicInteger();

  @AfterAll
  void shutdown() {
    kit.shutdownTestKit();
  }

  private enum Kind {
    DEPOSIT,
    WITHDRAW,
    GET
  }

  private record Operation(String account, Kind kind, long amount) {}

  /** One account, which is all that the operations of one key concern. */
  private static final class OneAccount extends StateMachine<Operation, String, Balance> {
    @Override
    public Balance emptyState() {
      return new Balance(0, 0);
    }

    @Override
    public CommandHandler<Operation, String, Balance> commandHandler() {
      return newCommandHandlerBuilder()
          .onCommand(
              Operation.class,
              (balance, operation) -> {
                if (operation.kind() == Kind.GET) {
                  return Effect().reply(balance.toString());
                }
                var by =
                    operation.kind() == Kind.DEPOSIT ? operation.amount() : -operation.amount();
                if (balance.amount() + by < 0) {
                  return Effect().reply("refused");
                }
                var after = new Balance(balance.amount() + by, balance.changes() + 1);
                return Effect().set(after).thenReply(after.toString());
              })
          .build();
    }
  }

  private CompletableFuture<StatusReply<Balance>> ask(Operation operation) {
    return sharding
        .entityRefFor(KEY, operation.account())
        .<StatusReply<Balance>>ask(
            replyTo ->
                switch (operation.kind()) {
                  case DEPOSIT -> new Deposit(operation.amount(), replyTo);
                  case WITHDRAW -> new Withdraw(operation.amount(), replyTo);
                  case GET -> new Get(replyTo);
                },
            PATIENCE)
        .toCompletableFuture();
  }

  /**
   * One operation after the other. One that nobody can tell the outcome of may take effect later,
   * so whoever asked goes on under another name; one that was refused must not.
   *
   * @return how many have a reply
   */
  private CompletableFuture<Integer> run(String client, SplittableRandom random, int left) {
    if (left == 0) {
      return CompletableFuture.completedFuture(0);
    }
    var kinds = Kind.values();
    var operation =
        new Operation(
            "e" + random.nextInt(2), kinds[random.nextInt(kinds.length)], random.nextInt(1, 5));
    var call = history.called(client, operation);
    return ask(operation)
        .handle(
            (reply, failure) -> {
              if (failure == null) {
                call.returned(reply.isSuccess() ? reply.getValue().toString() : "refused");
                return 1;
              }
              var cause = failure instanceof CompletionException ? failure.getCause() : failure;
              assertThat(cause).isInstanceOf(RaftException.class);
              if (cause instanceof RaftException.OutcomeUnknown) {
                call.unknown();
                unknown.incrementAndGet();
              } else {
                call.refused();
              }
              return 0;
            })
        .thenCompose(
            done ->
                run(done == 1 ? client : client + "'", random, left - 1)
                    .thenApply(others -> others + done));
  }

  @Test
  @DisplayName("each entity is linearizable, while leaders are cut off and start anew")
  void linearizable() throws Exception {
    kit.system()
        .eventStream()
        .tell(new EventStream.Subscribe<>(RoleChanged.class, roles.getRef().narrow()));
    sharding
        .init(
            Entity.of(KEY, context -> new Account()),
            new ShardingSettings(1, 3, 3, "unused", 1, Duration.ofMinutes(1), 32, 1000, 20),
            RaftSettings.create(kit.system()))
        .toCompletableFuture()
        .get(20, TimeUnit.SECONDS);
    var group = sharding.groups(KEY).get(0);
    var done = 0;
    var old = leaderAfter(Term.ZERO);
    for (var round = 0; round < ROUNDS || (isTooSure() && round < MOST_ROUNDS); round++) {
      var clients = new ArrayList<CompletableFuture<Integer>>();
      for (var i = 0; i < CLIENTS; i++) {
        clients.add(run("c" + round + "-" + i, new SplittableRandom(round * 10 + i), OPERATIONS));
      }
      if (round % 2 == 0) {
        Isolation.of(kit.system()).isolate("Judged-0", old.peer());
      } else {
        group.restartPeer(old.peer()).toCompletableFuture().get(40, TimeUnit.SECONDS);
      }
      var next = leaderAfter(old.term());
      Isolation.of(kit.system()).heal("Judged-0", old.peer());
      for (var client : clients) {
        done += client.get(60, TimeUnit.SECONDS);
      }
      old = next;
    }
    assertThat(done).isGreaterThan(ROUNDS * CLIENTS * OPERATIONS / 2);
    Linearizability.of(new OneAccount()).perKey(Operation::account).requireLinearizable(history);
    assertThat(unknown).as("outcomes that nobody could tell").hasPositiveValue();
  }

  /** Whether no leader was cut off yet in the midst of a command: chance decides that. */
  private boolean isTooSure() {
    return unknown.get() == 0;
  }

  /** Waits until somebody leads in a newer term than {@code before}. */
  private RoleChanged leaderAfter(Term before) {
    while (true) {
      var changed = (RoleChanged) roles.receiveMessage(Duration.ofSeconds(20));
      if (changed.role() == RaftStatus.Role.LEADER && changed.term().isNewerThan(before)) {
        return changed;
      }
    }
  }
}
