package io.pekkoraft;

/** Turns a state and a command into an {@link Effect}; deterministic, see {@link StateMachine}. */
@FunctionalInterface
public interface CommandHandler<Command, Result, State> {
  Effect<Result, State> handle(CommandContext context, State state, Command command);
}
