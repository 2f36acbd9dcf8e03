package io.pekkoraft.demo;

import io.pekkoraft.CommandContext;
import io.pekkoraft.CommandHandler;
import io.pekkoraft.Effect;
import io.pekkoraft.SnapshotFormat;
import io.pekkoraft.StateMachine;
import io.pekkoraft.demo.IdempotentKeyValue.State;
import io.pekkoraft.demo.KeyValue.Command;
import io.pekkoraft.demo.KeyValue.Once;
import io.pekkoraft.demo.KeyValue.OtherRequest;
import io.pekkoraft.demo.KeyValue.Result;
import io.pekkoraft.demo.KeyValue.Versioned;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.apache.pekko.serialization.Serialization;
import org.pcollections.TreePMap;

/**
 * {@link KeyValue}, and the answers to writes that were sent under an idempotency key: sent again,
 * to whichever node, even after all have restarted, such a write is answered as it was and done no
 * second time, while it is among the last {@link RememberedAnswers#MOST}.
 */
public final class IdempotentKeyValue extends StateMachine<Command, Result, State> {
  private final KeyValue machine = new KeyValue();

  /** What is replicated. */
  public record State(TreePMap<String, Versioned> keys, RememberedAnswers answers) {}

  @Override
  public State emptyState() {
    return new State(machine.emptyState(), RememberedAnswers.NONE);
  }

  @Override
  public CommandHandler<Command, Result, State> commandHandler() {
    var handler = machine.commandHandler();
    return (context, state, command) ->
        command instanceof Once once
            ? once(handler, context, state, once)
            : around(state, state.answers(), handler.handle(context, state.keys(), command));
  }

  private Effect<Result, State> once(
      CommandHandler<Command, Result, TreePMap<String, Versioned>> handler,
      CommandContext context,
      State state,
      Once once) {
    var before = state.answers().to(once.idempotencyKey());
    if (before.isPresent()) {
      var same = before.get().fingerprint().equals(once.fingerprint());
      return Effect().reply(same ? before.get().result() : new OtherRequest());
    }
    var effect = handler.handle(context, state.keys(), once.command());
    var answer = new RememberedAnswers.Answer(once.fingerprint(), effect.result());
    var answers = state.answers().and(once.idempotencyKey(), answer, context.index().value());
    return around(state, answers, effect);
  }

  private Effect<Result, State> around(
      State state, RememberedAnswers answers, Effect<Result, TreePMap<String, Versioned>> effect) {
    var unchanged = effect.newState().isEmpty() && answers == state.answers();
    return unchanged
        ? Effect().reply(effect.result())
        : Effect()
            .set(new State(effect.newState().orElse(state.keys()), answers))
            .thenReply(effect.result());
  }

  @Override
  public SnapshotFormat<State> snapshotFormat(Serialization serialization) {
    var keys = machine.snapshotFormat(serialization);
    return new SnapshotFormat<>() {
      @Override
      public void write(State state, OutputStream out) throws IOException {
        keys.write(state.keys(), out);
        var data = new DataOutputStream(out);
        state.answers().write(data);
        data.flush();
      }

      @Override
      public State read(InputStream in) throws IOException {
        return new State(keys.read(in), RememberedAnswers.read(new DataInputStream(in)));
      }
    };
  }
}
