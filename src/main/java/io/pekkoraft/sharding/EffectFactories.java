package io.pekkoraft.sharding;

import java.util.List;
import org.apache.pekko.actor.typed.ActorRef;

/** Makes effects; a command handler gets it from {@link ReplicatedEntity#Effect()}. */
public final class EffectFactories<Event, State> {
  EffectFactories() {}

  /** Replicates an event. */
  public EffectBuilder<Event, State> persist(Event event) {
    return new EffectBuilder<>(List.of(event));
  }

  /** Replicates events, all of them or none. */
  public EffectBuilder<Event, State> persist(List<? extends Event> events) {
    return new EffectBuilder<>(List.copyOf(events));
  }

  /** Leaves all as it is. */
  public EffectBuilder<Event, State> none() {
    return new EffectBuilder<>(List.of());
  }

  /** Leaves all as it is, and replies when it is certain that this is the latest state. */
  public <Reply> ReplyEffect<Event, State> reply(ActorRef<Reply> replyTo, Reply reply) {
    return none().thenReply(replyTo, state -> reply);
  }

  /** Leaves all as it is, and says nothing. */
  public ReplyEffect<Event, State> noReply() {
    return none().thenNoReply();
  }
}
