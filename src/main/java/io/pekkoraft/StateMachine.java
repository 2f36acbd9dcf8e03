package io.pekkoraft;

import org.apache.pekko.serialization.Serialization;

/**
 * What a group replicates: a state, and how each command changes it. Written as one writes an
 * {@code EventSourcedBehavior}, but the commands themselves are the log.
 *
 * <p>Every peer applies the same commands in the same order and must come to the same state, so the
 * handler is <em>deterministic</em>: no clock, no randomness, no I/O, no iteration over unordered
 * collections. An exception that it throws is the caller's answer and leaves the state as it was,
 * so a handler that changes its state in place throws before it changes anything. (An {@code
 * OutOfMemoryError} and the like are no answer: other peers may have had the memory, so the peer
 * stops.) An immutable state is easiest; a state that is changed in place is handed to {@code
 * Effect().set(state)} all the same.
 *
 * <p>Commands and results are any types that Pekko Serialization can handle.
 *
 * @param <Command> what clients propose
 * @param <Result> what they get back
 * @param <State> what is replicated
 */
public abstract class StateMachine<Command, Result, State> {
  /** The state before the first command. A new one at each call, should it be mutable. */
  public abstract State emptyState();

  /** What each command does; called once. */
  public abstract CommandHandler<Command, Result, State> commandHandler();

  /** Makes the effects that a handler returns. */
  protected final Effect.Factory<Result, State> Effect() {
    return new Effect.Factory<>();
  }

  protected final CommandHandlerBuilder<Command, Result, State> newCommandHandlerBuilder() {
    return new CommandHandlerBuilder<>();
  }

  /**
   * How a whole state becomes bytes and comes back, for snapshots (§7); by default through Pekko
   * Serialization, which the state must then be able to pass.
   */
  public SnapshotFormat<State> snapshotFormat(Serialization serialization) {
    return SnapshotFormat.serialized(serialization);
  }
}
