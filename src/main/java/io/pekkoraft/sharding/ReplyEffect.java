package io.pekkoraft.sharding;

import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;

/**
 * What a command does: the events, which take effect all or none, and the reply.
 *
 * @param events empty when the command only looks
 * @param reply sent when the events are committed, with the state after them
 */
public record ReplyEffect<Event, State>(List<Event> events, Consumer<State> reply) {
  public ReplyEffect {
    events = List.copyOf(events);
    Objects.requireNonNull(reply, "The reply is null; thenNoReply() if there is none.");
  }
}
