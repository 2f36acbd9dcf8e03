package io.pekkoraft;

/** Adds up numbers; 0 only looks. */
final class Adding extends StateMachine<Long, Long, Long> {
  @Override
  public Long emptyState() {
    return 0L;
  }

  @Override
  public CommandHandler<Long, Long, Long> commandHandler() {
    return (context, sum, number) ->
        number == 0 ? Effect().reply(sum) : Effect().set(sum + number).thenReply(sum + number);
  }
}
