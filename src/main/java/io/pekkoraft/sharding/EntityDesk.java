package io.pekkoraft.sharding;

import io.pekkoraft.RaftException.CommandFailed;
import io.pekkoraft.RaftException.CommandRefused;
import io.pekkoraft.RaftException.NotLeader;
import io.pekkoraft.RaftException.OutcomeUnknown;
import io.pekkoraft.RaftException.Overloaded;
import io.pekkoraft.sharding.GroupCommand.Persist;
import io.pekkoraft.sharding.GroupResult.Checked;
import io.pekkoraft.sharding.GroupResult.Persisted;
import io.pekkoraft.sharding.GroupResult.Seen;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Where the commands of one entity are decided, ahead of what is committed.
 *
 * <pre>
 *            deliver                looked                     not as it was thought
 *   EMPTY ────────────▶ LOADING ────────────▶ OPEN ──────────────────────────▶ DRAINING
 *     ▲                                                                           │
 *     └───────────── all that were on their way have an answer ───────────────────┘
 * </pre>
 *
 * <p>When a write or a read turns out to have been decided on a state that is not, or when nobody
 * can tell what became of it, no more are decided until all that are on their way have an answer.
 * Those that surely did nothing are then decided anew, in their order, on the state that is there;
 * elsewhere, if another node leads the group by then.
 */
final class EntityDesk<Command, Event, State> {
  private final String id;
  private final EntityLogic<Command, Event, State> logic;
  private final Packing packing;
  private final Group group;
  private final LongSupplier lineages;
  private final Limits limits;

  private final Deque<Delivery> waiting = new ArrayDeque<>();
  private Optional<Consumer<Delivery>> elsewhere = Optional.empty();
  private final Map<Long, Pending> pending = new LinkedHashMap<>();
  private Phase phase = Phase.EMPTY;
  private long serial;
  private Stamp loaded = Stamp.NONE;
  private Stamp tip = Stamp.NONE;
  private long lineage;
  private State state;
  private boolean packable;
  private boolean asked;

  private enum Phase {
    EMPTY,
    LOADING,
    OPEN,
    DRAINING
  }

  /**
   * @param maxInFlight commands that are decided and not yet answered
   * @param maxWaiting commands that are not yet decided
   * @param maxAttempts how often one is decided anew
   */
  record Limits(int maxInFlight, int maxWaiting, int maxAttempts) {}

  /** The way to the group; the answers come to {@link #answered} under the same number. */
  interface Group {
    void ask(EntityDesk<?, ?, ?> desk, long serial, GroupCommand command);
  }

  private static final class Pending {
    private final Delivery delivery;
    private final boolean write;
    private final Runnable reply;
    private Verdict verdict = Verdict.NONE;
    private Throwable failure;

    private Pending(Delivery delivery, boolean write, Runnable reply) {
      this.delivery = delivery;
      this.write = write;
      this.reply = reply;
    }
  }

  private enum Verdict {
    NONE,
    DONE,
    /** Nothing happened, for it was decided on another state. */
    MISMATCH,
    FAILED
  }

  EntityDesk(
      String id,
      EntityLogic<Command, Event, State> logic,
      Packing packing,
      Group group,
      LongSupplier lineages,
      Limits limits) {
    this.id = id;
    this.logic = logic;
    this.packing = packing;
    this.group = group;
    this.lineages = lineages;
    this.limits = limits;
    this.state = logic.empty();
  }

  /** Whether nobody waits for anything here. */
  boolean isIdle() {
    return waiting.isEmpty() && pending.isEmpty();
  }

  /** Whether nobody has asked since this was asked last; whatever it knows it can find anew. */
  boolean isForgotten() {
    var forgotten = isIdle() && !asked;
    asked = false;
    return forgotten;
  }

  /** Whether all is over here: nobody waits, and nobody will. */
  boolean isHandedOver() {
    return elsewhere.isPresent() && isIdle();
  }

  /**
   * Decides no more here: who waits goes to {@code next}, now or when it is known that nothing came
   * of it; until the next command comes here all the same.
   */
  void handOver(Consumer<Delivery> next) {
    elsewhere = Optional.of(next);
    goOn();
  }

  void deliver(Delivery delivery) {
    elsewhere = Optional.empty();
    asked = true;
    if (waiting.size() >= limits.maxWaiting()) {
      delivery.fail(
          new Overloaded(
              waiting.size()
                  + " commands wait for entity "
                  + id
                  + " (pekko-raft.sharding.max-waiting)."));
      return;
    }
    waiting.addLast(delivery);
    goOn();
  }

  /**
   * What the group said.
   *
   * @param result null when there is a {@code failure}
   */
  void answered(long number, GroupResult result, Throwable failure) {
    if (phase == Phase.LOADING) {
      looked(result, failure);
    } else {
      var answered = pending.get(number);
      answered.failure = failure;
      answered.verdict = failure == null ? verdict(result) : Verdict.FAILED;
      if (answered.verdict != Verdict.DONE) {
        phase = Phase.DRAINING;
      }
    }
    goOn();
  }

  private Verdict verdict(GroupResult result) {
    var asThought =
        result instanceof Persisted
            || result instanceof Checked checked && isOurs(checked.current());
    return asThought ? Verdict.DONE : Verdict.MISMATCH;
  }

  /** Whether nobody else has changed the entity since it was loaded. */
  private boolean isOurs(Stamp current) {
    return current.equals(loaded) || current.lineage() == lineage;
  }

