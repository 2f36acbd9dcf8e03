package io.pekkoraft.sharding;

import io.pekkoraft.CommandHandler;
import io.pekkoraft.Effect;
import io.pekkoraft.SnapshotFormat;
import io.pekkoraft.StateMachine;
import io.pekkoraft.sharding.GroupCommand.Check;
import io.pekkoraft.sharding.GroupCommand.Look;
import io.pekkoraft.sharding.GroupCommand.Persist;
import io.pekkoraft.sharding.GroupCommand.Settle;
import io.pekkoraft.sharding.GroupResult.Checked;
import io.pekkoraft.sharding.GroupResult.Mismatch;
import io.pekkoraft.sharding.GroupResult.Persisted;
import io.pekkoraft.sharding.GroupResult.Seen;
import io.pekkoraft.sharding.GroupResult.Settled;
import java.util.ArrayList;
import java.util.function.Function;
import org.apache.pekko.serialization.Serialization;

/**
 * What a group replicates: the events of its entities, each on the state that it was decided on. On
 * any other state it does nothing, and all peers alike.
 */
final class EntitiesMachine extends StateMachine<GroupCommand, GroupResult, Entities> {
  private final Function<String, ? extends EntityLogic<?, ?, ?>> logic;
  private final Serialization serialization;
  private final Packing packing;
  private final int maxLive;

  /**
   * @param logic of an entity, by its id
   * @param maxLive so many entities keep their state as it is; those beyond, as bytes
   */
  EntitiesMachine(
      Function<String, ? extends EntityLogic<?, ?, ?>> logic,
      Serialization serialization,
      int maxLive) {
    this.logic = logic;
    this.serialization = serialization;
    this.packing = new Packing(serialization);
    this.maxLive = maxLive;
  }

  @Override
  public Entities emptyState() {
    return Entities.NONE;
  }

  @Override
  public CommandHandler<GroupCommand, GroupResult, Entities> commandHandler() {
    return newCommandHandlerBuilder()
        .onCommand(Persist.class, this::persist)
        .onCommand(Settle.class, this::settle)
        .onCommand(
            Check.class, (all, check) -> Effect().reply(new Checked(all.stamp(check.entityId()))))
        .onCommand(Look.class, this::look)
        .build();
  }

  private Effect<GroupResult, Entities> persist(Entities all, Persist persist) {
    var id = persist.entityId();
    var current = all.stamp(id);
    if (!current.equals(persist.base())) {
      return Effect().reply(new Mismatch(current));
    }
    var next = append(live(all, id), persist);
    return Effect()
        .set(all.with(id, persist.next(), next).passivated(maxLive, packing))
        .thenReply(new Persisted(persist.next()));
  }

  private Effect<GroupResult, Entities> settle(Entities all, Settle settle) {
    return all.groups() == 0
        ? Effect().set(all.settledTo(settle.groups())).thenReply(new Settled(settle.groups()))
        : Effect().reply(new Settled(all.groups()));
  }

  private Effect<GroupResult, Entities> look(Entities all, Look look) {
    return Effect()
        .reply(
            all.find(look.entityId())
                .map(kept -> new Seen(kept.stamp(), Entities.pack(kept, packing)))
                .orElse(new Seen(Stamp.NONE, new byte[0])));
  }

  private Entities.Live live(Entities all, String id) {
    var kept = all.find(id);
    if (kept.isPresent() && kept.get().live().isPresent()) {
      return kept.get().live().get();
    }
    var made = logic.apply(id);
    return new Entities.Live(
        made, kept.isEmpty() ? made.empty() : read("state", id, kept.get().packed()));
  }

  @SuppressWarnings("unchecked") // What a type's entities persist, they can handle.
  private Entities.Live append(Entities.Live live, Persist persist) {
    var handlers = (EntityLogic<Object, Object, Object>) live.logic();
    var events = new ArrayList<Object>();
    persist.events().forEach(bytes -> events.add(read("event", persist.entityId(), bytes)));
    return new Entities.Live(handlers, handlers.after(live.state(), events));
  }

  /** Another peer may be able to, so to go on without would let the states part. */
  private Object read(String what, String id, byte[] bytes) {
    try {
      return packing.unpack(bytes);
    } catch (RuntimeException e) {
      throw new Unreadable(
          "The " + what + " of entity " + id + " can't be read, so this peer can't go on: " + e, e);
    }
  }

  @Override
  public SnapshotFormat<Entities> snapshotFormat(Serialization same) {
    return new EntitiesFormat(serialization);
  }

  /** No answer to anybody: it stops the peer. */
  static final class Unreadable extends LinkageError {
    private static final long serialVersionUID = 1L;

    Unreadable(String message, Throwable cause) {
      super(message, cause);
    }
  }
}
