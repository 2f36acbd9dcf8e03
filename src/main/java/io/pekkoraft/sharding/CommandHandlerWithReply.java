package io.pekkoraft.sharding;

/** Decides what a command does to an entity. */
@FunctionalInterface
public interface CommandHandlerWithReply<Command, Event, State> {
  /**
   * An exception is told to whoever asked, and nothing happens.
   *
   * @param state with all events before this command, committed or not
   */
  ReplyEffect<Event, State> apply(State state, Command command);
}
