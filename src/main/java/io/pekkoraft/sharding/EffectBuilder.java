package io.pekkoraft.sharding;

import java.util.List;
import java.util.function.Function;
import org.apache.pekko.actor.typed.ActorRef;

/** Events, still without a reply. */
public final class EffectBuilder<Event, State> {
  private final List<Event> events;

  EffectBuilder(List<Event> events) {
    this.events = events;
  }

  /**
   * @param reply made of the state after the events, when they are committed
   */
  public <Reply> ReplyEffect<Event, State> thenReply(
      ActorRef<Reply> replyTo, Function<State, Reply> reply) {
    return new ReplyEffect<>(events, state -> replyTo.tell(reply.apply(state)));
  }

  public ReplyEffect<Event, State> thenNoReply() {
    return new ReplyEffect<>(events, state -> {});
  }
}
