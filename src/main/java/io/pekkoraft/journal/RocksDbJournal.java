package io.pekkoraft.journal;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.pekko.persistence.AtomicWrite;
import org.apache.pekko.persistence.PersistentRepr;
import org.apache.pekko.persistence.journal.Tagged;
import org.apache.pekko.persistence.journal.japi.AsyncWriteJournal;
import scala.concurrent.Future;
import scala.jdk.javaapi.CollectionConverters;

/**
 * The journal plugin {@code pekko-raft.rocksdb.journal}: between Pekko's events and the store's.
 */
final class RocksDbJournal extends AsyncWriteJournal {
  private final StoreExtension store = StoreExtension.of(context().system());
  private final Payloads payloads = new Payloads(context().system());

  @Override
  public Future<Iterable<Optional<Exception>>> doAsyncWriteMessages(Iterable<AtomicWrite> writes) {
    List<EventRecord> records = new ArrayList<>();
    List<Optional<Exception>> rejections = new ArrayList<>();
    for (AtomicWrite write : writes) {
      List<PersistentRepr> events = CollectionConverters.asJava(write.payload());
      try {
        records.addAll(events.stream().map(this::stored).toList());
        rejections.add(Optional.empty());
      } catch (Exception notSerializable) {
        events.forEach(event -> records.add(rejected(event)));
        rejections.add(Optional.of(notSerializable));
      }
    }
    return store.use(opened -> opened.events().append(records).thenApply(written -> rejections));
  }

  @Override
  public Future<Void> doAsyncDeleteMessagesTo(String persistenceId, long toSequenceNr) {
    return store.use(opened -> opened.events().deleteThrough(persistenceId, toSequenceNr));
  }

  @Override
  public Future<Void> doAsyncReplayMessages(
      String persistenceId,
      long fromSequenceNr,
      long toSequenceNr,
      long max,
      Consumer<PersistentRepr> replay) {
    return store.use(
        opened ->
            opened
                .events()
                .replay(
                    persistenceId,
                    fromSequenceNr,
                    toSequenceNr,
                    max,
                    stored -> replay.accept(event(stored))));
  }

  @Override
  public Future<Long> doAsyncReadHighestSequenceNr(String persistenceId, long fromSequenceNr) {
    return store.use(opened -> opened.events().highest(persistenceId));
  }

  private EventRecord stored(PersistentRepr event) {
    // Nothing here reads events by tag, so the tags are not kept; the event in them is.
    Object payload = event.payload() instanceof Tagged tagged ? tagged.payload() : event.payload();
    return new EventRecord.Stored(
        event.persistenceId(),
        event.sequenceNr(),
        event.timestamp(),
        event.writerUuid(),
        event.manifest(),
        payloads.serialize(payload),
        payloads.serialize(event.metadata()));
  }

  private static EventRecord rejected(PersistentRepr event) {
    return new EventRecord.Rejected(event.persistenceId(), event.sequenceNr());
  }

  private PersistentRepr event(EventRecord.Stored stored) {
    PersistentRepr event =
        PersistentRepr.apply(
                payloads.deserialize(stored.event()),
                stored.sequenceNr(),
                stored.persistenceId(),
                stored.adapterManifest(),
                false,
                null,
                stored.writer())
            .withTimestamp(stored.timestamp());
    return stored
        .metadata()
        .map(metadata -> event.withMetadata(payloads.deserialize(metadata)))
        .orElse(event);
  }
}
