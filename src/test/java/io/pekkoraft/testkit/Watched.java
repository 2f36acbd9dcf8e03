package io.pekkoraft.testkit;

import io.pekkoraft.CommandContext;
import io.pekkoraft.CommandHandler;
import io.pekkoraft.Effect;
import io.pekkoraft.SnapshotFormat;
import io.pekkoraft.StateMachine;
import io.pekkoraft.model.LogIndex;
import io.pekkoraft.model.LogPosition;
import io.pekkoraft.model.PeerId;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import org.apache.pekko.serialization.Serialization;

/**
 * The user's own state machine, with the oracles and the story looking over its shoulder. Its state
 * carries along what was applied to come to it, so that a snapshot does too.
 */
final class Watched<C, R, S> extends StateMachine<C, R, Watched.Seen<C, S>> {
  private final PeerId peer;
  private final StateMachine<C, R, S> machine;
  private final Oracles oracles;
  private Seen<C, S> current;
  private Seen<C, S> read;
  private LogIndex last = LogIndex.ZERO;

  /** A state, and how it came about. */
  record Seen<C, S>(S state, Past<C> past) {}

  Watched(PeerId peer, StateMachine<C, R, S> machine, Oracles oracles) {
    this.peer = peer;
    this.machine = machine;
    this.oracles = oracles;
  }

  /** What its state came from. */
  List<C> applied() {
    return current == null ? List.of() : current.past().commands();
  }

  /** A snapshot has taken the place of the state: the one that was read last. */
  void restored(LogPosition position) {
    current = read;
    last = position.index();
  }

  @Override
  public Seen<C, S> emptyState() {
    return new Seen<>(machine.emptyState(), Past.none());
  }

  @Override
  public CommandHandler<C, R, Seen<C, S>> commandHandler() {
    var handler = machine.commandHandler();
    return (context, seen, command) -> {
      if (oracles.isQuery(command) && !isApplied(context)) {
        var effect = handler.handle(context, seen.state(), command);
        return effect == null
            ? null
            : new Effect<>(
                effect.newState().map(state -> new Seen<>(state, seen.past())), effect.result());
      }
      last = context.index();
      try {
        var effect = handler.handle(context, seen.state(), command);
        current =
            new Seen<>(
                effect.newState().orElse(seen.state()), seen.past().and(context.index(), command));
        return new Effect<>(java.util.Optional.of(current), effect.result());
      } finally {
        oracles.applied(peer, context.index(), context.term(), command);
      }
    };
  }

  /**
   * A read sees the place of the last entry that was applied, which may be none for the state
   * machine.
   */
  private boolean isApplied(CommandContext context) {
    return context.index().isAfter(last) && oracles.isCommand(context.index(), context.term());
  }

  @Override
  public SnapshotFormat<Seen<C, S>> snapshotFormat(Serialization serialization) {
    var format = machine.snapshotFormat(serialization);
    return new SnapshotFormat<>() {
      @Override
      public void write(Seen<C, S> seen, OutputStream out) throws IOException {
        oracles.wrote(peer, seen.past());
        new DataOutputStream(out).writeLong(seen.past().last().value());
        format.write(seen.state(), out);
      }

      @Override
      public Seen<C, S> read(InputStream in) throws IOException {
        var past = oracles.<C>pastThrough(LogIndex.of(new DataInputStream(in).readLong()));
        read = new Seen<>(format.read(in), past);
        return read;
      }
    };
  }
}
