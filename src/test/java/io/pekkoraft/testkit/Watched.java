package io.pekkoraft.testkit;

import io.pekkoraft.CommandContext;
import io.pekkoraft.CommandHandler;
import io.pekkoraft.StateMachine;
import io.pekkoraft.model.LogIndex;
import io.pekkoraft.model.PeerId;
import java.util.ArrayList;
import java.util.List;

/** The user's own state machine, with the oracles and the story looking over its shoulder. */
final class Watched<C, R, S> extends StateMachine<C, R, S> {
  private final PeerId peer;
  private final StateMachine<C, R, S> machine;
  private final Oracles oracles;
  private final List<C> applied = new ArrayList<>();
  private LogIndex last = LogIndex.ZERO;

  Watched(PeerId peer, StateMachine<C, R, S> machine, Oracles oracles) {
    this.peer = peer;
    this.machine = machine;
    this.oracles = oracles;
  }

  /** What this incarnation has applied so far. */
  List<C> applied() {
    return applied;
  }

  @Override
  public S emptyState() {
    return machine.emptyState();
  }

  @Override
  public CommandHandler<C, R, S> commandHandler() {
    var handler = machine.commandHandler();
    return (context, state, command) -> {
      if (oracles.isQuery(command) && !isApplied(context)) {
        return handler.handle(context, state, command);
      }
      last = context.index();
      try {
        var effect = handler.handle(context, state, command);
        applied.add(command);
        return effect;
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
}
