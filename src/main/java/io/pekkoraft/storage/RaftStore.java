package io.pekkoraft.storage;

import io.pekkoraft.protocol.SelfMessage;
import io.pekkoraft.protocol.SelfMessage.Stored;
import java.util.List;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.persistence.typed.PersistenceId;
import org.apache.pekko.persistence.typed.javadsl.CommandHandler;
import org.apache.pekko.persistence.typed.javadsl.EventHandler;
import org.apache.pekko.persistence.typed.javadsl.EventSourcedBehavior;

/**
 * Keeps what must survive. A child of its peer and not the peer itself, because an event-sourced
 * actor is deaf while it persists, and a peer must hear heartbeats meanwhile. When a write fails it
 * dies, and takes the peer with it: what is on disk is known again only after a recovery.
 */
public final class RaftStore
    extends EventSourcedBehavior<RaftStore.Command, StoreEvent, StoreState> {
  private final String journalPluginId;
  private final String snapshotPluginId;

  /** What the peer asks of its store. */
  public sealed interface Command {}

  /** Answers with {@link SelfMessage.Recovered}, once. */
  public record Load(ActorRef<SelfMessage> replyTo) implements Command {}

  /** Writes all of {@code events} or none, then answers with {@link Stored}{@code (staged)}. */
  public record Write(long staged, List<StoreEvent> events, ActorRef<SelfMessage> replyTo)
      implements Command {}

  private RaftStore(PersistenceId id, String journalPluginId, String snapshotPluginId) {
    super(id);
    this.journalPluginId = journalPluginId;
    this.snapshotPluginId = snapshotPluginId;
  }

  public static Behavior<Command> create(
      PersistenceId id, String journalPluginId, String snapshotPluginId) {
    return new RaftStore(id, journalPluginId, snapshotPluginId);
  }

  @Override
  public StoreState emptyState() {
    return new StoreState();
  }

  @Override
  public CommandHandler<Command, StoreEvent, StoreState> commandHandler() {
    return newCommandHandlerBuilder()
        .forAnyState()
        .onCommand(
            Write.class,
            (state, write) ->
                Effect()
                    .persist(write.events())
                    .thenRun(() -> write.replyTo().tell(new Stored(write.staged()))))
        .onCommand(
            Load.class,
            (state, load) -> Effect().none().thenRun(() -> load.replyTo().tell(state.handOver())))
        .build();
  }

  @Override
  public EventHandler<StoreState, StoreEvent> eventHandler() {
    return StoreState::apply;
  }

  @Override
  public String journalPluginId() {
    return journalPluginId;
  }

  @Override
  public String snapshotPluginId() {
    return snapshotPluginId;
  }
}
