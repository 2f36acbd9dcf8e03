package io.pekkoraft.sharding;

import io.pekkoraft.CommandHandler;
import io.pekkoraft.Effect;
import io.pekkoraft.SnapshotFormat;
import io.pekkoraft.StateMachine;
import io.pekkoraft.sharding.Entities.Packed;
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
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import org.apache.pekko.serialization.Serialization;

/**
 * What a group replicates: the events of its entities, each on the state that it was decided on. On
 * any other state it does nothing, and all peers alike.
 */
final class EntitiesMachine extends StateMachine<GroupCommand, GroupResult, Entities> {
  private static final int MOST_LOGICS = 16;

  private final Function<String, ? extends EntityLogic<?, ?, ?>> logic;
  private final Serialization serialization;
  private final Packing packing;
  private final int maxLive;
  private final Map<String, EntityLogic<?, ?, ?>> logics = new LinkedHashMap<>(16, 0.75f, true);

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
    return Effect()
        .set(all.with(id, persist.next(), after(all, persist)).passivated(maxLive, packing))
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

  /** Handlers are ten times the size of a small state, so they are kept for the last few alone. */
  private EntityLogic<?, ?, ?> logicOf(String id) {
    var known = logics.get(id);
    if (known == null) {
      known = logic.apply(id);
      logics.put(id, known);
      if (logics.size() > MOST_LOGICS) {
        logics.remove(logics.keySet().iterator().next());
      }
    }
    return known;
  }

  /**
   * The node that decided on the events could apply them, and so can other peers: to go on without
   * would let the states part.
   */
  private Object after(Entities all, Persist persist) {
    var id = persist.entityId();
    try {
      var handlers = logicOf(id);
      return append(handlers, state(all, id, handlers), persist);
    } catch (Exception | AssertionError e) {
      throw new NotApplicable(
          "The events of entity "
              + id
              + " can't be applied here, though they could where they were decided, so this peer"
              + " can't go on. Is a class or a serializer of the application missing, or is this an"
              + " older version of it? "
              + e,
          e);
    }
  }

  private Object state(Entities all, String id, EntityLogic<?, ?, ?> handlers) {
    var kept = all.find(id);
    if (kept.isEmpty()) {
      return handlers.empty();
    }
    return kept.get().state() instanceof Packed packed
        ? packing.unpack(packed.bytes())
        : kept.get().state();
  }

  @SuppressWarnings("unchecked") // What a type's entities persist, they can handle.
  private Object append(EntityLogic<?, ?, ?> logic, Object state, Persist persist) {
    var handlers = (EntityLogic<Object, Object, Object>) logic;
    var events = new ArrayList<Object>();
    persist.events().forEach(bytes -> events.add(packing.unpack(bytes)));
    return handlers.after(state, events);
  }

  @Override
  public SnapshotFormat<Entities> snapshotFormat(Serialization same) {
    return new EntitiesFormat(serialization);
  }

  /** No answer to anybody, as an exception of a handler would be: it stops the peer. */
  static final class NotApplicable extends Error {
    private static final long serialVersionUID = 1L;

    NotApplicable(String message, Throwable cause) {
      super(message, cause);
    }
  }
}
