package io.pekkoraft;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiFunction;

/**
 * One handler for each type of command.
 *
 * <pre>{@code
 * newCommandHandlerBuilder()
 *     .onCommand(Add.class, (state, add) -> Effect().set(state + add.amount()).thenReply(...))
 *     .onCommand(Get.class, (state, get) -> Effect().reply(state))
 *     .build();
 * }</pre>
 */
public final class CommandHandlerBuilder<Command, Result, State> {
  private final Map<Class<?>, CommandHandler<Command, Result, State>> handlers =
      new LinkedHashMap<>();

  CommandHandlerBuilder() {}

  /** Handles commands of this type and its subtypes; of several that fit, the first one does. */
  public <C extends Command> CommandHandlerBuilder<Command, Result, State> onCommand(
      Class<C> type, BiFunction<State, C, Effect<Result, State>> handler) {
    return onCommand(type, (context, state, command) -> handler.apply(state, command));
  }

  /** As above, for a handler that wants to know where in the log its command stands. */
  public <C extends Command> CommandHandlerBuilder<Command, Result, State> onCommand(
      Class<C> type, CommandHandler<C, Result, State> handler) {
    if (handlers.containsKey(type)) {
      throw new IllegalArgumentException(type.getName() + " has a handler already.");
    }
    handlers.put(
        type, (context, state, command) -> handler.handle(context, state, type.cast(command)));
    return this;
  }

  public CommandHandler<Command, Result, State> build() {
    var built = new LinkedHashMap<>(handlers);
    return (context, state, command) -> {
      var exact = built.get(command.getClass());
      if (exact != null) {
        return exact.handle(context, state, command);
      }
      for (var candidate : built.entrySet()) {
        if (candidate.getKey().isInstance(command)) {
          return candidate.getValue().handle(context, state, command);
        }
      }
      throw new IllegalArgumentException(
          "No handler for commands of type " + command.getClass().getName() + ".");
    };
  }
}
