package io.pekkoraft.sharding;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiFunction;

/** One handler for each type of event. */
public final class EventHandlerBuilder<Event, State> {
  private final Map<Class<?>, BiFunction<State, Event, State>> handlers = new LinkedHashMap<>();

  EventHandlerBuilder() {}

  /** Handles events of this type and its subtypes; of several that fit, the first one does. */
  public <E extends Event> EventHandlerBuilder<Event, State> onEvent(
      Class<E> type, BiFunction<State, E, State> handler) {
    if (handlers.containsKey(type)) {
      throw new IllegalArgumentException(type.getName() + " has a handler already.");
    }
    handlers.put(type, (state, event) -> handler.apply(state, type.cast(event)));
    return this;
  }

  public BiFunction<State, Event, State> build() {
    var built = new LinkedHashMap<>(handlers);
    return (state, event) ->
        built.entrySet().stream()
            .filter(candidate -> candidate.getKey().isInstance(event))
            .findFirst()
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "No handler for events of type " + event.getClass().getName() + "."))
            .getValue()
            .apply(state, event);
  }
}
