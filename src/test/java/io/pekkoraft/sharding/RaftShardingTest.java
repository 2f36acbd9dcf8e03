package io.pekkoraft.sharding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigFactory;
import io.pekkoraft.RaftException;
import io.pekkoraft.RaftSettings;
import io.pekkoraft.sharding.Account.Balance;
import io.pekkoraft.sharding.Account.Deposit;
import io.pekkoraft.sharding.Account.Get;
import io.pekkoraft.sharding.Account.Nonsense;
import io.pekkoraft.sharding.Account.Unserializable;
import io.pekkoraft.sharding.Account.Withdraw;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.pekko.actor.Status;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RaftShardingTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private final ActorTestKit kit = ActorTestKit.create(ConfigFactory.load("in-memory.conf"));
  private final RaftSharding sharding = RaftSharding.get(kit.system());

  @AfterAll
  void shutdown() {
    kit.shutdownTestKit();
  }

  private static <T> T now(CompletionStage<T> stage) throws Exception {
    return stage.toCompletableFuture().get(20, TimeUnit.SECONDS);
  }

  private static ShardingSettings settings(int groups, int maxLive) {
    return new ShardingSettings(
        groups, 3, 3, "unused", maxLive, Duration.ofMinutes(1), 32, 1000, 20);
  }

  /** Each test has a type of its own. */
  private EntityTypeKey<Account.Command> begin(String name, ShardingSettings settings)
      throws Exception {
    var key = EntityTypeKey.create(Account.Command.class, name);
    now(
        sharding.init(
            Entity.of(key, context -> new Account()), settings, RaftSettings.create(kit.system())));
    return key;
  }

  private static CompletionStage<Balance> deposit(EntityRef<Account.Command> account, long amount) {
    return account.askWithStatus(replyTo -> new Deposit(amount, replyTo), PATIENCE);
  }

  private static Balance balance(EntityRef<Account.Command> account) throws Exception {
    return now(account.<Balance>askWithStatus(Get::new, PATIENCE));
  }

  @Test
  @DisplayName("a command's events are applied, its reply has the state after them; a read sees it")
  void writesAndReads() throws Exception {
    var key = begin("Plain", settings(2, 100));
    var account = sharding.entityRefFor(key, "a");
    assertThat(balance(account)).isEqualTo(new Balance(0, 0));
    assertThat(now(deposit(account, 5))).isEqualTo(new Balance(5, 1));
    assertThat(balance(account)).isEqualTo(new Balance(5, 1));
    assertThat(balance(sharding.entityRefFor(key, "b"))).isEqualTo(new Balance(0, 0));
    assertThatThrownBy(
            () ->
                now(account.<Balance>askWithStatus(replyTo -> new Withdraw(6, replyTo), PATIENCE)))
        .hasMessageContaining("Not enough");
    assertThat(balance(account)).isEqualTo(new Balance(5, 1));
  }

  @Test
  @DisplayName(
      "a handler that throws, and an event that can't be serialized, are told to the asker")
  void tellsTheAsker() throws Exception {
    var account = sharding.entityRefFor(begin("Odd", settings(1, 100)), "a");
    now(deposit(account, 1));
    assertThatThrownBy(() -> now(account.<Balance>askWithStatus(Nonsense::new, PATIENCE)))
        .hasCauseInstanceOf(RaftException.CommandFailed.class)
        .hasMessageContaining("Nonsense");
    assertThatThrownBy(() -> now(account.<Balance>askWithStatus(Unserializable::new, PATIENCE)))
        .hasCauseInstanceOf(RaftException.CommandRefused.class)
        .hasMessageContaining("CborSerializable");
    assertThat(now(deposit(account, 1))).isEqualTo(new Balance(2, 2));
  }

  @Test
  @DisplayName("many commands of an entity are in flight, each decided on the one before")
  void inFlight() throws Exception {
    var account = sharding.entityRefFor(begin("Busy", settings(1, 100)), "a");
    var answers = new ArrayList<CompletionStage<Balance>>();
    for (var i = 0; i < 500; i++) {
      answers.add(deposit(account, 1));
    }
    for (var i = 0; i < 500; i++) {
      assertThat(now(answers.get(i))).isEqualTo(new Balance(i + 1, i + 1));
    }
  }

  @Test
  @DisplayName("entities beyond the limit are bytes, and come back as they were")
  void passivates() throws Exception {
    var key = begin("Many", settings(2, 3));
    for (var round = 1; round <= 3; round++) {
      var answers = new ArrayList<CompletionStage<Balance>>();
      for (var i = 0; i < 50; i++) {
        answers.add(deposit(sharding.entityRefFor(key, "e" + i), i));
      }
      for (var i = 0; i < 50; i++) {
        assertThat(now(answers.get(i))).isEqualTo(new Balance((long) i * round, round));
      }
    }
  }

  @Test
  @DisplayName("another number of groups than the entities began with is refused, and says so")
  void refusesOtherNumber() throws Exception {
    var key = begin("Fixed", settings(2, 3));
    var first = sharding.groups(key).get(0);
    assertThat(now(first.propose(new GroupCommand.Settle(4))))
        .isEqualTo(new GroupResult.Settled(2));
    assertThat(new RaftSharding.OtherNumberOfGroups("Fixed", 2, 4))
        .hasMessageContaining("pekko-raft.sharding.groups = 2");
  }

  @Test
  @DisplayName("with another number of groups no command is passed on, neither those that waited")
  void passesNothingOn() {
    var region = kit.spawn(Region.create("Fixed-", List.of(), Ways.ALL_HERE));
    var asker = kit.createTestProbe(Object.class);
    var other = new RaftSharding.OtherNumberOfGroups("Fixed", 2, 4);
    var route = new Region.Route(Delivery.of("a", "any", Asker.of(asker.getRef()), PATIENCE));
    region.tell(route);
    asker.expectNoMessage(Duration.ofMillis(10));
    region.tell(new Region.Settled(Optional.of(other)));
    region.tell(route);
    asker.expectMessage(new Status.Failure(other));
    asker.expectMessage(new Status.Failure(other));
  }

  @Test
  @DisplayName("a type that has not begun has no entities, and one type has one kind of commands")
  void refusesStrangers() throws Exception {
    assertThatThrownBy(() -> sharding.entityRefFor(Account.KEY, "a"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("init");
    begin("Taken", settings(1, 3));
    assertThatThrownBy(
            () -> sharding.entityRefFor(EntityTypeKey.create(String.class, "Taken"), "a"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  @DisplayName("leaders come and go: no acknowledged event is lost, none twice or on another state")
  void leadersComeAndGo() throws Exception {
    var key = begin("Chaos", settings(2, 3));
    var acknowledged = new ConcurrentHashMap<String, AtomicInteger>();
    var unknown = new ConcurrentHashMap<String, AtomicInteger>();
    var refused = new AtomicInteger();
    var asked = new ArrayList<CompletionStage<?>>();
    for (var round = 0; round < 12; round++) {
      for (var i = 0; i < 200; i++) {
        asked.add(depositOne(key, "e" + i % 8, acknowledged, unknown, refused));
      }
      for (var group : sharding.groups(key)) {
        var leader = now(group.leader());
        if (leader.isEmpty()) {
          continue;
        }
        if (round % 2 == 0) {
          group.transferLeadership(Optional.empty());
        } else {
          now(group.restartPeer(leader.get().id()));
        }
      }
    }
    for (var one : asked) {
      now(one);
    }
    for (var i = 0; i < 8; i++) {
      var id = "e" + i;
      var balance = balance(sharding.entityRefFor(key, id));
      var surely = count(acknowledged, id);
      assertThat(balance.amount()).isEqualTo(balance.changes());
      assertThat(balance.amount()).isBetween((long) surely, (long) surely + count(unknown, id));
    }
    assertThat(acknowledged.values().stream().mapToInt(AtomicInteger::get).sum())
        .isGreaterThan(12 * 200 / 2);
  }

  private CompletionStage<?> depositOne(
      EntityTypeKey<Account.Command> key,
      String id,
      Map<String, AtomicInteger> acknowledged,
      Map<String, AtomicInteger> unknown,
      AtomicInteger refused) {
    return deposit(sharding.entityRefFor(key, id), 1)
        .handle(
            (balance, failure) -> {
              if (failure == null) {
                acknowledged.computeIfAbsent(id, first -> new AtomicInteger()).incrementAndGet();
              } else if (failure instanceof RaftException.OutcomeUnknown) {
                unknown.computeIfAbsent(id, first -> new AtomicInteger()).incrementAndGet();
              } else if (failure instanceof RaftException) {
                refused.incrementAndGet();
              } else {
                throw new AssertionError(failure);
              }
              return null;
            });
  }

  private static int count(Map<String, AtomicInteger> counts, String id) {
    return counts.getOrDefault(id, new AtomicInteger()).get();
  }
}
