package io.pekkoraft.apply;

import io.pekkoraft.CommandContext;
import io.pekkoraft.CommandHandler;
import io.pekkoraft.Effect;
import io.pekkoraft.RaftException.CommandFailed;
import io.pekkoraft.RaftException.CommandRefused;
import io.pekkoraft.StateMachine;
import io.pekkoraft.log.RaftLog;
import io.pekkoraft.model.Bytes;
import io.pekkoraft.model.Entry;
import io.pekkoraft.model.LogIndex;
import io.pekkoraft.model.LogPosition;
import io.pekkoraft.model.Term;
import io.pekkoraft.session.Sessions;
import java.util.Objects;
import java.util.function.UnaryOperator;

/**
 * The state machine and how far it has come. The next entry applied is always the one after the
 * last.
 */
public final class Applier<Command, Result, State> {
  private final CommandHandler<Command, Result, State> handler;
  private final CommandCodec codec;
  private final SessionApplier sessions;
  private State state;
  private LogIndex lastApplied = LogIndex.ZERO;
  private Term lastTerm = Term.ZERO;

  public Applier(StateMachine<Command, Result, State> machine, CommandCodec codec) {
    this.handler = machine.commandHandler();
    this.codec = codec;
    this.sessions = new SessionApplier(codec);
    this.state = Objects.requireNonNull(machine.emptyState(), "The empty state is null.");
  }

  /** Hears of each entry that was applied, and of what came of it. */
  @FunctionalInterface
  public interface Listener {
    void applied(LogIndex index, Entry entry, Outcome outcome);
  }

  /**
   * What an entry came to.
   *
   * @param result the state machine's reply to a command, the session of an entry about one, or
   *     null when there is a {@code failure}
   */
  public record Outcome(Object result, RuntimeException failure) {
    static final Outcome NOTHING = new Outcome(null, null);
  }

  public LogIndex lastApplied() {
    return lastApplied;
  }

  /** The open sessions of clients: replicated, next to the state. */
  public Sessions sessions() {
    return sessions.sessions();
  }

  /**
   * The whole state as a snapshot takes it (§7).
   *
   * @param position the last entry that it includes
   */
  public record HandedOver(LogPosition position, Object machine, Bytes sessions) {}

  /**
   * The state as it is now, to be written elsewhere.
   *
   * @param freeze makes of the state machine's state what later commands don't change
   */
  public HandedOver handOver(UnaryOperator<Object> freeze) {
    return new HandedOver(
        new LogPosition(lastTerm, lastApplied), freeze.apply(state), sessions().encode());
  }

  /** A snapshot's state takes the place of this one; the next entry is the one after it (§7). */
  @SuppressWarnings("unchecked") // The format that read it is the state machine's own.
  public void restore(HandedOver snapshot) {
    state = (State) Objects.requireNonNull(snapshot.machine(), "The snapshot's state is null.");
    sessions.restore(Sessions.decode(snapshot.sessions()));
    lastApplied = snapshot.position().index();
    lastTerm = snapshot.position().term();
  }

  /**
   * Applies what is committed.
   *
   * @param limit how many entries at most, so that a long log does not keep the peer from its
   *     heartbeats
   * @return whether there is more
   */
  public boolean applyCommitted(RaftLog log, int limit, Listener listener) {
    for (var i = 0; i < limit && log.committed().isAfter(lastApplied); i++) {
      var index = lastApplied.next();
      var entry = log.entry(index);
      var outcome =
          switch (entry.kind()) {
            case NO_OP, CONFIGURATION -> Outcome.NOTHING;
            case COMMAND -> apply(index, entry.term(), entry.payload());
            case OPEN_SESSION, SESSION_COMMAND, KEEP_ALIVE, CLOSE_SESSION ->
                sessions.apply(index, entry, command -> apply(index, entry.term(), command));
          };
      lastApplied = index;
      lastTerm = entry.term();
      listener.applied(index, entry, outcome);
    }
    return log.committed().isAfter(lastApplied);
  }

  private Outcome apply(LogIndex index, Term term, Bytes payload) {
    var command = decode(index, payload);
    Effect<Result, State> effect;
    try {
      effect = handle(new CommandContext(index, term), command);
    } catch (Exception | AssertionError e) {
      return new Outcome(null, new CommandFailed("The state machine failed: " + e, e));
    }
    state = effect.newState().orElse(state);
    return new Outcome(effect.result(), null);
  }

  private Effect<Result, State> handle(CommandContext context, Command command) {
    return Objects.requireNonNull(
        handler.handle(context, state, command), "A command handler returned null.");
  }

  /**
   * A command that this peer can't read stops it: another one may have applied it, and to skip it
   * here would let the two states part.
   */
  @SuppressWarnings("unchecked") // Only the group's own commands were ever proposed.
  private Command decode(LogIndex index, Bytes payload) {
    try {
      return (Command) codec.decode(payload);
    } catch (Exception e) {
      throw new IllegalStateException(
          "The command at index "
              + index
              + " can't be read, so this peer can't go on."
              + " Is a class or a serializer of the application missing?",
          e);
    }
  }

  /**
   * Answers a query from the state as it is now.
   *
   * @throws CommandFailed when the handler throws
   * @throws CommandRefused when the query would change the state
   */
  public Result answer(Object query) {
    Effect<Result, State> effect;
    try {
      @SuppressWarnings("unchecked") // A query of another type fails like any unknown command.
      var command = (Command) query;
      effect = handle(new CommandContext(lastApplied, lastTerm), command);
    } catch (Exception | AssertionError | LinkageError | StackOverflowError e) {
      // A query runs here alone and changes nothing, so whatever it throws is its answer.
      throw new CommandFailed("The state machine failed: " + e, e);
    }
    if (effect.newState().isPresent()) {
      throw new CommandRefused(
          CommandRefused.Reason.CHANGES_STATE,
          "A read must leave the state as it is, but "
              + query.getClass().getName()
              + " changes it. Propose it instead.");
    }
    return effect.result();
  }
}
