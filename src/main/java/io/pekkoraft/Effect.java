package io.pekkoraft;

import java.util.Objects;
import java.util.Optional;

/**
 * What a command did: the reply, and the new state unless it only looked.
 *
 * @param newState empty when the command left the state as it was
 */
public record Effect<Result, State>(Optional<State> newState, Result result) {
  public Effect {
    Objects.requireNonNull(
        result, "A result is never null; reply with Done.done() if it says nothing.");
  }

  /** Makes effects; a handler gets it from {@link StateMachine#Effect()}. */
  public static final class Factory<Result, State> {
    Factory() {}

    /** Leaves the state as it is. The only effect that a read may have. */
    public Effect<Result, State> reply(Result result) {
      return new Effect<>(Optional.empty(), result);
    }

    /** Replaces the state. */
    public Change<Result, State> set(State state) {
      return new Change<>(state);
    }
  }

  /** A new state, still without its reply. */
  public static final class Change<Result, State> {
    private final State state;

    private Change(State state) {
      this.state = Objects.requireNonNull(state, "A state is never null.");
    }

    public Effect<Result, State> thenReply(Result result) {
      return new Effect<>(Optional.of(state), result);
    }
  }
}
