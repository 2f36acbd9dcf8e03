package io.pekkoraft.storage;

import io.pekkoraft.SnapshotFormat;
import io.pekkoraft.apply.Applier.HandedOver;
import io.pekkoraft.model.Bytes;
import io.pekkoraft.model.LogIndex;
import io.pekkoraft.model.LogPosition;
import io.pekkoraft.protocol.SelfMessage;
import io.pekkoraft.protocol.SnapshotWork.Appended;
import io.pekkoraft.protocol.SnapshotWork.Loaded;
import io.pekkoraft.protocol.SnapshotWork.NotReceived;
import io.pekkoraft.protocol.SnapshotWork.NotTaken;
import io.pekkoraft.protocol.SnapshotWork.Opened;
import io.pekkoraft.protocol.SnapshotWork.Received;
import io.pekkoraft.protocol.SnapshotWork.State;
import io.pekkoraft.protocol.SnapshotWork.Taken;
import io.pekkoraft.snapshot.SnapshotId;
import io.pekkoraft.snapshot.SnapshotMeta;
import io.pekkoraft.snapshot.SnapshotStore;
import io.pekkoraft.snapshot.file.ContentInput;
import io.pekkoraft.snapshot.file.ContentOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;

/**
 * Writes a peer's snapshots, its own and those that come from a leader, one thing after the other.
 * A child of the peer on a thread that may block, so that the peer itself never does (§7).
 */
public final class SnapshotWriter extends AbstractBehavior<SnapshotWriter.Command> {
  private final Supplier<SnapshotStore> place;
  private final SnapshotFormat<Object> format;
  private final Halt halt;
  private final ActorRef<SelfMessage> peer;
  private Optional<SnapshotStore> opened = Optional.empty();
  private Optional<SnapshotStore.Receiving> receiving = Optional.empty();

  /** Those made here that the peer may not have heard of when it last said which it wants. */
  private final SortedSet<SnapshotId> made = new TreeSet<>();

  /** What the peer asks for. */
  public sealed interface Command {}

  /** Reads the snapshot that the journal points at, and deletes all others. */
  public record Load(SnapshotMeta meta) implements Command {}

  /**
   * Writes a snapshot of the peer's own state.
   *
   * @param configuration the one in force at its position, with its version
   */
  public record Take(HandedOver state, Bytes configuration) implements Command {}

  /** Begins to receive, or goes on where it ended; nothing else is received any more. */
  public record Open(long attempt, SnapshotMeta meta) implements Command {}

  /** Adds a piece to what is being received. */
  public record Append(long attempt, long offset, Bytes content) implements Command {}

  /** All has come: makes it a snapshot and reads it. */
  public record Finish(long attempt) implements Command {}

  /** Deletes all snapshots but these, and those that are so new that the peer may not know them. */
  public record Retain(Collection<SnapshotId> ids) implements Command {}

  private SnapshotWriter(
      ActorContext<Command> context,
      Supplier<SnapshotStore> place,
      SnapshotFormat<Object> format,
      Halt halt,
      ActorRef<SelfMessage> peer) {
    super(context);
    this.place = place;
    this.format = format;
    this.halt = halt;
    this.peer = peer;
  }

  /**
   * @param place is opened when it is first needed
   * @param halt ends what is under way, if the peer stops
   * @param peer hears what comes of it
   */
  public static Behavior<Command> create(
      Supplier<SnapshotStore> place,
      SnapshotFormat<Object> format,
      Halt halt,
      ActorRef<SelfMessage> peer) {
    return Behaviors.setup(context -> new SnapshotWriter(context, place, format, halt, peer));
  }

  @Override
  public Receive<Command> createReceive() {
    return newReceiveBuilder()
        .onMessage(Append.class, this::onAppend)
        .onMessage(Take.class, this::onTake)
        .onMessage(Open.class, this::onOpen)
        .onMessage(Finish.class, this::onFinish)
        .onMessage(Retain.class, this::onRetain)
        .onMessage(Load.class, this::onLoad)
        .onSignal(PostStop.class, stop -> onStop())
        .build();
  }

  private SnapshotStore store() {
    if (opened.isEmpty()) {
      opened = Optional.of(place.get());
    }
    return opened.get();
  }

  private Behavior<Command> onLoad(Load load) throws IOException {
    var state = read(load.meta().id());
    store().retain(List.of(load.meta().id()));
    peer.tell(new Loaded(load.meta(), state));
    return this;
  }

  private State read(SnapshotId id) throws IOException {
    try (var reading = store().read(id)) {
      return SnapshotContent.read(format, halt.over(new ContentInput(reading)));
    }
  }

  private Behavior<Command> onTake(Take take) {
    var position = take.state().position();
    try (var writing = store().write(position, take.configuration())) {
      SnapshotContent.write(take.state(), format, halt.over(new ContentOutput(writing)));
      peer.tell(new Taken(made(writing.commit())));
    } catch (IOException | RuntimeException e) {
      peer.tell(new NotTaken(position, e.toString()));
    } finally {
      format.release(take.state().machine());
    }
    return this;
  }

  private Behavior<Command> onOpen(Open open) {
    close();
    try {
      var file = store().receive(open.meta());
      receiving = Optional.of(file);
      peer.tell(new Opened(open.attempt(), file.next()));
    } catch (RuntimeException e) {
      peer.tell(new NotReceived(open.attempt(), e.toString()));
    }
    return this;
  }

  private Behavior<Command> onAppend(Append append) {
    if (receiving.isEmpty()) {
      return this; // It failed before, and the peer was told.
    }
    try {
      receiving.get().append(append.offset(), append.content());
      peer.tell(new Appended(append.attempt(), receiving.get().next()));
    } catch (RuntimeException e) {
      close();
      peer.tell(new NotReceived(append.attempt(), e.toString()));
    }
    return this;
  }

  private Behavior<Command> onFinish(Finish finish) {
    if (receiving.isEmpty()) {
      return this;
    }
    try {
      var meta = receiving.get().commit();
      close();
      var state = read(meta.id()); // One that can't be read is not kept for the peer.
      peer.tell(new Received(finish.attempt(), made(meta), state));
    } catch (IOException | RuntimeException e) {
      close();
      peer.tell(new NotReceived(finish.attempt(), e.toString()));
    }
    return this;
  }

  private SnapshotMeta made(SnapshotMeta meta) {
    made.add(meta.id());
    return meta;
  }

  /**
   * The peer may have asked before it heard of the newest, which it will point its journal at. So
   * what is not older than all that it names stays, until it names something newer.
   *
   * <p>What can't be deleted now is deleted with the next one, or at the next start.
   */
  private Behavior<Command> onRetain(Retain retain) {
    var known = retain.ids().stream().map(SnapshotId::position).map(LogPosition::index);
    known.max(LogIndex::compareTo).ifPresent(this::forgetBefore);
    var kept = new ArrayList<>(retain.ids());
    kept.addAll(made);
    try {
      store().retain(kept);
    } catch (RuntimeException e) {
      getContext().getLog().warn("Old snapshots stay for now: {}", e.toString());
    }
    return this;
  }

  private void forgetBefore(LogIndex index) {
    made.removeIf(id -> index.isAfter(id.position().index()));
  }

  private void close() {
    receiving.ifPresent(SnapshotStore.Receiving::close);
    receiving = Optional.empty();
  }

  private Behavior<Command> onStop() {
    close();
    opened.ifPresent(SnapshotStore::close);
    return this;
  }
}
