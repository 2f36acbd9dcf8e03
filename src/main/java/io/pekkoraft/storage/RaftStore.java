package io.pekkoraft.storage;

import io.pekkoraft.protocol.SelfMessage;
import io.pekkoraft.protocol.SelfMessage.Stored;
import java.util.List;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
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
  private final ActorContext<Command> context;
  private final PersistenceId id;
  private final String journalPluginId;
  private final String snapshotPluginId;

  /** What the peer asks of its store. */
  public sealed interface Command {}

  /** Answers with {@link SelfMessage.Recovered}, once. */
  public record Load(ActorRef<SelfMessage> replyTo) implements Command {}

  /** Writes all of {@code events} or none, then answers with {@link Stored}{@code (staged)}. */
  public record Write(long staged, List<StoreEvent> events, ActorRef<SelfMessage> replyTo)
      implements Command {}

  private RaftStore(
      ActorContext<Command> context,
      PersistenceId id,
      String journalPluginId,
      String snapshotPluginId) {
    super(id);
    this.context = context;
    this.id = id;
    this.journalPluginId = journalPluginId;
    this.snapshotPluginId = snapshotPluginId;
  }

  public static Behavior<Command> create(
      PersistenceId id, String journalPluginId, String snapshotPluginId) {
    return Behaviors.setup(
        context -> new RaftStore(context, id, journalPluginId, snapshotPluginId));
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
            (before, write) ->
                Effect().persist(write.events()).thenRun(state -> written(state, write)))
        .onCommand(
            Load.class,
            (state, load) -> Effect().none().thenRun(() -> load.replyTo().tell(state.handOver())))
        .build();
  }

  private void written(StoreState state, Write write) {
    write.replyTo().tell(new Stored(write.staged()));
    if (write.events().stream().anyMatch(StoreEvent.Compacted.class::isInstance)) {
      deleteThrough(lastSequenceNumber(context) - state.neededEvents());
    }
  }

  private void deleteThrough(long sequenceNr) {
    if (sequenceNr > 0) {
      Adapter.actorOf(
          context, new Deletion(id.id(), sequenceNr, journalPluginId, snapshotPluginId).props());
    }
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
