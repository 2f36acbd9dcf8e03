package io.pekkoraft.testkit.linearizability;

import io.pekkoraft.CommandContext;
import io.pekkoraft.CommandHandler;
import io.pekkoraft.Effect;
import io.pekkoraft.StateMachine;
import io.pekkoraft.model.LogIndex;
import io.pekkoraft.model.Term;
import java.util.Optional;

/** A state machine as the sequential specification: what one command after the other would do. */
final class Model<C, R, S> {
  private static final CommandContext NOWHERE = new CommandContext(LogIndex.ZERO, Term.ZERO);

  private final S emptyState;
  private final CommandHandler<C, R, S> handler;

  Model(StateMachine<C, R, S> machine) {
    this.emptyState = machine.emptyState();
    this.handler = machine.commandHandler();
  }

  S emptyState() {
    return emptyState;
  }

  /** Empty if the handler throws: then there is no result, and the state is as it was. */
  Optional<Effect<R, S>> effect(S state, C command) {
    try {
      return Optional.of(handler.handle(NOWHERE, state, command));
    } catch (Exception | AssertionError e) {
      return Optional.empty();
    }
  }

  /**
   * The state after the operation, if it can have had its result in this state. A read that would
   * change it has none.
   */
  Optional<S> after(S state, Operation<C, R> operation) {
    return effect(state, operation.command())
        .filter(effect -> operation.result().map(effect.result()::equals).orElse(true))
        .filter(effect -> !operation.isRead() || effect.newState().isEmpty())
        .map(effect -> effect.newState().orElse(state));
  }
}
