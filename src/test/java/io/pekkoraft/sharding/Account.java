package io.pekkoraft.sharding;

import io.pekkoraft.CborSerializable;
import java.util.function.BiFunction;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.pattern.StatusReply;

/** Money that is never less than nothing; each event tells how many were before it. */
final class Account extends ReplicatedEntity<Account.Command, Account.Event, Account.Balance> {
  static final EntityTypeKey<Command> KEY = EntityTypeKey.create(Command.class, "Account");

  sealed interface Command extends CborSerializable {}

  record Deposit(long amount, ActorRef<StatusReply<Balance>> replyTo) implements Command {}

  record Withdraw(long amount, ActorRef<StatusReply<Balance>> replyTo) implements Command {}

  record Get(ActorRef<StatusReply<Balance>> replyTo) implements Command {}

  /** One that the handler throws at. */
  record Nonsense(ActorRef<StatusReply<Balance>> replyTo) implements Command {}

  /** One whose event no serializer takes. */
  record Unserializable(ActorRef<StatusReply<Balance>> replyTo) implements Command {}

  /** One that no serializer takes. */
  record Sealed(Object secret, ActorRef<StatusReply<Balance>> replyTo) implements Command {}

  interface Event {}

  record Changed(long by, long number) implements Event, CborSerializable {}

  record Strange() implements Event {}

  record Balance(long amount, long changes) implements CborSerializable {}

  private final Runnable decides;

  Account() {
    this(() -> {});
  }

  /**
   * @param decides called each time that a deposit is decided
   */
  Account(Runnable decides) {
    this.decides = decides;
  }

  static Entity<Command> entity() {
    return Entity.of(KEY, context -> new Account());
  }

  @Override
  public Balance emptyState() {
    return new Balance(0, 0);
  }

  @Override
  public CommandHandlerWithReply<Command, Event, Balance> commandHandler() {
    return newCommandHandlerWithReplyBuilder()
        .onCommand(
            Deposit.class,
            (balance, deposit) -> {
              decides.run();
              return Effect()
                  .persist(new Changed(deposit.amount(), balance.changes()))
                  .thenReply(deposit.replyTo(), StatusReply::success);
            })
        .onCommand(
            Withdraw.class,
            (balance, withdraw) ->
                withdraw.amount() > balance.amount()
                    ? Effect().reply(withdraw.replyTo(), StatusReply.error("Not enough"))
                    : Effect()
                        .persist(new Changed(-withdraw.amount(), balance.changes()))
                        .thenReply(withdraw.replyTo(), StatusReply::success))
        .onCommand(
            Get.class,
            (balance, get) -> Effect().reply(get.replyTo(), StatusReply.success(balance)))
        .onCommand(
            Unserializable.class,
            (balance, odd) ->
                Effect().persist(new Strange()).thenReply(odd.replyTo(), StatusReply::success))
        .onCommand(
            Nonsense.class,
            (balance, nonsense) -> {
              throw new IllegalStateException("Nonsense");
            })
        .build();
  }

  @Override
  public BiFunction<Balance, Event, Balance> eventHandler() {
    return newEventHandlerBuilder()
        .onEvent(Strange.class, (balance, strange) -> balance)
        .onEvent(
            Changed.class,
            (balance, changed) -> {
              if (changed.number() != balance.changes() || balance.amount() + changed.by() < 0) {
                throw new AssertionError("Decided on another state: " + changed + ", " + balance);
              }
              return new Balance(balance.amount() + changed.by(), balance.changes() + 1);
            })
        .build();
  }
}
