package io.pekkoraft.journal;

import io.pekkoraft.journal.Snapshots.Selection;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.japi.pf.ReceiveBuilder;
import org.apache.pekko.persistence.SaveSnapshotFailure;
import org.apache.pekko.persistence.SelectedSnapshot;
import org.apache.pekko.persistence.SnapshotMetadata;
import org.apache.pekko.persistence.SnapshotSelectionCriteria;
import org.apache.pekko.persistence.snapshot.japi.SnapshotStore;
import scala.PartialFunction;
import scala.concurrent.Future;
import scala.runtime.BoxedUnit;

/**
 * The snapshot plugin {@code pekko-raft.rocksdb.snapshot-store}: between Pekko's snapshots and the
 * store's.
 */
final class RocksDbSnapshotStore extends SnapshotStore {
  private final StoreExtension store = StoreExtension.of(context().system());
  private final Payloads payloads = new Payloads(context().system());
  private SnapshotMetadata notSaved;

  @Override
  public Future<Optional<SelectedSnapshot>> doLoadAsync(
      String persistenceId, SnapshotSelectionCriteria criteria) {
    return store.use(
        opened ->
            opened
                .snapshots()
                .load(persistenceId, selection(criteria))
                .thenApply(found -> found.map(this::selected)));
  }

  @Override
  public Future<Void> doSaveAsync(SnapshotMetadata metadata, Object snapshot) {
    return store.use(
        opened ->
            opened
                .snapshots()
                .save(
                    new SnapshotRecord(
                        metadata.persistenceId(),
                        metadata.sequenceNr(),
                        metadata.timestamp(),
                        payloads.serialize(snapshot),
                        payloads.serialize(metadata.metadata()))));
  }

  @Override
  public Future<Void> doDeleteAsync(SnapshotMetadata metadata) {
    if (metadata == notSaved) {
      notSaved = null;
      return store.use(opened -> CompletableFuture.completedFuture(null));
    }
    long timestamp = metadata.timestamp();
    var one =
        new Selection(
            metadata.sequenceNr(),
            metadata.sequenceNr(),
            timestamp,
            timestamp == 0 ? Long.MAX_VALUE : timestamp);
    return store.use(opened -> opened.snapshots().delete(metadata.persistenceId(), one));
  }

  @Override
  public Future<Void> doDeleteAsync(String persistenceId, SnapshotSelectionCriteria criteria) {
    return store.use(opened -> opened.snapshots().delete(persistenceId, selection(criteria)));
  }

  /**
   * After a save that failed Pekko has the snapshot deleted, by its sequence number alone. Here a
   * failed save leaves nothing behind, and the deletion would hit an older snapshot with the same
   * number, which may be the only one.
   */
  @Override
  public PartialFunction<Object, BoxedUnit> receivePluginInternal() {
    return ReceiveBuilder.create()
        .match(SaveSnapshotFailure.class, failure -> notSaved = failure.metadata())
        .build()
        .onMessage();
  }

  private SelectedSnapshot selected(SnapshotRecord found) {
    var metadata =
        new SnapshotMetadata(found.persistenceId(), found.sequenceNr(), found.timestamp());
    return new SelectedSnapshot(
        found
            .metadata()
            .map(extra -> metadata.withMetadata(payloads.deserialize(extra)))
            .orElse(metadata),
        payloads.deserialize(found.snapshot()));
  }

  private static Selection selection(SnapshotSelectionCriteria criteria) {
    return new Selection(
        criteria.minSequenceNr(),
        criteria.maxSequenceNr(),
        criteria.minTimestamp(),
        criteria.maxTimestamp());
  }
}
