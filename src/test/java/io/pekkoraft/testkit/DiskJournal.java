package io.pekkoraft.testkit;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.pekko.persistence.AtomicWrite;
import org.apache.pekko.persistence.PersistentRepr;
import org.apache.pekko.persistence.journal.japi.AsyncWriteJournal;
import org.apache.pekko.serialization.Serialization;
import org.apache.pekko.serialization.SerializationExtension;
import org.apache.pekko.serialization.Serializers;
import scala.concurrent.Future;
import scala.concurrent.Promise;
import scala.jdk.javaapi.CollectionConverters;

/** A Pekko Persistence journal on a {@link Disk}. Events go through their real serializers. */
public final class DiskJournal extends AsyncWriteJournal {
  private final Node node =
      Objects.requireNonNull(World.currentNode(), "No node runs on this thread.");
  private final Serialization serialization = SerializationExtension.get(context().system());

  @Override
  public Future<Iterable<Optional<Exception>>> doAsyncWriteMessages(Iterable<AtomicWrite> writes) {
    List<Disk.Record> records = new ArrayList<>();
    List<Optional<Exception>> noRejection = new ArrayList<>();
    for (AtomicWrite write : writes) {
      for (PersistentRepr event : CollectionConverters.asJava(write.payload())) {
        records.add(record(event));
      }
      noRejection.add(Optional.empty());
    }
    Promise<Iterable<Optional<Exception>>> promise = Promise.apply();
    node.disk()
        .write(
            node,
            records,
            new Disk.Waiting() {
              @Override
              public void done() {
                promise.success(noRejection);
              }

              @Override
              public void failed(IOException reason) {
                promise.failure(reason);
              }
            });
    return promise.future();
  }

  private Disk.Record record(PersistentRepr event) {
    var payload = event.payload();
    var serializer = serialization.findSerializerFor(payload);
    return new Disk.Record(
        event.persistenceId(),
        event.sequenceNr(),
        event.writerUuid(),
        payload,
        serializer.identifier(),
        Serializers.manifestFor(serializer, payload),
        serializer.toBinary(payload));
  }

  @Override
  public Future<Void> doAsyncDeleteMessagesTo(String persistenceId, long toSequenceNr) {
    return read(
        () -> {
          node.disk().deleteThrough(persistenceId, toSequenceNr);
          return null;
        });
  }

  @Override
  public Future<Void> doAsyncReplayMessages(
      String persistenceId,
      long fromSequenceNr,
      long toSequenceNr,
      long max,
      Consumer<PersistentRepr> replay) {
    return read(
        () -> {
          var events =
              node.disk().records(persistenceId).stream()
                  .filter(r -> r.sequenceNr() >= fromSequenceNr && r.sequenceNr() <= toSequenceNr)
                  .limit(max)
                  .toList();
          node.replays(events.size());
          events.forEach(record -> replay.accept(event(record)));
          return null;
        });
  }

  private PersistentRepr event(Disk.Record record) {
    return PersistentRepr.apply(
        record.read(serialization),
        record.sequenceNr(),
        record.persistenceId(),
        "",
        false,
        null,
        record.writer());
  }

  @Override
  public Future<Long> doAsyncReadHighestSequenceNr(String persistenceId, long fromSequenceNr) {
    return read(
        () -> {
          var records = node.disk().records(persistenceId);
          return records.isEmpty() ? 0L : records.get(records.size() - 1).sequenceNr();
        });
  }

  private <T> Future<T> read(Supplier<T> reading) {
    Promise<T> promise = Promise.apply();
    node.disk()
        .afterReading(
            node,
            () -> {
              try {
                promise.success(reading.get());
              } catch (RuntimeException e) {
                promise.failure(e);
              }
            });
    return promise.future();
  }
}
