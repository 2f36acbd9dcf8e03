package io.pekkoraft.sharding;

import java.util.LinkedHashMap;
import java.util.Map;

/** One handler for each type of command. */
public final class CommandHandlerWithReplyBuilder<Command, Event, State> {
  private final Map<Class<?>, CommandHandlerWithReply<Command, Event, State>> handlers =
      new LinkedHashMap<>();

  CommandHandlerWithReplyBuilder() {}

  /** Handles commands of this type and its subtypes; of several that fit, the first one does. */
  public <C extends Command> CommandHandlerWithReplyBuilder<Command, Event, State> onCommand(
      Class<C> type, CommandHandlerWithReply<C, Event, State> handler) {
    if (handlers.containsKey(type)) {
      throw new IllegalArgumentException(type.getName() + " has a handler already.");
    }
    handlers.put(type, (state, command) -> handler.apply(state, type.cast(command)));
    return this;
  }

  public CommandHandlerWithReply<Command, Event, State> build() {
    var built = new LinkedHashMap<>(handlers);
    return (state, command) ->
        built.entrySet().stream()
            .filter(candidate -> candidate.getKey().isInstance(command))
            .findFirst()
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "No handler for commands of type " + command.getClass().getName() + "."))
            .getValue()
            .apply(state, command);
  }
}
