package io.pekkoraft.role;

import io.pekkoraft.SnapshotFormat;
import io.pekkoraft.protocol.RaftMessage;
import io.pekkoraft.storage.Halt;
import io.pekkoraft.storage.SnapshotReader;
import io.pekkoraft.storage.SnapshotWriter;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.javadsl.ActorContext;

/**
 * The children of a peer that do its work on snapshots, which blocks.
 *
 * @param halt ends what they are at, when the peer stops
 */
record SnapshotDesk(
    ActorRef<SnapshotWriter.Command> writer, ActorRef<SnapshotReader.Command> reader, Halt halt) {
  static SnapshotDesk spawn(ActorContext<RaftMessage> context, PeerSetup setup) {
    var halt = new Halt();
    var self = context.getSelf();
    var store = setup.environment().snapshots();
    var blocking = DispatcherSelector.fromConfig(setup.settings().snapshots().dispatcher());
    @SuppressWarnings("unchecked") // Whatever the format gets is a state of its own machine.
    var format = (SnapshotFormat<Object>) setup.format();
    var writer =
        context.spawn(
            SnapshotWriter.create(store, format, halt, self.narrow()), "snapshots", blocking);
    var reader =
        context.spawn(SnapshotReader.create(store, self.narrow()), "snapshot-reader", blocking);
    context.watch(writer);
    context.watch(reader);
    return new SnapshotDesk(writer, reader, halt);
  }
}
