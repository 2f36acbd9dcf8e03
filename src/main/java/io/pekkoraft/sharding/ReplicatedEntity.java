package io.pekkoraft.sharding;

import java.util.function.BiFunction;

/**
 * An entity whose events are replicated by a Raft group: written as one writes an {@code
 * EventSourcedBehaviorWithEnforcedReplies}.
 *
 * <p>The command handler runs on the node whose peer leads the group. It sees the state with the
 * events of earlier commands that are not committed yet; if those come to nothing, it is asked once
 * more on what is there instead. So it does nothing but decide: no I/O, no message but the reply of
 * its effect. The reply leaves when the events are committed; that of an effect without events when
 * a majority has confirmed that the state is the latest (a linearizable read).
 *
 * <p>The event handler runs on every peer, now and again after a restart, and must come to the same
 * state everywhere: no clock, no randomness, no I/O. States and events are immutable, and Pekko
 * Serialization can handle them.
 *
 * @param <Command> what the entity is asked for
 * @param <Event> what came of it, which is what is kept
 */
public abstract class ReplicatedEntity<Command, Event, State> {
  /** The state before the first event. */
  public abstract State emptyState();

  /** What each command does. */
  public abstract CommandHandlerWithReply<Command, Event, State> commandHandler();

  /** The state after an event. It can't refuse: what an event says has happened. */
  public abstract BiFunction<State, Event, State> eventHandler();

  /** Makes the effects that a command handler returns. */
  protected final EffectFactories<Event, State> Effect() {
    return new EffectFactories<>();
  }

  protected final CommandHandlerWithReplyBuilder<Command, Event, State>
      newCommandHandlerWithReplyBuilder() {
    return new CommandHandlerWithReplyBuilder<>();
  }

  protected final EventHandlerBuilder<Event, State> newEventHandlerBuilder() {
    return new EventHandlerBuilder<>();
  }
}
