package io.pekkoraft.demo;

import io.pekkoraft.CborSerializable;
import io.pekkoraft.demo.SeatRules.Decision;
import io.pekkoraft.sharding.CommandHandlerWithReply;
import io.pekkoraft.sharding.Entity;
import io.pekkoraft.sharding.EntityTypeKey;
import io.pekkoraft.sharding.ReplicatedEntity;
import io.pekkoraft.sharding.ReplyEffect;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.regex.Pattern;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * A show and who has which of its seats, A1 to J10. A seat is sold once, until it is cancelled.
 * Each command may be sent again: it changes nothing the second time.
 */
public final class TicketOffice
    extends ReplicatedEntity<TicketOffice.Command, TicketOffice.Event, TicketOffice.Show> {
  public static final EntityTypeKey<Command> KEY = EntityTypeKey.create(Command.class, "Show");

  private static final Pattern SEAT = Pattern.compile("[A-J]([1-9]|10)");

  /** What a show is asked. */
  public sealed interface Command extends CborSerializable {}

  /** Sells a seat, unless somebody else has it. */
  public record Reserve(String seat, String customer, ActorRef<Answer> replyTo)
      implements Command {}

  /** Gives a seat back, if {@code customer} has it. */
  public record Cancel(String seat, String customer, ActorRef<Answer> replyTo) implements Command {}

  /** Looks. */
  public record View(ActorRef<Show> replyTo) implements Command {}

  /** What became of a seat. */
  public sealed interface Answer extends CborSerializable {}

  /** The customer has it. */
  public record Reserved(String seat, String customer) implements Answer {}

  /** Nobody has it (any more). */
  public record Free(String seat) implements Answer {}

  /** Somebody else has it, and nothing was done. */
  public record Taken(String seat, String customer) implements Answer {}

  /** What happened. */
  public sealed interface Event extends CborSerializable {}

  /** A seat was sold. */
  public record SeatReserved(String seat, String customer) implements Event {}

  /** A seat was given back. */
  public record SeatCancelled(String seat) implements Event {}

  /**
   * The state.
   *
   * @param taken who has which seat
   */
  public record Show(Map<String, String> taken) implements CborSerializable {
    public Show {
      taken = Map.copyOf(taken);
    }
  }

  /** Shows, by their names. */
  public static Entity<Command> entity() {
    return Entity.of(KEY, context -> new TicketOffice());
  }

  /** Whether there is such a seat. */
  static boolean isSeat(String seat) {
    return SEAT.matcher(seat).matches();
  }

  @Override
  public Show emptyState() {
    return SeatRules.EMPTY;
  }

  @Override
  public CommandHandlerWithReply<Command, Event, Show> commandHandler() {
    return newCommandHandlerWithReplyBuilder()
        .onCommand(
            Reserve.class,
            (show, wanted) -> effect(SeatRules.reserve(show, wanted), wanted.replyTo()))
        .onCommand(
            Cancel.class,
            (show, wanted) -> effect(SeatRules.cancel(show, wanted), wanted.replyTo()))
        .onCommand(View.class, (show, view) -> Effect().reply(view.replyTo(), show))
        .build();
  }

  private ReplyEffect<Event, Show> effect(Decision decision, ActorRef<Answer> replyTo) {
    return Effect().persist(decision.events()).thenReply(replyTo, show -> decision.answer());
  }

  @Override
  public BiFunction<Show, Event, Show> eventHandler() {
    return newEventHandlerBuilder()
        .onEvent(SeatReserved.class, SeatRules::sold)
        .onEvent(SeatCancelled.class, SeatRules::back)
        .build();
  }
}
