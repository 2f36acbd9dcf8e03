package io.pekkoraft.journal;

import com.typesafe.config.Config;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.function.Function;
import org.apache.pekko.actor.AbstractExtensionId;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.actor.ClassicActorSystemProvider;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.actor.Extension;
import org.apache.pekko.event.Logging;
import org.apache.pekko.event.LoggingAdapter;
import scala.concurrent.Future;
import scala.concurrent.Promise;

/**
 * The one store of an actor system, opened by the first plugin that starts and closed when all
 * actors have stopped. If it cannot be opened, each plugin logs that once, and every use of it
 * fails at once with the reason: actors that wait for a plugin that did not start would only time
 * out.
 */
public final class StoreExtension implements Extension {
  private static final Id ID = new Id();

  private final LoggingAdapter log;
  private final ReopeningStore store;
  private final RuntimeException notOpened;

  private StoreExtension(ExtendedActorSystem system) {
    log = Logging.getLogger(system, StoreExtension.class);
    Config config = system.settings().config().getConfig("pekko-raft.rocksdb");
    Executor readers = system.dispatchers().lookup(config.getString("read-dispatcher"));
    ReopeningStore opened = null;
    RuntimeException reason = null;
    try {
      StoreSettings settings = StoreSettings.of(config);
      var metrics = JournalMetrics.of(config.getString("metrics"), system);
      ReopeningStore reopening =
          new ReopeningStore(
              (first, onFailure) ->
                  first
                      ? Store.open(settings, system.name(), readers, metrics, onFailure)
                      : Store.reopen(settings, system.name(), readers, metrics, onFailure),
              readers,
              config.getDuration("reopen-backoff"),
              trouble -> log.error(trouble, trouble.getMessage()));
      opened = reopening;
      metrics.room(settings.directory().toFile()::getUsableSpace);
      metrics.queue(() -> reopening.queued().writes(), () -> reopening.queued().bytes());
      system.registerOnTermination(opened::close);
    } catch (RuntimeException e) {
      if (opened != null) {
        // The system has ended already, and nobody would close it.
        opened.close();
      }
      reason = e;
    }
    this.store = opened;
    this.notOpened = reason;
  }

  /**
   * Opens the store now and not at its first use, for whoever would rather not start than run
   * without it.
   *
   * @throws JournalException.NotOpened when it cannot be opened
   */
  public static void open(ClassicActorSystemProvider system) {
    var opened = ID.get(system);
    if (opened.notOpened != null) {
      throw opened.notOpened;
    }
  }

  static StoreExtension of(ActorSystem system) {
    var extension = ID.get(system);
    if (extension.notOpened != null) {
      extension.log.error(extension.notOpened, extension.notOpened.getMessage());
    }
    return extension;
  }

  /** Uses the store; what it cannot do becomes a failed future, whatever the reason. */
  <T> Future<T> use(Function<Store, CompletableFuture<T>> use) {
    Promise<T> promise = Promise.apply();
    try {
      if (notOpened != null) {
        throw notOpened;
      }
      store
          .use(use)
          .whenComplete(
              (value, failure) -> {
                if (failure == null) {
                  promise.success(value);
                } else {
                  promise.failure(causeOf(failure));
                }
              });
    } catch (Exception e) {
      // Serializers throw what they like, through Scala also what Java would have to declare.
      promise.failure(e);
    }
    return promise.future();
  }

  /** A stage behind the one that failed wraps the reason, which callers want to see. */
  private static Throwable causeOf(Throwable failure) {
    return failure instanceof CompletionException && failure.getCause() != null
        ? failure.getCause()
        : failure;
  }

  private static final class Id extends AbstractExtensionId<StoreExtension> {
    @Override
    public StoreExtension createExtension(ExtendedActorSystem system) {
      return new StoreExtension(system);
    }
  }
}
