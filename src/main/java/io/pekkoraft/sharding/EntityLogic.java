package io.pekkoraft.sharding;

import java.util.List;
import java.util.Objects;
import java.util.function.BiFunction;
import java.util.function.Function;

/** What one entity is written as, with its handlers made. */
record EntityLogic<Command, Event, State>(
    State empty,
    CommandHandlerWithReply<Command, Event, State> commands,
    BiFunction<State, Event, State> events) {
  EntityLogic {
    Objects.requireNonNull(empty, "The empty state is null.");
    Objects.requireNonNull(commands, "The command handler is null.");
    Objects.requireNonNull(events, "The event handler is null.");
  }

  /** Of each entity of a type, by its id. */
  static <Command> Function<String, EntityLogic<Command, ?, ?>> of(Entity<Command> entity) {
    return id -> of(entity.create().apply(new EntityContext<>(entity.typeKey(), id)));
  }

  static <Command, Event, State> EntityLogic<Command, Event, State> of(
      ReplicatedEntity<Command, Event, State> entity) {
    return new EntityLogic<>(entity.emptyState(), entity.commandHandler(), entity.eventHandler());
  }

  /** The state after more events. */
  State after(State state, List<? extends Event> more) {
    var next = state;
    for (var event : more) {
      next = Objects.requireNonNull(events.apply(next, event), "An event handler returned null.");
    }
    return next;
  }
}
