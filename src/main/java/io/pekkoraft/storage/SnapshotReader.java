package io.pekkoraft.storage;

import io.pekkoraft.protocol.SelfMessage;
import io.pekkoraft.protocol.SnapshotWork.SliceNotRead;
import io.pekkoraft.protocol.SnapshotWork.SliceRead;
import io.pekkoraft.snapshot.SnapshotId;
import io.pekkoraft.snapshot.SnapshotSender.Slice;
import io.pekkoraft.snapshot.SnapshotStore;
import java.util.Collection;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;

/**
 * Reads what a leader sends of its snapshots. Apart from the {@link SnapshotWriter}, for a follower
 * must not wait until the leader has written its next one.
 */
public final class SnapshotReader extends AbstractBehavior<SnapshotReader.Command> {
  private final Supplier<SnapshotStore> store;
  private final ActorRef<SelfMessage> peer;
  private final SortedMap<SnapshotId, SnapshotStore.Reading> open = new TreeMap<>();

  /** What the peer asks for. */
  public sealed interface Command {}

  public record Read(SnapshotId id, Slice slice) implements Command {}

  /** Only these are still wanted. */
  public record Keep(Collection<SnapshotId> ids) implements Command {}

  private SnapshotReader(
      ActorContext<Command> context, Supplier<SnapshotStore> store, ActorRef<SelfMessage> peer) {
    super(context);
    this.store = store;
    this.peer = peer;
  }

  public static Behavior<Command> create(
      Supplier<SnapshotStore> store, ActorRef<SelfMessage> peer) {
    return Behaviors.setup(context -> new SnapshotReader(context, store, peer));
  }

  @Override
  public Receive<Command> createReceive() {
    return newReceiveBuilder()
        .onMessage(Read.class, this::onRead)
        .onMessage(Keep.class, this::onKeep)
        .onSignal(PostStop.class, stop -> onStop())
        .build();
  }

  private Behavior<Command> onRead(Read read) {
    var slice = read.slice();
    try {
      var reading = open.computeIfAbsent(read.id(), id -> store.get().read(id));
      peer.tell(new SliceRead(slice, reading.read(slice.offset(), slice.size())));
    } catch (RuntimeException e) {
      peer.tell(new SliceNotRead(slice, e.toString()));
    }
    return this;
  }

  private Behavior<Command> onKeep(Keep keep) {
    open.entrySet()
        .removeIf(
            reading -> {
              var unwanted = !keep.ids().contains(reading.getKey());
              if (unwanted) {
                reading.getValue().close();
              }
              return unwanted;
            });
    return this;
  }

  private Behavior<Command> onStop() {
    open.values().forEach(SnapshotStore.Reading::close);
    return this;
  }
}
