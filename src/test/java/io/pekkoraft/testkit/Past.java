package io.pekkoraft.testkit;

import io.pekkoraft.model.LogIndex;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** The commands that a state came from. Each adds to the one before it, which stays as it was. */
final class Past<C> {
  private static final Past<?> NONE = new Past<>(null, LogIndex.ZERO, null, 0);

  private final Past<C> before;
  private final LogIndex last;
  private final C command;
  private final int size;
  private List<C> commands;

  private Past(Past<C> before, LogIndex last, C command, int size) {
    this.before = before;
    this.last = last;
    this.command = command;
    this.size = size;
  }

  @SuppressWarnings("unchecked") // It holds no command of any type.
  static <C> Past<C> none() {
    return (Past<C>) NONE;
  }

  Past<C> and(LogIndex index, C next) {
    return new Past<>(this, index, next, size + 1);
  }

  /** The index of the last command. */
  LogIndex last() {
    return last;
  }

  /** All of them, the first one first. */
  List<C> commands() {
    if (commands == null) {
      var all = new ArrayList<C>(Collections.nCopies(size, null));
      for (var past = this; past.before != null; past = past.before) {
        all.set(past.size - 1, past.command);
      }
      commands = Collections.unmodifiableList(all);
    }
    return commands;
  }
}
