package io.pekkoraft;

import org.apache.pekko.serialization.Serialization;

/**
 * What a group replicates: a state, and how each command changes it. Written as one writes an
 * {@code EventSourcedBehavior}, but the commands themselves are the log.
 *
 * <p>Every peer applies the same commands in the same order and must come to the same state, so the
 * handler is <em>deterministic</em>: no clock, no randomness, no I/O, no iteration over unordered
 * collections. And it changes nothing but by its effect: the state is <em>immutable</em>, a handler
 * returns a new one. (A read runs the handler on the leader alone; one that changed the state in
 * place would let the peers part.)
 *
 * <p>An exception that the handler throws, or an {@code AssertionError}, is the caller's answer and
 * leaves the state as it was. An {@code OutOfMemoryError}, a {@code StackOverflowError} or a
 * missing class is no answer: another peer may have come through, so the peer stops.
 *
 * <p>Commands and results are any types that Pekko Serialization can handle. A result takes as many
 * bytes on every peer: what is remembered for a client that asks again has a bound in bytes, by
 * which all peers must forget the same.
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
