package io.pekkoraft.demo;

import io.pekkoraft.demo.SeatRules.Decision;
import io.pekkoraft.demo.TicketOffice.Answer;
import io.pekkoraft.demo.TicketOffice.Cancel;
import io.pekkoraft.demo.TicketOffice.Command;
import io.pekkoraft.demo.TicketOffice.Event;
import io.pekkoraft.demo.TicketOffice.Reserve;
import io.pekkoraft.demo.TicketOffice.SeatCancelled;
import io.pekkoraft.demo.TicketOffice.SeatReserved;
import io.pekkoraft.demo.TicketOffice.Show;
import io.pekkoraft.demo.TicketOffice.View;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.apache.pekko.cluster.sharding.typed.javadsl.Entity;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityTypeKey;
import org.apache.pekko.persistence.typed.PersistenceId;
import org.apache.pekko.persistence.typed.javadsl.CommandHandlerWithReply;
import org.apache.pekko.persistence.typed.javadsl.EventHandler;
import org.apache.pekko.persistence.typed.javadsl.EventSourcedBehaviorWithEnforcedReplies;
import org.apache.pekko.persistence.typed.javadsl.ReplyEffect;

/**
 * The same show as {@link TicketOffice}, as one would have it without this library: one actor in
 * the whole cluster, placed by Pekko Cluster Sharding, over a database that all nodes reach.
 */
final class PlainTicketOffice
    extends EventSourcedBehaviorWithEnforcedReplies<Command, Event, Show> {
  static final EntityTypeKey<Command> KEY = EntityTypeKey.create(Command.class, "PlainShow");

  private PlainTicketOffice(String show) {
    super(PersistenceId.of(KEY.name(), show));
  }

  /** Shows, by their names, on this node and on the others of the cluster. */
  static void begin(ClusterSharding sharding) {
    sharding.init(Entity.of(KEY, context -> new PlainTicketOffice(context.getEntityId())));
  }

  @Override
  public String journalPluginId() {
    return "jdbc-journal";
  }

  /** A show has few events. */
  @Override
  public String snapshotPluginId() {
    return "pekko.persistence.no-snapshot-store";
  }

  @Override
  public Show emptyState() {
    return SeatRules.EMPTY;
  }

  @Override
  public CommandHandlerWithReply<Command, Event, Show> commandHandler() {
    return newCommandHandlerWithReplyBuilder()
        .forAnyState()
        .onCommand(
            Reserve.class,
            (show, wanted) -> effect(SeatRules.reserve(show, wanted), wanted.replyTo()))
        .onCommand(
            Cancel.class,
            (show, wanted) -> effect(SeatRules.cancel(show, wanted), wanted.replyTo()))
        .onCommand(View.class, (show, view) -> Effect().reply(view.replyTo(), show))
        .build();
  }

  private ReplyEffect<Event, Show> effect(Decision decision, ActorRef<Answer> replyTo) {
    return Effect().persist(decision.events()).thenReply(replyTo, show -> decision.answer());
  }

  @Override
  public EventHandler<Show, Event> eventHandler() {
    return newEventHandlerBuilder()
        .forAnyState()
        .onEvent(SeatReserved.class, SeatRules::sold)
        .onEvent(SeatCancelled.class, SeatRules::back)
        .build();
  }
}
