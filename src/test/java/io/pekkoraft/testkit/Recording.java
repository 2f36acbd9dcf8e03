package io.pekkoraft.testkit;

import io.pekkoraft.CommandHandler;
import io.pekkoraft.StateMachine;

/** Takes every command; answers how many there were. */
final class Recording extends StateMachine<String, Integer, Integer> {
  @Override
  public Integer emptyState() {
    return 0;
  }

  @Override
  public CommandHandler<String, Integer, Integer> commandHandler() {
    return (context, count, command) -> Effect().set(count + 1).thenReply(count + 1);
  }
}