  private void goOn() {
    if (phase == Phase.DRAINING) {
      if (pending.values().stream().anyMatch(any -> any.verdict == Verdict.NONE)) {
        return;
      }
      drain();
      phase = Phase.EMPTY;
    }
    if (phase == Phase.OPEN) {
      reply();
    }
    if (elsewhere.isPresent()) {
      var going = new ArrayList<>(waiting);
      waiting.clear();
      going.forEach(elsewhere.get());
    }
    if (phase == Phase.OPEN) {
      while (!waiting.isEmpty() && pending.size() < limits.maxInFlight()) {
        decide(waiting.removeFirst());
      }
    }
    if (phase == Phase.EMPTY && !waiting.isEmpty()) {
      phase = Phase.LOADING;
      group.ask(this, ++serial, new GroupCommand.Look(id));
    }
  }

  private void looked(GroupResult result, Throwable failure) {
    try {
      if (failure != null) {
        throw failure;
      }
      var seen = (Seen) result;
      state = seen.state().length == 0 ? logic.empty() : read(seen.state());
      loaded = seen.current();
      tip = loaded;
      lineage = lineages.getAsLong();
      packable = false;
      phase = Phase.OPEN;
    } catch (Throwable reason) {
      phase = Phase.EMPTY;
      var all = new ArrayList<>(waiting);
      waiting.clear();
      for (var delivery : all) {
        if (mayWait(delivery, reason)) {
          waiting.addLast(delivery);
        } else {
          delivery.fail(reason);
        }
      }
    }
  }

  /** While nobody leads commands wait, each as long as its asker. */
  private static boolean mayWait(Delivery delivery, Throwable reason) {
    return reason instanceof NotLeader && !delivery.isLate();
  }

  @SuppressWarnings("unchecked") // It is a state of this very entity.
  private State read(byte[] bytes) {
    return (State) packing.unpack(bytes);
  }

  /** In their order: a read on events that are not committed waits for them. */
  private void reply() {
    var next = pending.values().iterator();
    while (next.hasNext()) {
      var first = next.next();
      if (first.verdict != Verdict.DONE) {
        return;
      }
      next.remove();
      first.reply.run();
    }
  }

  private void decide(Delivery delivery) {
    ReplyEffect<Event, State> effect;
    State after;
    Persist write;
    try {
      @SuppressWarnings("unchecked") // A command of another type fails like any unknown command.
      var command = (Command) delivery.command();
      effect = logic.commands().apply(state, command);
      after = logic.after(state, effect.events());
      write = effect.events().isEmpty() ? null : pack(effect, after);
    } catch (CommandRefused refused) {
      look(delivery, () -> delivery.fail(refused));
      return;
    } catch (Exception | AssertionError e) {
      // It tells something of the state, so it waits as any other reply.
      var failure = new CommandFailed("The command handler failed: " + e, e);
      look(delivery, () -> delivery.fail(failure));
      return;
    }
    if (write == null) {
      look(delivery, () -> answer(delivery, effect, after));
      return;
    }
    state = after;
    tip = write.next();
    pending.put(++serial, new Pending(delivery, true, () -> answer(delivery, effect, after)));
    group.ask(this, serial, write);
  }

  /** A reply that fails is no reason for others to wait. */
  private void answer(Delivery delivery, ReplyEffect<Event, State> effect, State after) {
    try {
      effect.reply().accept(after);
      delivery.served();
    } catch (Exception | AssertionError e) {
      delivery.fail(new CommandFailed("The command took effect, but its reply failed: " + e, e));
    }
  }

  private void look(Delivery delivery, Runnable reply) {
    pending.put(++serial, new Pending(delivery, false, reply));
    group.ask(this, serial, new GroupCommand.Check(id));
  }

  /** What can't be read again would stop every peer, once it is committed. */
  private Persist pack(ReplyEffect<Event, State> effect, State after) {
    try {
      var events = new ArrayList<byte[]>();
      for (var event : effect.events()) {
        var bytes = packing.pack(event);
        packing.unpack(bytes);
        events.add(bytes);
      }
      if (!packable) {
        packing.unpack(packing.pack(after));
        packable = true;
      }
      return new Persist(id, tip, lineage, events);
    } catch (Exception e) {
      throw new CommandRefused(
          CommandRefused.Reason.NOT_SERIALIZABLE,
          "An event or the state of entity "
              + id
              + " can't be serialized and read again; let it be a record that implements"
              + " CborSerializable, or bind a serializer: "
              + e,
          e);
    }
  }

  /** All have an answer, and not all are as it was thought. */
  private void drain() {
    var all = new ArrayList<>(pending.values());
    pending.clear();
    var lastDone = -1;
    for (var i = 0; i < all.size(); i++) {
      if (all.get(i).write && all.get(i).verdict == Verdict.DONE) {
        lastDone = i;
      }
    }
    var again = new ArrayDeque<Delivery>();
    var lost = false;
    for (var i = 0; i < all.size(); i++) {
      var next = all.get(i);
      // A write that is there has all before it beneath it, whatever was said of those.
      var beneath = next.write && i < lastDone && next.failure instanceof OutcomeUnknown;
      lost |= next.write && i > lastDone;
      if (beneath || next.verdict == Verdict.DONE && !lost) {
        next.reply.run();
      } else if (next.verdict == Verdict.FAILED && !mayWait(next.delivery, next.failure)) {
        next.delivery.fail(next.failure);
      } else if (next.delivery.attempts() >= limits.maxAttempts()) {
        next.delivery.fail(
            next.verdict == Verdict.FAILED
                ? next.failure
                : new Overloaded(
                    "Others changed entity " + id + " each time before this command could."));
      } else {
        again.addLast(next.delivery.onceMore());
      }
    }
    while (!again.isEmpty()) {
      waiting.addFirst(again.removeLast());
    }
  }
}
